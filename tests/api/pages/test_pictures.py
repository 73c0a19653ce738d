"""Every figure has names for its codes in both languages, and its picture is a sound SVG."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from api.pages.figures.labels import labels
from api.pages.figures.pictures import PICTURES
from api.pages.figures.showing import svg
from api.pages.languages import ENGLISH, KHMER, Language
from registry.indicators import catalogue, population
from registry.indicators.activity import ListTaken, Month
from registry.indicators.backlog import AGES, OpenFindings, Waiting
from registry.indicators.cells import Cell, HouseholdCell
from registry.indicators.figure import Figure
from registry.indicators.holdings import Figures
from registry.indicators.quality import ListQuality
from registry.indicators.snapshot import Snapshot
from registry.people.guards import Reason
from registry.people.links import LinkKind
from registry.reviewing.findings import KINDS

SNAPSHOT = Snapshot(
    taken_at=datetime(2026, 6, 1, tzinfo=UTC),
    holdings=Figures({"hef": 9, "idpoor": 8}, 12, dict.fromkeys(LinkKind, 7), 3, 6, 2),
    persons=(
        Cell(("hef",), "12", "female", "15-59", 40),
        Cell(("hef", "idpoor"), "01", "male", "0-1", 30),
        Cell((), None, None, None, 7),
    ),
    households=(HouseholdCell("idpoor", "01", 10),),
    months=(Month("2026-05", "link: new", 9), Month("2026-06", "decision: same", 4)),
    lists=(ListTaken("hef", 1, 100, 2, 98, 0),),
    quality=(ListQuality("hef", 9, 8, 7, 6, 5, 4, 3, 2, 1),),
    reviews=tuple(Waiting(reason, AGES[0], 3) for reason in Reason),
    findings=tuple(OpenFindings(kind.code, kind.is_referral, 9) for kind in KINDS),
)


def figure(code: str) -> Figure:
    return catalogue.figure(code, SNAPSHOT, population.read(), sees_small_counts=True)


@pytest.mark.parametrize("code", catalogue.FIGURES)
def test_every_code_of_a_figure_has_a_name_in_khmer(code: str) -> None:
    made = figure(code)
    named = labels(made, KHMER)
    codes = {*made.about, *made.columns, *(code for line in made.lines for code in line.about)}
    assert made.lines
    for one in codes:
        assert any("\u1780" <= letter <= "\u17ff" for letter in named(one)), one


@pytest.mark.parametrize("language", [KHMER, ENGLISH], ids=["km", "en"])
@pytest.mark.parametrize("code", PICTURES)
def test_picture_is_an_svg_without_style_of_its_page(code: str, language: Language) -> None:
    drawn = svg(figure(code), language)
    assert drawn is not None
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 # our own
    assert drawn == svg.__wrapped__(figure(code), language), "the same picture every time"


def test_a_figure_of_nothing_has_no_picture() -> None:
    nothing = Figure("overlap", figure("overlap").title, figure("overlap").definition, (), (), ())
    assert svg(nothing, KHMER) is None
