"""Persons by SP ID."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.dependencies import DatabaseSession, Now, Purpose, allowed
from api.errors import MEDIA_TYPE
from api.schemas import PersonOut, Problem
from registry import lookup
from registry.access import Principal
from registry.errors import NotFound
from registry.lookup import Reader
from registry.roles import Permission
from registry.sp_id import parse

router = APIRouter(prefix="/v1/persons", tags=["persons"])


@router.get(
    "/{sp_id}",
    summary="A person with links and enrolments across schemes",
    responses={code: {"model": Problem, "content": {MEDIA_TYPE: {}}} for code in (401, 403, 404)},
)
def read_person(
    sp_id: str,
    purpose: Purpose,
    session: DatabaseSession,
    caller: Annotated[Principal, Depends(allowed(Permission.READ_PERSONS))],
    now: Now,
) -> PersonOut:
    """Read a person; a retired SP ID leads to its survivor. The read is recorded."""
    number = parse(sp_id)
    if number is None:
        raise NotFound("This is not an SP ID: its check digit does not fit.")
    return PersonOut.of(lookup.read_person(session, number, Reader(caller.name, purpose, now)))
