"""Patient identity feed (ITI-104): a scheme's own system says one by one who is on its list.

What comes is taken as a list of changes, as every list is: read, checked and linked by the worker.
Who is one person with whom is the registry's to find and officers' to decide: merges are refused.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.patient import Patient

from api.fhir import systems
from api.fhir.calls import Call, Resource, asking
from api.fhir.outcome import Refused, answer
from api.fhir.wire import UNREADABLE
from registry.access.roles import Permission
from registry.lists import submissions
from registry.schemes.fields import Field

router = APIRouter(tags=["feed"])
_PLACE = ("text", "city", "district", "state")
_PAPERS = {
    systems.NATIONAL_ID: Field.NATIONAL_ID, systems.BIRTH_CERTIFICATE: Field.BIRTH_CERTIFICATE,
}  # fmt: skip


@router.put("/Patient", summary="What a scheme's system says of one of its people")
def feed(
    call: Annotated[Call, Depends(asking(Permission.UPLOAD_BATCHES))],
    sent: Resource,
    identifier: Annotated[str, Query(max_length=500, description="`system|value` of the scheme.")],
) -> Response:
    """Add or revise the patient with this number; 202, for the worker reads and links it."""
    number = _own_number(identifier, call.principal.scheme)
    row = _row(_checked(sent, identifier), number)
    batch = submissions.receive(call.session, str(call.principal.scheme), [row])
    issue = {
        "severity": "information", "code": "informational",
        "diagnostics": f"Taken as batch {batch.id}: it is read and linked by the worker.",
    }  # fmt: skip
    body = {"resourceType": "OperationOutcome", "issue": [issue]}
    OperationOutcome.model_validate(body)
    return answer(body, HTTPStatus.ACCEPTED)


def _own_number(token: str, scheme: str | None) -> str:
    """The number in the client's own scheme.

    Raises:
        Refused: it is no token, its system is not known, or is not the client's own.
    """
    systems.holder(token)
    system, _, value = token.partition("|")
    if scheme is None or system != systems.of_scheme(scheme):
        text = "A scheme's system says who is on that scheme's list, by its number there."
        raise Refused(HTTPStatus.FORBIDDEN, "forbidden", text)
    return value


def _checked(sent: dict[str, Any], token: str) -> dict[str, Any]:
    """A Patient that the feed may carry.

    Raises:
        Refused: it is none, has another number than was asked for, is merged, or has ended.
    """
    try:
        Patient.model_validate(sent)
    except UNREADABLE:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "This is no Patient.") from None
    system, _, value = token.partition("|")
    numbers = [
        each.get("value") for each in sent.get("identifier") or [] if each.get("system") == system
    ]
    if numbers != [value]:
        text = "The Patient has the identifier of the address, and no other of that system."
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", text)
    if sent.get("link"):
        text = "Persons are merged and parted by the registry's officers, not by a feed."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "not-supported", text)
    if sent.get("active") is False or sent.get("deceasedBoolean") or sent.get("deceasedDateTime"):
        text = "Who has left a list is told by sending the whole list, or by its status."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "not-supported", text)
    return sent


def _row(patient: dict[str, Any], number: str) -> dict[Field, str]:
    """A Patient as a row of the scheme's list."""
    row = {Field.RECORD_NUMBER: number, Field.BIRTH_DATE: patient.get("birthDate") or ""}
    if patient.get("gender") in {"male", "female"}:
        row[Field.SEX] = patient["gender"]
    for each in patient.get("identifier") or []:
        if each.get("system") in _PAPERS:
            row.setdefault(_PAPERS[each["system"]], each.get("value") or "")
    for name in patient.get("name") or []:
        row = _name(name) | row
    phones = (each for each in patient.get("telecom") or [] if each.get("system") == "phone")
    row[Field.PHONE] = next((each.get("value") or "" for each in phones), "")
    row[Field.VILLAGE] = _place(patient.get("address") or [])
    return {field: _clean(value) for field, value in row.items() if value}


def _name(name: dict[str, Any]) -> dict[Field, str]:
    """The parts of a name in the columns of its script; the whole where it has no parts."""
    family, given = name.get("family") or "", " ".join(name.get("given") or [])
    whole = "" if family or given else name.get("text") or ""
    if any("\u1780" <= letter <= "\u17ff" for letter in family + given + whole):
        fields = (Field.FAMILY_KHMER, Field.GIVEN_KHMER, Field.NAME_KHMER)
    else:
        fields = (Field.FAMILY_LATIN, Field.GIVEN_LATIN, Field.NAME_LATIN)
    return {field: part for field, part in zip(fields, (family, given, whole), strict=True) if part}


def _place(addresses: list[dict[str, Any]]) -> str:
    """The closest official code of the first address."""
    first = addresses[0] if addresses else {}
    return next((first[part] for part in _PLACE if first.get(part)), "")


def _clean(value: str) -> str:
    return value.replace("\0", " ").strip()
