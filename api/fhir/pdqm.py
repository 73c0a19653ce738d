"""PDQm (ITI-78) and reading a Patient: who has these demographics."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Request, Response

from api.fhir import patients, systems
from api.fhir.calls import Call, asking
from api.fhir.outcome import Refused, answer
from registry.access.roles import Permission
from registry.errors import NotFound
from registry.lookups import person_search, profiles
from registry.lookups.conditions import All, AnyOf, Compare, Condition, Operator
from registry.lookups.person_search import Search
from registry.people import persons
from registry.sp_id import parse

router = APIRouter(tags=["PDQm"])
Asker = Annotated[Call, Depends(asking(Permission.READ_PERSONS))]
USUAL_COUNT = 50
MOST = 200
LARGEST_FORM = 64 * 1024
_DATES = {
    "eq": Operator.EQUAL, "ne": Operator.NOT_EQUAL, "lt": Operator.LESS, "gt": Operator.MORE,
    "le": Operator.AT_MOST, "ge": Operator.AT_LEAST,
}  # fmt: skip
_ATTRIBUTES = {"_id": "sp_id", "gender": "sex", "telecom": "phone", "phone": "phone"}
_ALL_OR_NOBODY = {"active": {"true"}, "address-country": {"kh", "khm"}}
_PLACES = ("address", "address-city", "address-state", "address-postalcode")
PARAMETERS: Mapping[str, str] = {
    "_id": "token", "active": "token", "identifier": "token", "family": "string",
    "given": "string", "name": "string", "birthdate": "date", "gender": "token",
    "telecom": "token", "phone": "token", "address-country": "string",
    **dict.fromkeys(_PLACES, "string"),
}  # fmt: skip
_CONTROLS = frozenset({"_format", "_count", "_offset", "_summary", "_pretty", "_total"})


@router.get("/Patient", summary="Persons of these demographics")
def search(call: Asker, request: Request) -> Response:
    """Search with the parameters in the address; better send them by POST."""
    return _answer(call, request.query_params.multi_items())


async def form(request: Request) -> list[tuple[str, str]]:
    """The parameters of a form.

    Raises:
        Refused: it is none, or too long.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > LARGEST_FORM:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", "It is too long.")
    if kind != "application/x-www-form-urlencoded" and raw:
        text = "Parameters are taken as application/x-www-form-urlencoded."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-supported", text)
    try:
        sent = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "This is no form.") from None
    return [*request.query_params.multi_items(), *sent]


@router.post("/Patient/_search", summary="Persons of these demographics, asked in the body")
def search_by_post(call: Asker, sent: Annotated[list[tuple[str, str]], Depends(form)]) -> Response:
    """Search with the parameters in a form."""
    return _answer(call, sent, is_in_address=False)


@router.get("/Patient/{number}", summary="A person by SP ID")
def read(number: str, call: Asker) -> Response:
    """Read a person; one who was merged is not active, and is replaced by the survivor."""
    sp_id = parse(number)
    missing = Refused(HTTPStatus.NOT_FOUND, "not-found", "There is no such Patient.")
    if sp_id is None:
        raise missing
    try:
        living = persons.find(call.session, sp_id)
    except NotFound:
        raise missing from None
    asked = Compare("sp_id", Operator.EQUAL, sp_id)
    found, _ = call.found("read Patient", asked)
    if living.sp_id != sp_id or living.is_absent:
        survivor = found[0].sp_id if found else None
        return answer(patients.merged(sp_id, survivor))
    if not found:
        raise missing
    return answer(patients.patient(found[0]))


def _answer(call: Call, sent: Sequence[tuple[str, str]], *, is_in_address: bool = True) -> Response:
    controls = {name: value for name, value in sent if name in _CONTROLS}
    asked = [(name, value) for name, value in sent if name not in _CONTROLS]
    if not asked:
        raise Refused(HTTPStatus.BAD_REQUEST, "too-costly", "A search names a parameter.")
    size = _number(controls, "_count", USUAL_COUNT, MOST)
    offset = _number(controls, "_offset", 0, person_search.MOST_FOUND)
    if size and offset % size:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "_offset is a multiple of _count.")
    condition = All(tuple(_condition(name, value) for name, value in asked))
    page = offset // size + 1 if size else 1
    wanted = Search(condition, page=page, size=size, scope=call.scope)
    found = person_search.find(call.session, wanted, call.now)
    read = profiles.read(call.session, found.persons, call.reader("PDQm"), call.scope.scheme)
    entries = [
        patients.entry(call.base, patients.patient(each), {"mode": "match"}) for each in read
    ]
    links = [{"relation": "self", "url": f"{call.base}/Patient?{_query(sent)}"}]
    if offset + size < found.total and size:
        following = [(name, value) for name, value in sent if name != "_offset"]
        url = f"{call.base}/Patient?{_query([*following, ('_offset', str(offset + size))])}"
        links.append({"relation": "next", "url": url})
    return answer(patients.searchset(entries, found.total, links if is_in_address else ()))


def _query(parameters: Sequence[tuple[str, str]]) -> str:
    return urlencode(parameters)


def _number(controls: Mapping[str, str], name: str, usual: int, most: int) -> int:
    value = controls.get(name, str(usual))
    if not (value.isascii() and value.isdecimal()) or len(value) > 6:  # noqa: PLR2004 - no overflow
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", f"{name} is a number.")
    return min(int(value), most)


def _condition(name: str, value: str) -> Condition:
    """What a parameter asks; values separated by commas are alternatives.

    Raises:
        Refused: there is no such parameter, or its value is not of its kind.
    """
    plain, _, modifier = name.partition(":")
    kind = PARAMETERS.get(plain)
    if kind is None or modifier not in {"", "exact"} or (modifier and kind != "string"):
        raise Refused(HTTPStatus.BAD_REQUEST, "not-supported", "There is no such parameter here.")
    values = [each.strip() for each in value.split(",") if each.strip()]
    if not values or "\0" in value:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", f"{plain} has no value.")
    return AnyOf(tuple(_one(plain, each, is_exact=modifier == "exact") for each in values))


def _one(name: str, value: str, *, is_exact: bool) -> Condition:
    if name == "identifier":
        return systems.holder(value)
    if name == "birthdate":
        return _born(value)
    if name in {"family", "given", "name"}:
        return _named(name, value, Operator.EQUAL if is_exact else Operator.BEGINS)
    if name in _ALL_OR_NOBODY:
        return _all_or_nobody(name, value)
    attribute = _ATTRIBUTES.get(name, "place")
    return Compare(attribute, Operator.EQUAL, value.rpartition("|")[2])


def _all_or_nobody(name: str, value: str) -> Condition:
    """What holds of everybody who is found, or of none."""
    if name == "active" and value not in {"true", "false"}:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "active is true or false.")
    return systems.EVERYBODY if value.lower() in _ALL_OR_NOBODY[name] else systems.NOBODY


def _born(value: str) -> Condition:
    prefix, rest = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
    if prefix not in _DATES or not rest or rest.strip("0123456789-"):
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "birthdate is a date, as ge1990-01-31.")
    return Compare("birth_date", _DATES[prefix], rest)


def _named(name: str, value: str, operator: Operator) -> Condition:
    """A part of a name in either script."""
    parts = ("family", "given") if name == "name" else (name,)
    scripts = ("khmer", "latin")
    return AnyOf(tuple(
        Compare(f"{part}_{script}", operator, value) for part in parts for script in scripts
    ))  # fmt: skip
