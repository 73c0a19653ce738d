"""The Integrated Beneficiary Registry: who is in a programme, and what programmes say of theirs."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from api.dci import search
from api.dci.calls import Call, Operation, answered_now, received
from api.dci.codes import SearchCode, Status, TransportCode
from api.dci.envelope import counted
from api.dci.forms import EnrolledRequest, UpdatesRequest
from api.dci.refusal import Refused
from registry.access.roles import Permission
from registry.entitlements import enrolment_status
from registry.entitlements.enrolment_status import Standing
from registry.errors import Forbidden
from registry.lists import submissions
from registry.lookups.conditions import AnyOf, Compare, Operator
from registry.partners import exchanges
from registry.schemes.fields import Field

router = APIRouter(tags=["beneficiaries"])
ENROLLED = Operation("search", "on-search", Permission.ASK_ELIGIBILITY, {"enrolled_response": []})
UPDATES = Operation("notify", "on-notify", Permission.UPLOAD_BATCHES, {"enrolled_response": []})
PROGRAMME = "programme_identifier.program.programme_identifier"
_PERSON = {
    "birth_date": Field.BIRTH_DATE, "sex": Field.SEX,
}  # fmt: skip
_NUMBERS = {
    "NIN": Field.NATIONAL_ID, "NID": Field.NATIONAL_ID, "BRN": Field.BIRTH_CERTIFICATE,
    "EQUITY_CARD": Field.EQUITY_CARD, "HOUSEHOLD_ID": Field.HOUSEHOLD,
}  # fmt: skip


@router.post("/sync/enrolled", summary="Whether a person is in a programme today")
def enrolled(call: Annotated[Call, Depends(received(ENROLLED))]) -> JSONResponse:
    """Say yes or no; where the person is not found with certainty, refuse to say."""
    transaction = search.transaction_id(call.message)
    try:
        asked = EnrolledRequest.model_validate(call.message).enrolled_criteria
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise Refused(SearchCode.CRITERIA, f"{where}: {first['msg']}") from None
    counted(call.envelope.header, 1)
    person = _equal(asked.query, "person_identifier")
    scheme = _equal(asked.query, PROGRAMME)
    exchange = call.begin(transaction)
    names = ("sp_id", "national_id", "scheme_number")
    who = AnyOf(tuple(Compare(name, Operator.EQUAL, person) for name in names))
    reader = call.reader(asked.authorize)
    standing = enrolment_status.ask(call.session, who, scheme, call.scope, reader)
    response: dict[str, Any] = {
        "reference_id": transaction, "timestamp": call.now.isoformat(),
        "status": Status.SUCCEEDED.value,
        "enrolled_status": "yes" if standing == Standing.ENROLLED else "no",
    }  # fmt: skip
    if standing == Standing.UNKNOWN:
        response |= {
            "status": Status.REJECTED.value,
            "status_reason_message": "The person is not found with certainty: this is no answer.",
        }
    exchanges.settle(call.session, exchange, [response])
    return answered_now(call, _body(call, transaction, [response]))


@router.post("/sync/enrollment/updates", summary="What a programme says of its beneficiaries")
def updates(call: Annotated[Call, Depends(received(UPDATES))]) -> JSONResponse:
    """Take what a scheme's system says as changes of its list; the worker reads and links them."""
    transaction = search.transaction_id(call.message)
    try:
        sent = UpdatesRequest.model_validate(call.message).enrolled_updates.beneficiaries
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise Refused(TransportCode.BAD, f"{where}: {first['msg']}") from None
    scheme = call.principal.scheme
    if scheme is None:
        raise Forbidden("Only a scheme's own system says who is in it.")
    rows = [_row(each, scheme) for each in sent]
    exchange = call.begin(transaction)
    batch = submissions.receive(call.session, scheme, rows)
    responses = [
        {"reference_id": row[Field.RECORD_NUMBER], "timestamp": call.now.isoformat(),
         "status": Status.RECEIVED.value, "status_reason_message": f"batch {batch.id}"}
        for row in rows
    ]  # fmt: skip
    exchanges.settle(call.session, exchange, responses)
    return answered_now(call, _body(call, transaction, responses))


def _body(call: Call, transaction: str, responses: list[dict[str, Any]]) -> dict[str, Any]:
    message = {
        "transaction_id": transaction, "correlation_id": call.correlation_id,
        "enrolled_response": responses,
    }  # fmt: skip
    is_refused = all(each["status"] == Status.REJECTED for each in responses)
    status = Status.REJECTED if is_refused else Status.SUCCEEDED
    return call.answered(message, status, count=len(responses), done=len(responses))


def _equal(query: dict[str, Any], name: str) -> str:
    """The value that a member of a query is equal to.

    Raises:
        Refused: there is none.
    """
    found = query.get(name)
    value = found.get("eq") if isinstance(found, dict) else found
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Refused(SearchCode.FILTER, f"The query says what {name} is equal to: `eq`.")
    return value.strip()


def _row(beneficiary: Mapping[str, Any], scheme: str) -> dict[Field, str]:
    """A beneficiary as a row of the scheme's list.

    Raises:
        Refused: it has no number in the scheme.
    """
    member = _part(beneficiary, "member") or beneficiary
    person = _part(member, "demographic_info")
    person = _part(person, "person") or person
    row = {field: _text(person.get(name)) for name, field in _PERSON.items()}
    numbers = [*_identifiers(member.get("member_identifier")), *_identifiers(person)]
    for kind, value in numbers:
        field = Field.RECORD_NUMBER if kind in {scheme.upper(), ""} else _NUMBERS.get(kind)
        if field is not None:
            row.setdefault(field, value)
    row |= _names(_part(person, "name"))
    row |= _place(person.get("address"))
    programmes = member.get("programme_identifier") or beneficiary.get("programme_identifier")
    row |= _enrolment(programmes[0] if isinstance(programmes, list) and programmes else programmes)
    if not row.get(Field.RECORD_NUMBER):
        text = f"A beneficiary has a member_identifier of type {scheme.upper()}."
        raise Refused(TransportCode.BAD, text)
    return {field: value for field, value in row.items() if value}


def _identifiers(found: Any) -> list[tuple[str, str]]:
    """Numbers with their kinds: a list of identifiers, one, or a bare number of the programme."""
    if isinstance(found, str):
        return [("", found)]
    if isinstance(found, dict):
        found = found.get("identifier") or [found]
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [
        (_text(each.get("identifier_type")).rsplit(":", 1)[-1].upper(), value)
        for each in listed
        if (value := _text(each.get("identifier_value"))) and each.get("identifier_type")
    ]


def _names(name: Mapping[str, Any]) -> dict[Field, str]:
    family = _text(name.get("surname"))
    given = " ".join(
        filter(
            None, (_text(name.get(part)) for part in ("first_name", "second_name", "given_name"))
        )
    )
    is_khmer = any("\u1780" <= letter <= "\u17ff" for letter in family + given)
    if is_khmer:
        return {Field.FAMILY_KHMER: family, Field.GIVEN_KHMER: given}
    return {Field.FAMILY_LATIN: family, Field.GIVEN_LATIN: given}


def _place(address: Any) -> dict[Field, str]:
    first = address[0] if isinstance(address, list) and address else address
    codes = ("village", "commune", "district", "province")
    known = [_text(first.get(name)) for name in codes] if isinstance(first, dict) else []
    return {Field.VILLAGE: next((code for code in known if code), "")}


def _enrolment(programme: Any) -> dict[Field, str]:
    told = programme if isinstance(programme, dict) else {}
    return {
        Field.CATEGORY: _text(told.get("category")),
        Field.VALID_FROM: _text(told.get("enrolment_date"))[:10],
        Field.VALID_UNTIL: _text(told.get("enrolment_end_date"))[:10],
        Field.STATUS: _text(told.get("enrolment_status")),
    }


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and "\0" not in value else ""
