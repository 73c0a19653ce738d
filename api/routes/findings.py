"""Findings, and referrals of people who may be missing a benefit."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath

from api.dependencies import Call, Purpose, calling
from api.errors import described
from api.paging import AskedPage, Page, Paging
from api.schemas import WITHOUT_NUL
from api.shapes.findings import FindingOut
from api.shapes.reviews import NoteIn
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.reviewing import finding_work
from registry.reviewing.finding_work import Wanted

router = APIRouter(prefix="/v1", tags=["findings"], route_class=InOneThread)

Officer = Annotated[Call, Depends(calling(Permission.READ_FINDINGS))]
Closer = Annotated[Call, Depends(calling(Permission.CLOSE_FINDINGS))]
PROBLEMS = described(400, 401, 403, 404, 422)


@dataclass(frozen=True)
class _Asked:
    page: Paging
    kind: str | None
    is_open: bool

    def wanted(self, *, is_referral: bool) -> Wanted:
        """As the registry asks it."""
        return Wanted(
            is_referral=is_referral, kind=self.kind, is_open=self.is_open, limit=self.page.limit,
            behind=self.page.behind,
        )  # fmt: skip


async def _asked(
    page: AskedPage,
    kind: Annotated[str | None, Query(max_length=40, pattern=WITHOUT_NUL)] = None,
    *,
    is_open: Annotated[
        bool, Query(alias="open", description="Those that nobody closed, or the others.")
    ] = True,
) -> _Asked:
    return _Asked(page, kind, is_open)


Asked = Annotated[_Asked, Depends(_asked)]


@router.get("/findings", summary="What to look at", responses=PROBLEMS)
def read_findings(purpose: Purpose, call: Officer, asked: Asked) -> Page[FindingOut]:
    """Findings in the order in which they were opened; reading them is recorded."""
    wanted = asked.wanted(is_referral=False)
    found = finding_work.page(call.session, wanted, call.reader(purpose))
    return asked.page.page(found, FindingOut.of, lambda one: one.finding.id)


@router.get("/referrals", summary="Who may be missing a benefit", responses=PROBLEMS)
def read_referrals(purpose: Purpose, call: Officer, asked: Asked) -> Page[FindingOut]:
    """Referrals in the order in which they were opened; reading them is recorded."""
    wanted = asked.wanted(is_referral=True)
    found = finding_work.page(call.session, wanted, call.reader(purpose))
    return asked.page.page(found, FindingOut.of, lambda one: one.finding.id)


@router.post(
    "/findings/{number}/close", summary="Nothing more is needed",
    responses=described(401, 403, 404, 422),
)  # fmt: skip
def close(
    number: Annotated[int, InPath(ge=1, le=2**63 - 1)], asked: NoteIn, call: Closer
) -> FindingOut:
    """Close a finding or referral; closing it again changes nothing."""
    reader = call.reader(asked.purpose)
    return FindingOut.of(finding_work.close(call.session, number, asked.note, reader))
