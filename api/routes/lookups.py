"""Lookups across schemes. What is asked for travels in the body, never in the address."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from api.dependencies import DatabaseSession, Now, allowed
from api.errors import described
from api.schemas import Lookup, Match, Matches
from api.transactions import InOneThread
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.lookups import lookup
from registry.lookups.lookup import Reader

router = APIRouter(prefix="/v1/lookups", tags=["lookups"], route_class=InOneThread)

EXAMPLES = {
    "by SP ID": {"value": {"by": "sp_id", "sp_id": "2345 6789 0124", "purpose": "treatment"}},
    "by scheme number": {
        "value": {
            "by": "scheme_number", "scheme": "nssf", "scheme_record_id": "000164890",
            "purpose": "treatment",
        }
    },
    "by national ID": {
        "value": {"by": "national_id", "national_id": "096371764", "purpose": "treatment"}
    },
    "by name": {
        "value": {
            "by": "name", "name": "Phal Rotana", "birth_date": "2002-09-22",
            "purpose": "treatment",
        }
    },
}  # fmt: skip


@router.post(
    "",
    summary="Who is this",
    responses=described(401, 403, 422),
)
def look_up(
    question: Annotated[Lookup, Body(openapi_examples=EXAMPLES)],
    session: DatabaseSession,
    caller: Annotated[Principal, Depends(allowed(Permission.LOOK_UP))],
    now: Now,
) -> Matches:
    """Find persons; nobody found is an empty list. The question and its outcome are recorded."""
    reader = Reader(caller.name, question.purpose, now)
    answers = lookup.look_up(session, question.parsed(), reader)
    return Matches(matches=[Match.of(answer) for answer in answers])
