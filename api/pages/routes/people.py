"""People: searched for by what stands in a form, never in an address; read by SP ID."""

from dataclasses import dataclass
from typing import Annotated, Final

import segno
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from api.dependencies import CoverageRules
from api.pages import readers, timeline
from api.pages.birth_dates import BirthDate
from api.pages.forms import FormFromHere
from api.pages.languages import PLACE
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import FINDINGS, HAPPENINGS, LINKS, PURPOSES, RELATIONSHIPS, SEXES, VALUES
from registry.access.roles import Permission
from registry.auditing import audit_reports
from registry.auditing.audit_reports import Reading
from registry.entitlements.counter import Typed
from registry.errors import NotFound
from registry.lookups import officer_search, profile
from registry.lookups.lookup import Reader
from registry.sp_id import SpId, parse

REASON: Final = "reason_to_look"

router = APIRouter(prefix="/people", route_class=PageRoute, include_in_schema=False)
Desk = Annotated[readers.Desk, Depends(readers.desk_of(Permission.READ_PERSONS))]
Purpose = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class Sought:
    """What an officer searches for, and why."""

    text: Annotated[str, Form(max_length=200)] = ""
    sex: Annotated[str, Form(pattern="^(female|male)?$")] = ""
    purpose: Purpose = ""


@router.get("")
def ask(desk: Desk) -> Response:
    """The field."""
    purpose = desk.request.cookies.get(REASON, "")
    return _search_page(desk, Sought(purpose=purpose), BirthDate())


@router.post("", dependencies=[FormFromHere])
def search(
    desk: Desk,
    rules: CoverageRules,
    sought: Annotated[Sought, Depends()],
    born: Annotated[BirthDate, Depends()],
) -> Response:
    """Who may be meant, ranked, with what agrees."""
    typed = Typed(sought.text.strip(), born.iso, sought.sex or None)
    if not typed.text or "\0" in typed.text:
        return _search_page(desk, sought, born, wrong="text")
    if not born.is_date or typed.lacks_birth_date:
        return _search_page(desk, sought, born, wrong="year")
    if sought.purpose not in PURPOSES:
        return _search_page(desk, sought, born, wrong="purpose")
    reader = _reader(desk, sought.purpose)
    hits = officer_search.search(desk.session, typed, tuple(rules.schemes), reader)
    page = _search_page(desk, sought, born, hits=hits, typed=typed)
    _remember(page, desk.request, sought.purpose)
    return page


@router.post("/reason", dependencies=[FormFromHere])
def give_reason(
    desk: Desk, sp_id: Annotated[str, Form(max_length=40)], purpose: Purpose = ""
) -> Response:
    """Take the reason for looking, and lead to the person."""
    number = _number(sp_id)
    if purpose not in PURPOSES:
        return RedirectResponse(f"/people/{number}", 303)
    response = RedirectResponse(f"/people/{number}", 303)
    _remember(response, desk.request, purpose)
    return response


@router.get("/{sp_id}")
def person(sp_id: str, desk: Desk) -> Response:
    """A person; without a reason to look, the question for one."""
    number = _number(sp_id)
    purpose = desk.request.cookies.get(REASON, "")
    if purpose not in PURPOSES:
        asked = {"sp_id": number, "purposes": PURPOSES}
        return render(desk.request, Page("people/reason.html", asked))
    found = profile.read(desk.session, number, _reader(desk, purpose))
    today = desk.now.astimezone(PLACE).date()
    values = {
        "profile": found,
        "timeline": timeline.drawn([record.enrolment for record in found.view.records], today),
        "picture": _picture(found.view.sp_id),
        **_words(),
    }
    return render(desk.request, Page("people/person.html", values))


@router.get("/{sp_id}/looks")
def looks(sp_id: str, desk: Desk) -> Response:
    """Who looked at the person's data, and why."""
    number = _number(sp_id)
    purpose = desk.request.cookies.get(REASON, "")
    if purpose not in PURPOSES:
        return RedirectResponse(f"/people/{number}", 303)
    reader = _reader(desk, purpose)
    found = profile.read(desk.session, number, reader)
    reading = Reading(reader.actor, reader.purpose, reader.now)
    told = audit_reports.looks(desk.session, found.view.id, reading)
    values = {"sp_id": found.view.sp_id, "looks": told, **_words()}
    return render(desk.request, Page("people/looks.html", values))


def _search_page(desk: readers.Desk, sought: Sought, born: BirthDate, **more: object) -> Response:
    is_wrong, is_answered = "wrong" in more, "hits" in more
    values = {
        "sought": sought, "born": born, "hits": None, "typed": None, "wrong": None, **_words(),
        **more,
    }  # fmt: skip
    fields = {"text": sought.text, "sex": sought.sex, "purpose": sought.purpose, **born.fields}
    sent = fields if is_answered else {}
    page = Page("people/search.html", values, 422 if is_wrong else 200, sent)
    return render(desk.request, page)


def _words() -> dict[str, object]:
    return {
        "findings": FINDINGS, "happenings": HAPPENINGS, "links": LINKS, "names": VALUES,
        "purposes": PURPOSES, "relationships": RELATIONSHIPS, "sexes": SEXES,
    }  # fmt: skip


def _number(text: str) -> SpId:
    number = parse(text)
    if number is None:
        raise NotFound("This is not an SP ID: its check digit does not fit.")
    return number


def _reader(desk: readers.Desk, purpose: str) -> Reader:
    return Reader(desk.reader.name, PURPOSES[purpose], desk.now)


def _remember(response: Response, request: Request, purpose: str) -> None:
    """Keep the reason until the browser is closed."""
    is_secure = request.app.state.settings.public_url.startswith("https:")
    response.set_cookie(
        REASON, purpose, path="/people", httponly=True, samesite="strict", secure=is_secure
    )


def _picture(sp_id: SpId) -> Markup:
    """The SP ID as a QR code."""
    code = segno.make(sp_id, micro=False, error="m")
    drawn = code.svg_inline(scale=4, svgclass="code-picture", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 - a picture that segno drew of twelve digits
