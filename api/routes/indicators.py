"""The figures: coverage, overlap, links, backlog, as they were counted in the last minutes."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath

from api.dependencies import Call, Chosen, calling
from api.errors import described
from api.shapes.indicators import FigureOut, FiguresOut
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.indicators import catalogue, population, snapshot

router = APIRouter(prefix="/v1/indicators", tags=["indicators"], route_class=InOneThread)

Viewer = Annotated[Call, Depends(calling(Permission.READ_INDICATORS))]


@router.get("", summary="Which figures there are", responses=described(401, 403))
def read_codes(call: Viewer) -> FiguresOut:
    """The codes of all figures."""
    del call
    return FiguresOut(codes=list(catalogue.FIGURES))


@router.get("/{code}", summary="One figure", responses=described(401, 403, 404, 422))
def read(
    code: Annotated[str, InPath(max_length=40, examples=["coverage_by_scheme"])],
    call: Viewer,
    settings: Chosen,
) -> FigureOut:
    """A figure with its definition; counts of one to four people are hidden from viewers."""
    counted = snapshot.current(call.session, call.now)
    people = population.read(settings.population)
    sees = call.caller.may(Permission.READ_PERSONS)
    figure = catalogue.figure(code, counted, people, sees_small_counts=sees)
    return FigureOut.of(figure, counted.taken_at)
