"""Searches: each request of a message is answered, or refused, by itself."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api.dci import queries, records
from api.dci.calls import Call
from api.dci.codes import HeaderCode, SearchCode, Status, TransportCode
from api.dci.envelope import counted
from api.dci.forms import Id, Pagination, SearchItem
from api.dci.refusal import Refused
from registry.errors import InvalidSearch, TooManyFound
from registry.lookups import person_search, profiles
from registry.lookups.conditions import Condition
from registry.lookups.person_search import Order, Search
from registry.records import households

MOST_ERRORS = 10
USUAL_PAGE = 100
_ID = TypeAdapter(Id)
_CODES = {
    "reference_id": SearchCode.REFERENCE,
    "timestamp": SearchCode.TIMESTAMP,
    "pagination": SearchCode.PAGINATION,
    "sort": SearchCode.SORT,
}


@dataclass
class Malformed(Exception):
    """A request that is not of the described form, or asks for what cannot be asked."""

    code: SearchCode
    text: str
    reference: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of the requests of a message, and how many of them were malformed."""

    responses: list[dict[str, Any]]
    malformed: int

    @property
    def is_refused(self) -> bool:
        """Whether no request at all is of the described form."""
        return self.malformed == len(self.responses)


def malformed_all(outcome: Outcome) -> Malformed:
    """The first of the requests, where none is of the described form, as what is wrong."""
    first = outcome.responses[0]
    code = SearchCode(first["status_reason_code"])
    return Malformed(code, first["status_reason_message"])


def transaction_id(message: dict[str, Any]) -> str:
    """The transaction of a message.

    Raises:
        Refused: it has none, or one that is too long.
    """
    try:
        return _ID.validate_python(message.get("transaction_id"))
    except ValidationError:
        raise Refused(
            TransportCode.BAD, "A transaction_id is text of 1 to 99 characters."
        ) from None


def requests(call: Call, name: str) -> list[Any]:
    """The requests of a message, as many as its header counts.

    Raises:
        Refused: there are none, or not so many.
    """
    found = call.message.get(name)
    if not isinstance(found, list) or not found:
        raise Refused(TransportCode.BAD, f"A message has a list {name} with a request at least.")
    counted(call.envelope.header, len(found))
    return found


def answer(call: Call) -> Outcome:
    """Answer the searches of a message in their order.

    Raises:
        Refused: the message has none, or more malformed ones than are worth naming.
    """
    seen: set[str] = set()
    responses, malformed = [], 0
    for sent in requests(call, "search_request"):
        try:
            item = _read(sent, seen)
        except Malformed as error:
            malformed += 1
            responses.append(_refused(call, error))
            continue
        seen.add(item.reference_id)
        responses.append(_answer(call, item))
    if malformed > MOST_ERRORS:
        raise Refused(HeaderCode.TOO_MANY_ERRORS, f"{malformed} requests are not in order.")
    return Outcome(responses, malformed)


def _read(sent: Any, seen: set[str]) -> SearchItem:
    try:
        item = SearchItem.model_validate(sent)
    except ValidationError as error:
        first = error.errors()[0]
        inner = [part for part in first["loc"] if part in _CODES]
        code = _CODES[str(inner[-1])] if inner else SearchCode.CRITERIA
        where = "/".join(str(part) for part in first["loc"])
        reference = sent.get("reference_id") if isinstance(sent, dict) else None
        known = reference if isinstance(reference, str) else ""
        raise Malformed(code, f"{where}: {first['msg']}", known) from None
    if item.reference_id in seen:
        text = "The message has this reference twice."
        raise Malformed(SearchCode.DUPLICATE, text, item.reference_id)
    return item


def _answer(call: Call, item: SearchItem) -> dict[str, Any]:
    """Search, and render what is found."""
    criteria = item.search_criteria
    page = criteria.pagination or item.pagination or Pagination(page_size=USUAL_PAGE)
    try:
        search = Search(
            _condition(item), _order(item), page.page_number, page.page_size, call.scope
        )
        is_group = _is_group(item)
        found, total = _groups(call, item, search) if is_group else _members(call, item, search)
    except Malformed as error:
        return _refused(call, error)
    except InvalidSearch as error:
        return _refused(call, Malformed(SearchCode.FILTER, str(error), item.reference_id))
    except TooManyFound as error:
        return _refused(call, Malformed(SearchCode.TOO_MANY, str(error), item.reference_id))
    data = {
        "version": "1.0.0", "reg_type": "ns:org:RegistryType:Social",
        "reg_record_type": "Group" if is_group else "Member", "reg_records": found,
    }  # fmt: skip
    return {
        "reference_id": item.reference_id, "timestamp": call.now.isoformat(),
        "status": Status.SUCCEEDED.value, "data": data,
        "pagination": {"page_size": page.page_size, "page_number": page.page_number,
                       "total_count": total},
        "locale": item.locale or "eng",
    }  # fmt: skip


def _condition(item: SearchItem) -> Condition:
    return queries.condition(item.search_criteria.query_type, item.search_criteria.query)


def _order(item: SearchItem) -> tuple[Order, ...]:
    try:
        return tuple(
            Order(queries.attribute_name(each.attribute_name), each.sort_order == "desc")
            for each in item.search_criteria.sort
        )
    except InvalidSearch as error:
        raise Malformed(SearchCode.SORT, str(error), item.reference_id) from error


def _is_group(item: SearchItem) -> bool:
    criteria = item.search_criteria
    named = queries.collection(criteria.query) if criteria.query_type == "expression" else None
    return (criteria.response_entity or named) == "Group"


def _members(call: Call, item: SearchItem, search: Search) -> tuple[list[dict[str, Any]], int]:
    found = person_search.find(call.session, search, call.now)
    criteria = item.search_criteria
    read = profiles.read(
        call.session, found.persons, call.reader(criteria.authorize, criteria.consent),
        call.scope.scheme,
    )  # fmt: skip
    return [records.member(each, call.now.date()) for each in read], found.total


def _groups(call: Call, item: SearchItem, search: Search) -> tuple[list[dict[str, Any]], int]:
    found = person_search.find_households(call.session, search, call.now)
    members = {
        household: [each.person for each in households.members(call.session, *household)]
        for household in found.households
    }
    everybody = list(dict.fromkeys(person for each in members.values() for person in each))
    criteria = item.search_criteria
    reader = call.reader(criteria.authorize, criteria.consent)
    read = profiles.read(call.session, everybody, reader, call.scope.scheme)
    known = {each.person: each for each in read}
    groups = [
        records.group(*household, [known[person] for person in persons], call.now.date())
        for household, persons in members.items()
    ]
    return groups, found.total


def _refused(call: Call, error: Malformed) -> dict[str, Any]:
    return {
        "reference_id": error.reference[:99], "timestamp": call.now.isoformat(),
        "status": Status.REJECTED.value, "status_reason_code": error.code.value,
        "status_reason_message": error.text[:999],
    }  # fmt: skip
