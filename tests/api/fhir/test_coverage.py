"""Coverage and bulk export over FHIR."""

import json
from typing import Any

import pytest

from api.fhir import systems
from registry.access import principals
from registry.access.roles import Role
from registry.database import transaction
from registry.schemes import SCHEMES
from tests.api.fhir.conftest import Hospital, check
from tests.registry.partner_world import DARA_ID

ASYNC = {"Prefer": "respond-async"}


def request(patient: dict[str, Any], **members: Any) -> dict[str, Any]:
    return check({
        "resourceType": "CoverageEligibilityRequest", "status": "active",
        "purpose": ["validation"], "patient": patient, "created": "2026-06-01",
        "insurer": {"display": "HEF"}, **members,
    })  # fmt: skip


def inforce(response: dict[str, Any]) -> dict[str, bool | None]:
    return {
        each["coverage"]["identifier"]["value"]: each.get("inforce")
        for each in response["insurance"]
    }


def test_coverage_of_a_patient(hospital: Hospital) -> None:
    sent = request({"reference": f"Patient/{hospital.world.sp_ids['sokha']}"})
    path = "/CoverageEligibilityRequest"
    told = hospital.resource("POST", path, json=sent, role="provider")
    assert told["resourceType"] == "CoverageEligibilityResponse"
    found = inforce(told)
    assert found.keys() == SCHEMES.keys()
    assert (found["idpoor"], found["hef"]) == (True, True)
    assert found["nssf"] is None, "no list of it was ever taken: that is not known"
    assert told["outcome"] == "complete"
    [idpoor] = [e for e in told["insurance"] if e["coverage"]["identifier"]["value"] == "idpoor"]
    assert idpoor["benefitPeriod"] == {"start": "2025-01-01", "end": "2099-12-31"}
    actor, action, purpose, persons = hospital.last_audited()
    assert (actor, action) == ("clinic", "ask eligibility")
    assert purpose.startswith("FHIR")
    assert persons == [hospital.world.persons["sokha"]]


def test_coverage_by_a_retired_number_and_on_another_day(hospital: Hospital) -> None:
    bopha = hospital.world.sp_ids["bopha"]
    sent = request(
        {"identifier": {"system": systems.SP_ID, "value": bopha}}, servicedDate="2024-06-01"
    )
    told = hospital.resource("POST", "/CoverageEligibilityRequest", json=sent, role="provider")
    assert told["servicedDate"] == "2024-06-01"
    assert inforce(told)["idpoor"] is False


@pytest.mark.parametrize(
    ("system", "value"),
    [(systems.NATIONAL_ID, DARA_ID), (systems.NATIONAL_ID, "000000000"),
     (systems.of_scheme("hef"), "P404"), (systems.SP_ID, "hello")],
)  # fmt: skip
def test_nobody_certain_is_partial_and_neither_covered_nor_not(
    hospital: Hospital, system: str, value: str
) -> None:
    sent = request({"identifier": {"system": system, "value": value}})
    told = hospital.resource("POST", "/CoverageEligibilityRequest", json=sent, role="provider")
    assert told["outcome"] == "partial"
    assert set(inforce(told).values()) == {None}
    assert "not mean no" in told["disposition"]


def test_request_that_is_refused(hospital: Hospital) -> None:
    path = "/CoverageEligibilityRequest"
    unknown = request({"identifier": {"system": "urn:oid:1.2.3", "value": "1"}})
    hospital.refused("POST", path, 400, "code-invalid", json=unknown)
    hospital.refused("POST", path, 400, "invalid", json={"resourceType": "Patient"})
    partial = request({"reference": "Patient/1"}, servicedDate="2026")
    hospital.refused("POST", path, 400, "invalid", json=partial)


def test_export_of_the_schemes_own_patients(hospital: Hospital) -> None:
    begun = hospital.ask("GET", "/$export", role="list", status=202, headers=ASYNC)
    where = begun.headers["content-location"].split("/fhir")[1]
    manifest = hospital.ask("GET", where, role="list").json()
    [output] = manifest["output"]
    assert (output["type"], output["count"], manifest["requiresAccessToken"]) == (
        "Patient", 2, True,
    )  # fmt: skip
    file = hospital.ask("GET", output["url"].split("/fhir")[1], role="list",
                        headers={"Accept": "application/fhir+ndjson"})  # fmt: skip
    assert file.headers["content-type"].startswith("application/fhir+ndjson")
    found = [check(json.loads(line)) for line in file.text.splitlines()]
    assert {each["id"] for each in found} == {
        hospital.world.sp_ids[name] for name in ("sokha", "dara")
    }
    told = {each["system"] for patient in found for each in patient["identifier"]}
    assert systems.of_scheme("idpoor") not in told
    actor, action, _, persons = hospital.last_audited()
    assert (actor, action, len(persons)) == ("hef office", "export persons", 2)
    hospital.ask("DELETE", where, role="list", status=202)


def test_export_that_is_refused(hospital: Hospital) -> None:
    hospital.refused("GET", "/$export", 400, "required", role="list")
    hospital.refused("GET", "/$export", 403, "forbidden", role="officer", headers=ASYNC)
    kinds = {"_type": "Observation"}
    hospital.refused("GET", "/$export", 400, "not-supported", role="list", headers=ASYNC,
                     params=kinds)  # fmt: skip
    unknown = "/bulk/00000000-0000-4000-8000-000000000000"
    hospital.refused("GET", unknown, 404, "not-found", role="list")
    hospital.refused("GET", "/bulk/1", 400, "invalid", role="list")


def test_export_of_what_changed_since(hospital: Hospital) -> None:
    far = "0190-01-04T12:15:00-19:45"
    for since, most in (("2026-01-05T08:00:00Z", 2), ("2026-01-05T08:00:01Z", 0), (far, 2)):
        begun = hospital.ask("GET", "/$export", role="list", status=202, headers=ASYNC,
                             params={"_since": since})  # fmt: skip
        where = begun.headers["content-location"].split("/fhir")[1]
        manifest = hospital.ask("GET", where, role="list").json()
        assert sum(each["count"] for each in manifest["output"]) == most
        assert "-01-05T08" in manifest["request"].split("_since=")[1]
        file = hospital.ask("GET", f"{where}/Patient.ndjson", role="list",
                            headers={"Accept": "application/fhir+ndjson"})  # fmt: skip
        assert len(file.text.splitlines()) == most
    hospital.ask("GET", "/$export", role="list", status=400, headers=ASYNC,
                 params={"_since": "2026-01-05T08:00:00"})  # fmt: skip


def test_purpose_that_is_not_stated_is_the_one_agreed(hospital: Hospital) -> None:
    patient = f"/Patient/{hospital.world.sp_ids['sokha']}"
    hospital.ask("GET", patient)
    assert "as agreed: identification of beneficiaries" in hospital.last_audited()[2]
    with transaction(hospital.engine) as session:
        token = principals.add_client(session, "client of before", Role.DATA_OFFICER)
        principals.find_client(session, "client of before").purpose = None
    headers = {"Authorization": f"Bearer {token}"}
    hospital.refused("GET", patient, 422, "invalid", headers=headers)
    hospital.ask("GET", patient, headers={**headers, "Purpose": "treatment"})
    assert hospital.last_audited()[2].endswith(": treatment")
