"""CoverageEligibilityRequest to CoverageEligibilityResponse, by the registry's eligibility."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response
from fhir.resources.R4B.coverageeligibilityrequest import CoverageEligibilityRequest
from fhir.resources.R4B.coverageeligibilityresponse import CoverageEligibilityResponse

from api.dependencies import CoverageRules
from api.fhir import systems
from api.fhir.calls import Call, Resource, asking
from api.fhir.outcome import Refused, answer
from api.fhir.wire import UNREADABLE, known
from registry.access.roles import Permission
from registry.entitlements import eligibility
from registry.entitlements.coverage import Coverage, SchemeAnswer
from registry.entitlements.eligibility import Answer, Asking, Question
from registry.lookups.identification import Who
from registry.lookups.lookup import NationalIdQuestion, SchemeNumberQuestion, SpIdQuestion
from registry.schemes import SCHEMES

router = APIRouter(tags=["coverage"])
SCHEME_SYSTEM = "urn:social-protection-registry:scheme"
REGISTRY = {"display": "Social protection registry"}


@router.post("/CoverageEligibilityRequest", summary="Is this person covered")
def ask(
    call: Annotated[Call, Depends(asking(Permission.ASK_ELIGIBILITY))],
    sent: Resource,
    rules: CoverageRules,
) -> Response:
    """Say whether schemes cover a patient on a day; the request itself is not kept."""
    try:
        CoverageEligibilityRequest.model_validate(sent)
    except UNREADABLE:
        text = (
            "This is no CoverageEligibilityRequest with status, purpose, patient, created, insurer."
        )
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", text) from None
    day = _day(sent)
    question = Question(_who(sent["patient"]), day)
    reader = call.reader("CoverageEligibilityRequest")
    told = eligibility.ask(call.session, question, Asking(reader, rules))
    body = _response(call, sent, told)
    CoverageEligibilityResponse.model_validate(body)
    return answer(body)


def _day(sent: dict[str, Any]) -> date:
    """The day of the service: as it is stated, else the day of the request."""
    period = sent.get("servicedPeriod") or {}
    stated = str(sent.get("servicedDate") or period.get("start") or sent.get("created"))[:10]
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "The day of service is a date.") from None


def _who(reference: dict[str, Any]) -> Who:
    """Whom a reference means: `Patient/` with an SP ID, or an identifier.

    Raises:
        Refused: it means nobody by these ways.
    """
    literal = reference.get("reference")
    if isinstance(literal, str) and "Patient/" in literal:
        return SpIdQuestion(literal.rsplit("Patient/", 1)[1].split("/")[0][:40])
    identifier = reference.get("identifier") or {}
    system, value = identifier.get("system"), identifier.get("value")
    if not isinstance(value, str) or system not in systems.SYSTEMS:
        text = "The patient is a reference to Patient/ with an SP ID, or an identifier of a system."
        raise Refused(HTTPStatus.BAD_REQUEST, "code-invalid", text)
    if system == systems.SP_ID:
        return SpIdQuestion(value)
    if system == systems.NATIONAL_ID:
        return NationalIdQuestion(value)
    scheme = next((code for code in SCHEMES if systems.of_scheme(code) == system), "")
    return SchemeNumberQuestion(scheme, value)


def _response(call: Call, sent: dict[str, Any], told: Answer) -> dict[str, Any]:
    """An unknown answer is `partial`: it says neither that somebody is covered nor the contrary."""
    is_known = told.coverage != Coverage.UNKNOWN
    number = str(uuid4())
    asked = (
        sent.get("identifier") or [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{number}"}]
    )[0]
    body: dict[str, Any] = known({
        "resourceType": "CoverageEligibilityResponse",
        "id": number,
        "status": "active",
        "purpose": sent["purpose"],
        "patient": sent["patient"],
        "servicedDate": told.day.isoformat(),
        "created": call.now.isoformat(),
        "request": {"type": "CoverageEligibilityRequest", "identifier": asked},
        "outcome": "complete" if is_known else "partial",
        "disposition": told.fallback.english,
        "insurer": sent.get("insurer") or REGISTRY,
        "insurance": [_insurance(each) for each in told.schemes],
    })  # fmt: skip
    return body


def _insurance(told: SchemeAnswer) -> dict[str, Any]:
    """One scheme; whether it is in force is left out where it is not known."""
    enrolment = told.enrolment
    period = {}
    if enrolment is not None:
        period = {
            "start": enrolment.valid_from.isoformat() if enrolment.valid_from else None,
            "end": enrolment.valid_until.isoformat() if enrolment.valid_until else None,
        }
    identifier = {"system": SCHEME_SYSTEM, "value": told.scheme}
    name = SCHEMES[told.scheme].name if told.scheme in SCHEMES else told.scheme
    inforce = {Coverage.COVERED: True, Coverage.NOT_COVERED: False}.get(told.coverage)
    return {
        "coverage": {"type": "Coverage", "identifier": identifier, "display": name},
        "inforce": inforce,
        "benefitPeriod": period,
        "item": [{"name": told.gives.english, "description": f"{told.coverage}: {told.reason}"}],
    }
