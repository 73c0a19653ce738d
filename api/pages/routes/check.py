"""The provider's check: one field, one answer, made for a counter."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Response

from api.dependencies import CoverageRules
from api.pages import readers
from api.pages.birth_dates import BirthDate
from api.pages.forms import FormFromHere
from api.pages.languages import PLACE, chosen
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import COVERAGES, RESOLVERS, SEXES
from registry.access.roles import Permission
from registry.entitlements import counter
from registry.entitlements.counter import Typed
from registry.entitlements.coverage_words import REASONS
from registry.entitlements.eligibility import Asking
from registry.lookups.lookup import Reader

PURPOSE: Final = "treatment"

router = APIRouter(prefix="/check", route_class=PageRoute, include_in_schema=False)
Desk = Annotated[readers.Desk, Depends(readers.desk_of(Permission.ASK_ELIGIBILITY))]


@dataclass(frozen=True)
class Asked:
    """What somebody at a counter sends."""

    text: Annotated[str, Form(max_length=200)] = ""
    sex: Annotated[str, Form(pattern="^(female|male)?$")] = ""


@router.get("")
def ask(desk: Desk) -> Response:
    """The field."""
    return _page(desk, Asked(), BirthDate())


@router.post("", dependencies=[FormFromHere])
def answer(
    desk: Desk,
    rules: CoverageRules,
    asked: Annotated[Asked, Depends()],
    born: Annotated[BirthDate, Depends()],
) -> Response:
    """The answer, with the field for the next person below it."""
    typed = Typed(asked.text.strip(), born.iso, asked.sex or None)
    if not typed.text or "\0" in typed.text:
        return _page(desk, asked, born, wrong="text")
    if not born.is_date or typed.lacks_birth_date:
        return _page(desk, asked, born, wrong="year")
    asking = Asking(Reader(desk.reader.name, PURPOSE, desk.now), rules)
    day = desk.now.astimezone(PLACE).date()
    found = counter.ask(desk.session, typed, day, asking)
    return _page(desk, asked, born, answer=found)


def _page(desk: readers.Desk, asked: Asked, born: BirthDate, **more: object) -> Response:
    is_wrong, answered = "wrong" in more, "answer" in more
    values = {
        "answer": None, "wrong": None, "asked": Asked() if answered else asked,
        "born": BirthDate() if answered else born, "coverages": COVERAGES, "reasons": REASONS,
        "resolvers": RESOLVERS, "sexes": SEXES, **more,
        "spoken": "khmer" if chosen(desk.request).code == "km" else "english",
    }  # fmt: skip
    sent = {"text": asked.text, "sex": asked.sex, **born.fields} if answered else {}
    return render(desk.request, Page("check.html", values, 422 if is_wrong else 200, sent))
