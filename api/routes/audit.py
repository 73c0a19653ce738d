"""The audit, for auditors' systems: who read or changed whose data, why, through which door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.dependencies import Call, Purpose, calling
from api.errors import described
from api.paging import AskedPage, Page
from api.schemas import WITHOUT_NUL, Moment
from api.shapes.audit import EntryOut
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.auditing import audit_reports
from registry.auditing.audit_reports import Reading, Wanted
from registry.errors import NotFound
from registry.people import persons
from registry.sp_id import parse

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=InOneThread)

Auditor = Annotated[Call, Depends(calling(Permission.READ_AUDIT))]
Words = Query(max_length=100, pattern=WITHOUT_NUL)


@dataclass(frozen=True)
class _Asked:
    """Which entries are asked for."""

    actor: Annotated[str | None, Words] = None
    door: Annotated[str | None, Words] = None
    sp_id: Annotated[str | None, Query(max_length=20, description="Whose data.")] = None
    since: Moment | None = None
    until: Annotated[Moment | None, Query(description="Entries before this.")] = None

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """From when and before when."""
        return self.since, self.until


@router.get("", summary="Who read or changed what", responses=described(400, 401, 403, 404, 422))
def read_many(
    purpose: Purpose, call: Auditor, page: AskedPage, asked: Annotated[_Asked, Depends()]
) -> Page[EntryOut]:
    """Entries, the latest first; reading them is recorded too."""
    since, until = asked.times
    wanted = Wanted(
        actor=asked.actor, door=asked.door, person=_person(call, asked.sp_id), since=since,
        until=until, before=page.behind, count=page.limit,
    )  # fmt: skip
    found = audit_reports.entries(
        call.session, wanted, Reading(call.caller.name, purpose, call.now)
    )
    known = audit_reports.sp_ids(call.session, found.entries)
    entries = [EntryOut.of(entry, known) for entry in found.entries]
    return Page[EntryOut](items=entries, next=page.cursor(found.next))


def _person(call: Call, sp_id: str | None) -> int | None:
    """The person whose SP ID is asked for.

    Raises:
        NotFound: there is none of that number.
    """
    if sp_id is None:
        return None
    number = parse(sp_id)
    if number is None:
        raise NotFound
    return persons.find(call.session, number).id
