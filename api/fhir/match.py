"""`$match` (ITI-119): who may be the Patient that is described, with the engine's own weights.

A match weight is log2 odds; the score is the same as a probability, 2^w / (1 + 2^w). The grade is
certain where the engine would link without an officer, probable where it holds them likelier one
person than two, possible below.
"""

import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fhir.resources.R4B.patient import Patient

from api.fhir import patients, systems
from api.fhir.calls import Call, Resource, asking, parameters
from api.fhir.outcome import Refused, answer
from api.fhir.wire import UNREADABLE
from registry.access.roles import Permission
from registry.lookups import lookup, person_search, profiles
from registry.lookups.conditions import AnyOf, Compare, Operator
from registry.lookups.lookup import NameQuestion
from registry.lookups.person_search import Search
from registry.sp_id import SpId

router = APIRouter(tags=["match"])
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
MOST = 50
LARGEST_WEIGHT = 60.0


@dataclass(frozen=True)
class Match:
    """A person who may be meant."""

    sp_id: SpId
    score: float
    grade: str


@router.post("/Patient/$match", summary="Who may be this Patient")
def match(
    call: Annotated[Call, Depends(asking(Permission.READ_PERSONS))], sent: Resource
) -> Response:
    """Parameters with a Patient as `resource`, `onlyCertainMatches` and `count`."""
    described, only_certain, count = _read(sent)
    found = _by_numbers(call, described) or _by_name(call, described)
    if only_certain:
        certain = [each for each in found if each.grade == "certain"]
        found = certain if len(certain) == 1 else []
    found = sorted(found, key=lambda each: (-each.score, each.sp_id))[:count]
    wanted = Compare("sp_id", Operator.ONE_OF, [each.sp_id for each in found])
    known = {}
    if found:
        page = person_search.find(
            call.session, Search(wanted, size=MOST, scope=call.scope), call.now
        )
        read = profiles.read(call.session, page.persons, call.reader("$match"), call.scope.scheme)
        known = {each.sp_id: each for each in read}
    entries = [
        patients.entry(call.base, patients.patient(known[each.sp_id]), _search(each))
        for each in found if each.sp_id in known
    ]  # fmt: skip
    return answer(patients.searchset(entries, len(entries)))


def score(weight: float) -> float:
    """A match weight as a probability.

    >>> score(0.0)
    0.5
    """
    odds: float = math.pow(2.0, max(-LARGEST_WEIGHT, min(LARGEST_WEIGHT, weight)))
    return round(odds / (1 + odds), 6)


def _read(sent: dict[str, Any]) -> tuple[dict[str, Any], bool, int]:
    """The Patient of the parameters, whether only certain ones are wanted, and how many."""
    given = {each["name"]: each for each in parameters(sent)}
    described = given.get("resource", {}).get("resource")
    if not isinstance(described, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "required", "Parameters have a Patient `resource`.")
    try:
        Patient.model_validate(described)
    except UNREADABLE:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "`resource` is no Patient.") from None
    count = given.get("count", {}).get("valueInteger", MOST)
    only_certain = given.get("onlyCertainMatches", {}).get("valueBoolean", False)
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "`count` is 1 or more.")
    return described, only_certain is True, min(count, MOST)


def _by_numbers(call: Call, described: dict[str, Any]) -> list[Match]:
    """Who has one of the numbers; certain when it is one person."""
    tokens = [
        f"{each.get('system', '')}|{each.get('value', '')}"
        for each in described.get("identifier") or []
        if each.get("system") in systems.SYSTEMS and each.get("value")
    ]
    if not tokens:
        return []
    holders = AnyOf(tuple(systems.holder(token) for token in tokens))
    found, total = call.found("$match by number", holders, MOST)
    grade = "certain" if total == 1 else "probable"
    return [Match(each.sp_id, 1.0 if total == 1 else 0.5, grade) for each in found]


def _by_name(call: Call, described: dict[str, Any]) -> list[Match]:
    """Who may have one of the names and the birth date, by the engine's weights."""
    names = [text for each in described.get("name") or [] if (text := _whole(each))]
    born = described.get("birthDate")
    if not names or not isinstance(born, str):
        return []
    sex = described.get("gender")
    best: dict[str, Match] = {}
    for name in names[:2]:
        person = lookup.described(
            name, birth_date=born, sex=sex if sex in {"male", "female"} else None, village=None
        )
        reader = call.reader("$match")
        for each in lookup.look_up(call.session, NameQuestion(person), reader):
            weight = each.weight or 0.0
            grade = "certain" if each.is_certain else "probable" if weight >= 0 else "possible"
            made = Match(each.sp_id, score(weight), grade)
            if each.sp_id not in best or best[each.sp_id].score < made.score:
                best[each.sp_id] = made
    return list(best.values())


def _whole(name: Any) -> str:
    """A name as one text, the family name first."""
    if not isinstance(name, dict):
        return ""
    parts = [name.get("family"), *(name.get("given") or [])]
    joined = " ".join(str(part) for part in parts if part)
    return (joined or str(name.get("text") or "")).replace("\0", " ").strip()[:200]


def _search(found: Match) -> dict[str, Any]:
    return {
        "extension": [{"url": GRADE, "valueCode": found.grade}], "mode": "match",
        "score": found.score,
    }  # fmt: skip
