"""Decisions of officers, for their supervisors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.dependencies import Call, calling
from api.doing_once import Done, DoneOnce
from api.errors import described
from api.paging import AskedPage, Page
from api.routes.reviews import desk_of
from api.shapes.reviews import DecisionOut, NoteIn
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.reviewing import review_desk

router = APIRouter(prefix="/v1/decisions", tags=["reviews"], route_class=InOneThread)

Supervisor = Annotated[Call, Depends(calling(Permission.SUPERVISE_REVIEWS))]


@router.get("", summary="Decisions", responses=described(400, 401, 403, 422))
def read_many(call: Supervisor, page: AskedPage) -> Page[DecisionOut]:
    """Decisions of all officers, the latest first, undone ones included."""
    found = review_desk.decisions(call.session, page.limit, page.behind)
    return page.page(found, DecisionOut.of, lambda decision: decision.id)


@router.post(
    "/{number}/undo",
    summary="Undo a decision",
    response_model=DecisionOut,
    responses=described(401, 403, 404, 422),
)
def undo(
    number: Annotated[int, InPath(ge=1, le=2**63 - 1)],
    asked: NoteIn,
    call: Supervisor,
    once: DoneOnce,
) -> Response:
    """Undo anybody's decision: links, enrolments and SP IDs are as they were before."""

    def act() -> Done:
        desk = desk_of(call, asked.purpose)
        return Done(DecisionOut.of(review_desk.undo(call.session, number, asked.note, desk)))

    return once.run(call.whole, (asked.model_dump_json(),), act)
