"""The audit, for auditors: who read or changed whose data, and whether the record is whole."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Response
from pydantic import BaseModel, BeforeValidator, StringConstraints
from sqlalchemy.orm import Session

from api.pages.forms import FormFromHere
from api.pages.languages import PLACE
from api.pages.readers import Desk, desk_of
from api.pages.rendering import Page, PageRoute, render
from registry.access.roles import Permission
from registry.auditing import audit_chain, audit_reports
from registry.auditing.audit_reports import Reading, Wanted
from registry.errors import NotFound
from registry.people import persons
from registry.sp_id import parse

ROWS: Final = 50
AuditDesk = Annotated[Desk, Depends(desk_of(Permission.READ_AUDIT))]
Perhaps = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None,
    BeforeValidator(lambda value: value or None),
]
Day = Annotated[
    Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
    BeforeValidator(lambda value: value or None),
]

router = APIRouter(prefix="/audit", route_class=PageRoute, include_in_schema=False)


class Search(BaseModel):
    """What an auditor looks for, and why."""

    purpose: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
    actor: Perhaps = None
    sp_id: Perhaps = None
    since: Day = None
    until: Day = None
    before: int | None = None
    form_token: str = ""


@router.get("")
def ask(at: AuditDesk) -> Response:
    """The search form."""
    return _page(at)


@router.post("", dependencies=[FormFromHere])
def search(at: AuditDesk, form: Annotated[Search, Form()]) -> Response:
    """Entries, the newest first; the search is recorded with its purpose."""
    try:
        wanted = _wanted(at.session, form)
    except (NotFound, ValueError):
        return _page(at, search=form, wrong=True)
    reading = Reading(at.reader.name, form.purpose, at.now)
    found = audit_reports.entries(at.session, wanted, reading)
    return _page(at, search=form, found=found)


@router.post("/verify", dependencies=[FormFromHere])
def verify(at: AuditDesk) -> Response:
    """Whether every entry is there, unchanged and in its place."""
    return _page(at, chain=audit_chain.verify(at.session))


def _page(at: Desk, **values: object) -> Response:
    """The search form, and what was found if something was asked."""
    shown = {"search": None, "found": None, "wrong": None, "chain": None, **values}
    return render(at.request, Page("audit.html", shown, 422 if shown["wrong"] else 200))


def _wanted(session: Session, form: Search) -> Wanted:
    """What is asked for.

    Raises:
        NotFound: the SP ID was never issued.
        ValueError: a day is none.
    """
    number = None if form.sp_id is None else parse(form.sp_id)
    if form.sp_id is not None and number is None:
        raise NotFound
    return Wanted(
        actor=form.actor,
        person=None if number is None else persons.find(session, number).id,
        since=_day(form.since),
        until=_day(form.until, timedelta(days=1)),
        before=form.before,
        count=ROWS,
    )


def _day(text: str | None, later: timedelta = timedelta()) -> datetime | None:
    """The first moment of a day in Cambodia, or of one some time later."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=PLACE) + later
