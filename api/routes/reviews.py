"""Reviews: what waits for an officer, claimed one at a time, spoken on, taken back."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.dependencies import Call, Purpose, calling
from api.doing_once import Done, DoneOnce
from api.errors import described
from api.matching_versions import IfMatch, entity_tag, require
from api.paging import AskedPage, Page
from api.shapes.reviews import NoteIn, PairOut, ReviewOut, VerdictIn, WithPurpose, WordOut
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.people.reviews import Review
from registry.reviewing import review_desk
from registry.reviewing.review_desk import Desk
from registry.reviewing.review_queue import Statement

router = APIRouter(prefix="/v1/reviews", tags=["reviews"], route_class=InOneThread)

WAIT_SECONDS = "60"
Officer = Annotated[Call, Depends(calling(Permission.DECIDE_REVIEWS))]
Number = Annotated[int, InPath(ge=1, le=2**63 - 1)]


def desk_of(call: Call, purpose: str) -> Desk:
    """The desk of who calls."""
    is_supervisor = call.caller.may(Permission.SUPERVISE_REVIEWS)
    return Desk(call.reader(purpose), is_supervisor=is_supervisor)


@router.post(
    "/next", summary="Claim what waits first", response_model=PairOut,
    responses={204: {"description": "Nothing waits."}, **described(401, 403, 422)},
)  # fmt: skip
def take_next(asked: WithPurpose, call: Officer, response: Response) -> PairOut | Response:
    """Hold the review that waits first for a quarter of an hour; the one held, if one is."""
    desk = desk_of(call, asked.purpose)
    found = review_desk.take_next(call.session, desk)
    if found is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Retry-After": WAIT_SECONDS})
    response.headers["ETag"] = _tag(found.review)
    return PairOut.of(found)


@router.get("/words", summary="What the officer said", responses=described(400, 401, 403, 422))
def read_words(call: Officer, page: AskedPage) -> Page[WordOut]:
    """The officer's own words, the latest first."""
    desk = desk_of(call, "own words")
    found = review_desk.words(call.session, desk, page.behind)
    return page.page(found, WordOut.of, lambda said: said.opinion.id)


@router.post(
    "/words/{number}/undo", summary="Take a word back", response_model=ReviewOut,
    responses={
        204: {"description": "Undone; nothing waits on these records."},
        **described(401, 403, 404, 409, 422),
    },
)  # fmt: skip
def take_back(number: Number, asked: NoteIn, call: Officer, once: DoneOnce) -> Response:
    """Undo what the officer said; the review waits again."""

    def act() -> Done:
        desk = desk_of(call, asked.purpose)
        review = review_desk.take_back(call.session, number, asked.note, desk)
        return Done(None, HTTPStatus.NO_CONTENT) if review is None else Done(ReviewOut.of(review))

    return once.run(call.whole, (asked.model_dump_json(),), act)


@router.get("/{number}", summary="Look at a pair", responses=described(401, 403, 404, 422))
def read(
    number: Number, purpose: Purpose, call: Officer,
    response: Response,
) -> PairOut:  # fmt: skip
    """Both records of a review, their households, and who else they may be; it is recorded."""
    found = review_desk.look(call.session, number, desk_of(call, purpose))
    response.headers["ETag"] = _tag(found.review)
    return PairOut.of(found)


@router.post(
    "/{number}/release", summary="Give a review back", status_code=204,
    responses=described(401, 403, 404, 422),
)  # fmt: skip
def release(number: Number, call: Officer) -> None:
    """Let others have it; nothing happens when it is not held by the officer."""
    review_desk.release(call.session, number, desk_of(call, "release"))


@router.post(
    "/{number}/words", summary="Say what the records are", response_model=ReviewOut,
    responses=described(401, 403, 404, 409, 412, 422, 428),
)  # fmt: skip
def speak(
    number: Number, asked: VerdictIn, call: Officer, once: DoneOnce, if_match: IfMatch = None
) -> Response:
    """Say whether two records are of one person, on the version that was seen."""

    def act() -> Done:
        version = _version(number, if_match)
        said = Statement(number, version, call.caller.name, asked.verdict, asked.note)
        review = review_desk.speak(call.session, said, desk_of(call, asked.purpose))
        return Done(ReviewOut.of(review), headers=(("ETag", _tag(review)),))

    return once.run(call.whole, (if_match or "", asked.model_dump_json()), act)


def _tag(review: Review) -> str:
    return entity_tag(review.id, review.version)


def _version(number: int, if_match: str | None) -> int:
    """The version of a review in its ETag; -1, which no review has, for another thing's."""
    require(if_match, if_match or "")
    kept, _, version = (if_match or "").strip().strip('"').partition("-")
    return int(version) if kept == str(number) and version.isdecimal() else -1
