"""A person as a Patient."""

from collections.abc import Iterable, Sequence
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.patient import Patient

from api.fhir.systems import SP_ID, identifiers
from api.fhir.wire import known
from registry.lookups.profiles import Name, Profile
from registry.sp_id import SpId

REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
LANGUAGE = "http://hl7.org/fhir/StructureDefinition/language"
_LEVELS = (("state", 2), ("district", 4), ("city", 6))


def patient(profile: Profile) -> dict[str, Any]:
    """A living person: numbers, names in both scripts, birth date, sex, place."""
    body = known({
        "resourceType": "Patient",
        "id": profile.sp_id,
        "meta": {"lastUpdated": profile.updated_at.isoformat()},
        "identifier": identifiers(profile),
        "active": True,
        "name": [_name(profile.khmer, "SYL", "km"), _name(profile.latin, "ABC", "km-Latn")],
        "telecom": [{"system": "phone", "value": profile.phone}] if profile.phone else None,
        "gender": profile.sex or "unknown",
        "birthDate": profile.birth_date.rstrip("~") if profile.birth_date else None,
        "address": _address(profile.village),
    })  # fmt: skip
    body["name"] = [each for each in body.get("name", []) if each]
    if not body["name"]:
        del body["name"]
    Patient.model_validate(body)
    return dict(body)


def merged(retired: SpId, survivor: SpId | None) -> dict[str, Any]:
    """A person who was found to be another, or whom no list names any more."""
    body: dict[str, Any] = {
        "resourceType": "Patient",
        "id": retired,
        "identifier": [{"use": "old", "system": SP_ID, "value": retired}],
        "active": False,
    }
    if survivor is not None:
        other = {"reference": f"Patient/{survivor}", "type": "Patient"}
        body["link"] = [{"other": other, "type": "replaced-by"}]
    Patient.model_validate(body)
    return body


def searchset(
    entries: Iterable[dict[str, Any]], total: int, links: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """A Bundle of what was found."""
    body = {
        "resourceType": "Bundle", "type": "searchset", "total": total, "link": list(links),
        "entry": list(entries),
    }  # fmt: skip
    body = {name: value for name, value in body.items() if value != []}
    Bundle.model_validate(body)
    return body


def entry(base: str, resource: dict[str, Any], search: dict[str, Any]) -> dict[str, Any]:
    """One resource of a Bundle, and why it is there."""
    url = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": search}


def _name(name: Name | None, representation: str, language: str) -> dict[str, Any] | None:
    if name is None:
        return None
    return {
        "extension": [
            {"url": REPRESENTATION, "valueCode": representation},
            {"url": LANGUAGE, "valueCode": language},
        ],
        "use": "official",
        "text": name.whole,
        "family": name.family,
        "given": [name.given] if name.given else None,
    }


def _address(village: str | None) -> list[dict[str, Any]] | None:
    """A place by its official codes."""
    if village is None:
        return None
    codes = {name: village[:size] for name, size in _LEVELS if len(village) >= size}
    return [{"use": "home", "type": "physical", "text": village, "country": "KH", **codes}]
