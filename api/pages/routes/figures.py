"""The figures: coverage, overlap, quality of lists, backlog; as a page, as pictures, as CSV."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from api.pages.figures.showing import Shown, sees_small_counts, shown, svg
from api.pages.languages import LANGUAGES, Language, chosen
from api.pages.readers import Desk, desk_of
from api.pages.rendering import Page, PageRoute, render
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.errors import NotFound
from registry.indicators import catalogue, population, snapshot
from registry.indicators.population import Population
from registry.indicators.snapshot import Snapshot

A_WHILE: Final = "private, max-age=300"
ViewersDesk = Annotated[Desk, Depends(desk_of(Permission.READ_INDICATORS))]

router = APIRouter(prefix="/figures", route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True)
class Counted:
    """What was counted, and for whom."""

    snapshot: Snapshot
    population: Population
    reader: Principal

    def figure(self, code: str, language: Language) -> Shown:
        """One figure in a language."""
        return shown(code, self.snapshot, self.population, self.reader, language)


def counted(at: ViewersDesk) -> Counted:
    """The figures of now, for who is signed in."""
    people = population.read(at.request.app.state.population)
    return Counted(snapshot.current(at.session, at.now), people, at.reader)


Figures = Annotated[Counted, Depends(counted)]


@router.get("")
def figures(request: Request, known: Figures) -> Response:
    """All figures, each with its definition and its table."""
    language = chosen(request)
    values = {
        "counted_at": known.snapshot.taken_at,
        "stamp": int(known.snapshot.taken_at.timestamp()),
        "figures": [known.figure(code, language) for code in catalogue.FIGURES],
        "is_hidden": not sees_small_counts(known.reader),
        "sources": known.population.sources,
    }
    return render(request, Page("figures.html", values))


@router.get("/{code}.svg")
def figure_picture(request: Request, known: Figures, code: str) -> Response:
    """One figure as a picture, in the language that the page asks for."""
    language = LANGUAGES.get(request.query_params.get("in", ""), chosen(request))
    drawn = svg(known.figure(code, language).figure, language)
    if drawn is None:
        raise NotFound("This figure has no picture.")
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": A_WHILE})


@router.get("/{code}.csv")
def figure_csv(request: Request, known: Figures, code: str) -> Response:
    """One figure as CSV, by codes."""
    table = known.figure(code, chosen(request)).figure.as_csv()
    headers = {"Content-Disposition": f'attachment; filename="{code}.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)
