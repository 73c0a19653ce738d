"""Persons by SP ID: records and enrolments, best values, history, households."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath

from api.dependencies import DatabaseSession, Now, Purpose, allowed
from api.errors import described
from api.schemas import PersonOut
from api.shapes.persons import HistoryOut, HouseholdsOut, ValuesOut
from api.transactions import InOneThread
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.errors import NotFound
from registry.lookups import lookup, person_file
from registry.lookups.lookup import Reader
from registry.sp_id import SpId, parse

router = APIRouter(prefix="/v1/persons", tags=["persons"], route_class=InOneThread)

PROBLEMS = described(401, 403, 404, 422)


def reader(
    purpose: Purpose,
    caller: Annotated[Principal, Depends(allowed(Permission.READ_PERSONS))],
    now: Now,
) -> Reader:
    """Who reads a person, and why."""
    return Reader(caller.name, purpose, now)


async def number(
    sp_id: Annotated[
        str, InPath(max_length=40, examples=["234567890124"], description="Current or retired.")
    ],
) -> SpId:
    """The SP ID of the address.

    Raises:
        NotFound: it is none.
    """
    found = parse(sp_id)
    if found is None:
        raise NotFound("This is not an SP ID: its check digit does not fit.")
    return found


By = Annotated[Reader, Depends(reader)]


@router.get(
    "/{sp_id}", summary="A person with links and enrolments across schemes", responses=PROBLEMS
)
def read_person(
    by: By, asked: Annotated[SpId, Depends(number)], session: DatabaseSession
) -> PersonOut:
    """Read a person; a retired SP ID leads to its survivor. The read is recorded."""
    return PersonOut.of(lookup.read_person(session, asked, by))


@router.get("/{sp_id}/values", summary="The best values of a person", responses=PROBLEMS)
def read_values(
    by: By, asked: Annotated[SpId, Depends(number)], session: DatabaseSession
) -> ValuesOut:
    """Of what lists state, the values to show, each with its source and what others say."""
    return ValuesOut.of(person_file.values(session, asked, by))


@router.get("/{sp_id}/history", summary="What happened to a person", responses=PROBLEMS)
def read_history(
    by: By, asked: Annotated[SpId, Depends(number)], session: DatabaseSession
) -> HistoryOut:
    """Every link, unlink, merge, split and return, the oldest first."""
    return HistoryOut.of(person_file.past(session, asked, by))


@router.get("/{sp_id}/households", summary="The households of a person", responses=PROBLEMS)
def read_households(
    by: By, asked: Annotated[SpId, Depends(number)], session: DatabaseSession
) -> HouseholdsOut:
    """Which households schemes put the person into, from when until when."""
    return HouseholdsOut.of(person_file.households_of(session, asked, by))
