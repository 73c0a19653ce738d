"""Identifier systems: one URI for the SP ID, the national ID, and the numbers of every scheme."""

from http import HTTPStatus

from api.fhir.outcome import Refused
from registry.lookups.conditions import All, Compare, Condition, Operator, SameRecord
from registry.lookups.profiles import Profile
from registry.schemes import SCHEMES

BASE = "urn:social-protection-registry:id"
SP_ID = f"{BASE}:sp-id"
NATIONAL_ID = f"{BASE}:national-id"
BIRTH_CERTIFICATE = f"{BASE}:birth-certificate"
_BY_SCHEME = {f"{BASE}:{code.replace('_', '-')}": code for code in SCHEMES}
_ATTRIBUTES = {
    SP_ID: "sp_id", NATIONAL_ID: "national_id", BIRTH_CERTIFICATE: "birth_certificate",
}  # fmt: skip
SYSTEMS = (*_ATTRIBUTES, *_BY_SCHEME)
NOBODY = Compare("sp_id", Operator.EQUAL, "")


def of_scheme(code: str) -> str:
    """The system of a scheme's numbers."""
    return f"{BASE}:{code.replace('_', '-')}"


def holder(token: str) -> Condition:
    """Who has the identifier of a token: `system|value`.

    Raises:
        Refused: it is no such token, or the system is not known.
    """
    system, bar, value = token.partition("|")
    if not bar or not system or not value or "|" in value or "\0" in token:
        raise Refused(HTTPStatus.BAD_REQUEST, "invalid", "An identifier is `system|value`.")
    if system in _ATTRIBUTES:
        return Compare(_ATTRIBUTES[system], Operator.EQUAL, value)
    if system not in _BY_SCHEME:
        raise Refused(HTTPStatus.BAD_REQUEST, "code-invalid", "The system is not known here.")
    by_scheme = Compare("scheme", Operator.EQUAL, _BY_SCHEME[system])
    return SameRecord((by_scheme, Compare("scheme_number", Operator.EQUAL, value)))


def identifiers(profile: Profile) -> list[dict[str, str]]:
    """The numbers of a person, the SP ID first."""
    papers = (
        (NATIONAL_ID, profile.national_id), (BIRTH_CERTIFICATE, profile.birth_certificate),
    )  # fmt: skip
    return [
        {"use": "official", "system": SP_ID, "value": profile.sp_id},
        *({"system": system, "value": value} for system, value in papers if value),
        *(
            {"use": "secondary", "system": of_scheme(each.scheme), "value": each.number}
            for each in profile.enrolments
        ),
    ]


EVERYBODY = All(())
