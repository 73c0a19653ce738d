"""Patients over FHIR: read, searched, cross-referenced, matched; and what is refused how."""

from typing import Any

import pytest

from api.fhir import app as door
from api.fhir import match, systems
from api.fhir.pdqm import PARAMETERS
from registry.lookups import lookup
from registry.lookups.lookup import Answer
from registry.sp_id import SpId
from tests.api.fhir.conftest import Hospital
from tests.registry.partner_world import DARA_ID, SOKHA_ID

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SPELLING = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"


def numbers(patient: dict[str, Any]) -> dict[str, str]:
    return {each["system"]: each["value"] for each in patient["identifier"]}


def ids(bundle: dict[str, Any]) -> set[str]:
    return {each["resource"]["id"] for each in bundle.get("entry", [])}


def test_patient_has_numbers_names_in_both_scripts_and_place(hospital: Hospital) -> None:
    sokha = hospital.world.sp_ids["sokha"]
    found = hospital.resource("GET", f"/Patient/{sokha}", headers={"Purpose": "treatment"})
    assert numbers(found) == {
        systems.SP_ID: sokha, systems.NATIONAL_ID: SOKHA_ID, systems.of_scheme("hef"): "P1",
        systems.of_scheme("idpoor"): "05090203-8107-01",
    }  # fmt: skip
    scripts = {
        name["extension"][0]["valueCode"]: (name["family"], name["given"])
        for name in found["name"] if name["extension"][0]["url"] == SPELLING and "family" in name
    }  # fmt: skip
    assert scripts["SYL"] == ("សុខ", ["ខា"])
    assert {name["text"] for name in found["name"]} == {"សុខ ខា", "Sok Kha"}
    assert (found["gender"], found["birthDate"], found["active"]) == ("female", "1990-05-04", True)
    assert found["address"][0]["state"] == "05"
    actor, _, purpose, persons = hospital.last_audited()
    assert (actor, persons) == ("hospital", [hospital.world.persons["sokha"]])
    assert "FHIR" in purpose
    assert "treatment" in purpose


def test_merged_patient_is_replaced_by_the_survivor(hospital: Hospital) -> None:
    bopha, sokha = (hospital.world.sp_ids[name] for name in ("bopha", "sokha"))
    found = hospital.resource("GET", f"/Patient/{bopha}")
    assert found["active"] is False
    [link] = found["link"]
    assert (link["type"], link["other"]["reference"]) == ("replaced-by", f"Patient/{sokha}")
    assert len(found["identifier"]) == 1


@pytest.mark.parametrize("number", ["100000000018", "hello", "100000000019"])
def test_patient_that_is_not_there(hospital: Hospital, number: str) -> None:
    hospital.refused("GET", f"/Patient/{number}", 404, "not-found")


def test_client_of_a_scheme_sees_that_scheme_alone(hospital: Hospital) -> None:
    sokha, child = (hospital.world.sp_ids[name] for name in ("sokha", "child"))
    found = hospital.resource("GET", f"/Patient/{sokha}", role="hef")
    assert systems.of_scheme("idpoor") not in numbers(found)
    hospital.refused("GET", f"/Patient/{child}", 404, "not-found", role="hef")


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ({"identifier": f"{systems.NATIONAL_ID}|{SOKHA_ID}"}, {"sokha"}),
        ({"identifier": f"{systems.NATIONAL_ID}|{DARA_ID}"}, {"dara", "namesake"}),
        ({"identifier": f"{systems.of_scheme('hef')}|P3"}, {"dara"}),
        ({"identifier": f"{systems.NATIONAL_ID}|000000000"}, set()),
        ({"family": "sok"}, {"sokha"}),
        ({"family": "so"}, {"sokha"}),
        ({"family:exact": "so"}, set()),
        ({"family": "សុខ"}, {"sokha", "child"}),
        ({"given": "Dara", "family": "Chan"}, {"dara", "namesake"}),
        ({"given": "ដារា"}, {"dara"}),
        ({"name": "kha"}, {"sokha"}),
        ({"birthdate": "1990-05-04"}, {"sokha"}),
        ({"birthdate": "1990"}, {"sokha"}),
        ({"birthdate": "ge1980-01-01"}, {"sokha", "child"}),
        ({"birthdate": "lt1972", "gender": "male"}, {"dara"}),
        ({"gender": "female,male", "address-state": "01"}, {"dara"}),
        ({"address-city": "050902"}, {"sokha", "child"}),
        ({"telecom": "+85512345678"}, {"sokha"}),
        ({"active": "true", "family": "chan"}, {"dara", "namesake"}),
        ({"active": "false", "family": "chan"}, set()),
    ],
)
def test_demographics(hospital: Hospital, query: dict[str, str], who: set[str]) -> None:
    wanted = {hospital.world.sp_ids[name] for name in who}
    by_get = hospital.resource("GET", "/Patient", params=query)
    by_post = hospital.resource("POST", "/Patient/_search", data=query)
    for bundle in (by_get, by_post):
        assert (bundle["type"], bundle["total"], ids(bundle)) == ("searchset", len(who), wanted)
    assert "link" not in by_post, "what was asked in the body must not stand in an address"


def test_search_by_a_retired_number_leads_to_the_survivor(hospital: Hospital) -> None:
    bopha, sokha = (hospital.world.sp_ids[name] for name in ("bopha", "sokha"))
    for query in ({"_id": bopha}, {"identifier": f"{systems.SP_ID}|{bopha}"}):
        assert ids(hospital.resource("GET", "/Patient", params=query)) == {sokha}


def test_pages(hospital: Hospital) -> None:
    first = hospital.resource("GET", "/Patient", params={"active": "true", "_count": "3"})
    [following] = [each["url"] for each in first["link"] if each["relation"] == "next"]
    second = hospital.resource("GET", following.split("/fhir")[1])
    assert (first["total"], second["total"]) == (4, 4)
    assert not any(each["relation"] == "next" for each in second["link"])
    everybody = set(hospital.world.sp_ids.values()) - {hospital.world.sp_ids["bopha"]}
    assert ids(first) | ids(second) == everybody


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "too-costly"), ({"shoe": "44"}, "not-supported"),
        ({"identifier": SOKHA_ID}, "invalid"), ({"identifier": "|1"}, "invalid"),
        ({"identifier": "urn:oid:1.2.3|1"}, "code-invalid"),
        ({"identifier": "https://elsewhere.example.org/id|1"}, "code-invalid"),
        ({"birthdate": "May"}, "invalid"), ({"family": ""}, "invalid"),
        ({"birthdate:exact": "1990"}, "not-supported"), ({"active": "maybe"}, "invalid"),
        ({"family": "x", "_count": "many"}, "invalid"),
    ],
)  # fmt: skip
def test_search_that_is_refused(hospital: Hospital, query: dict[str, str], code: str) -> None:
    hospital.refused("GET", "/Patient", 400, code, params=query)
    hospital.refused("POST", "/Patient/_search", 400, code, data=query)


def pix(source: str, *targets: str) -> dict[str, Any]:
    system, _, value = source.partition("|")
    wanted = [{"name": "targetSystem", "valueUri": target} for target in targets]
    named = {"name": "sourceIdentifier", "valueIdentifier": {"system": system, "value": value}}
    return {"resourceType": "Parameters", "parameter": [named, *wanted]}


def test_cross_reference(hospital: Hospital) -> None:
    source = f"{systems.of_scheme('hef')}|P1"
    by_get = hospital.resource("GET", "/Patient/$ihe-pix", params={"sourceIdentifier": source})
    by_post = hospital.resource("POST", "/Patient/$ihe-pix", json=pix(source))
    assert by_get == by_post
    told = {
        each["valueIdentifier"]["system"]: each["valueIdentifier"]["value"]
        for each in by_get["parameter"] if each["name"] == "targetIdentifier"
    }  # fmt: skip
    assert told == {
        systems.SP_ID: hospital.world.sp_ids["sokha"], systems.NATIONAL_ID: SOKHA_ID,
        systems.of_scheme("idpoor"): "05090203-8107-01",
    }  # fmt: skip
    [target] = [each for each in by_get["parameter"] if each["name"] == "targetId"]
    assert target["valueReference"]["reference"].endswith(hospital.world.sp_ids["sokha"])


def test_cross_reference_to_one_system_from_a_retired_number(hospital: Hospital) -> None:
    source = f"{systems.SP_ID}|{hospital.world.sp_ids['bopha']}"
    query = {"sourceIdentifier": source, "targetSystem": systems.NATIONAL_ID}
    found = hospital.resource("GET", "/Patient/$ihe-pix", params=query)
    told = [each["valueIdentifier"] for each in found["parameter"] if "valueIdentifier" in each]
    assert [each["value"] for each in told] == [SOKHA_ID]


@pytest.mark.parametrize(
    ("source", "targets", "status", "code"),
    [
        (f"{systems.NATIONAL_ID}|000000000", [], 404, "not-found"),
        (f"{systems.NATIONAL_ID}|{DARA_ID}", [], 404, "not-found"),
        ("urn:oid:1.2.3|1", [], 400, "code-invalid"),
        ("no bar", [], 400, "invalid"),
        (f"{systems.NATIONAL_ID}|{SOKHA_ID}", ["urn:oid:1.2.3"], 403, "code-invalid"),
    ],
)
def test_cross_reference_that_is_refused(
    hospital: Hospital, source: str, targets: list[str], status: int, code: str
) -> None:
    query = {"sourceIdentifier": source, "targetSystem": targets}
    hospital.refused("GET", "/Patient/$ihe-pix", status, code, params=query)
    if "|" in source:
        hospital.refused("POST", "/Patient/$ihe-pix", status, code, json=pix(source, *targets))


def test_cross_reference_without_a_source(hospital: Hospital) -> None:
    hospital.refused("GET", "/Patient/$ihe-pix", 400, "invalid")
    empty = {"resourceType": "Parameters", "parameter": []}
    hospital.refused("POST", "/Patient/$ihe-pix", 400, "required", json=empty)


def described(*, certain: bool = False, **patient: Any) -> dict[str, Any]:
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "resource", "resource": {"resourceType": "Patient", **patient}},
            {"name": "onlyCertainMatches", "valueBoolean": certain},
            {"name": "count", "valueInteger": 5},
        ],
    }


def graded(bundle: dict[str, Any]) -> list[tuple[str, float]]:
    return [
        (each["search"]["extension"][0]["valueCode"], each["search"]["score"])
        for each in bundle.get("entry", [])
    ]


def test_match_by_number(hospital: Hospital) -> None:
    sent = described(identifier=[{"system": systems.NATIONAL_ID, "value": SOKHA_ID}])
    found = hospital.resource("POST", "/Patient/$match", json=sent)
    assert (ids(found), graded(found)) == ({hospital.world.sp_ids["sokha"]}, [("certain", 1.0)])
    shared = [{"system": systems.NATIONAL_ID, "value": DARA_ID}]
    both = hospital.resource("POST", "/Patient/$match", json=described(identifier=shared))
    assert [grade for grade, _ in graded(both)] == ["probable", "probable"]
    none = described(certain=True, identifier=shared)
    assert hospital.resource("POST", "/Patient/$match", json=none)["total"] == 0


def test_match_by_name_has_the_engines_weights(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is put in by hand; that it finds whom it should is tested with the engine."""
    dara, namesake, sokha = (
        SpId(hospital.world.sp_ids[name]) for name in ("dara", "namesake", "sokha")
    )
    answers = [
        Answer(dara, 9.0, is_certain=True), Answer(namesake, 1.0, is_certain=False),
        Answer(sokha, -2.0, is_certain=False),
    ]  # fmt: skip
    monkeypatch.setattr(lookup, "look_up", lambda *_: answers)
    name = [{"family": "Chan", "given": ["Dara"]}]
    sent = described(name=name, birthDate="1971-11-23", gender="male")
    found = hospital.resource("POST", "/Patient/$match", json=sent)
    assert graded(found) == [("certain", 0.998051), ("probable", 0.666667), ("possible", 0.2)]
    assert [each["resource"]["id"] for each in found["entry"]] == [dara, namesake, sokha]
    certain = described(certain=True, name=name, birthDate="1971-11-23")
    assert ids(hospital.resource("POST", "/Patient/$match", json=certain)) == {dara}
    answers[1] = Answer(namesake, 8.5, is_certain=True)
    assert hospital.resource("POST", "/Patient/$match", json=certain)["total"] == 0


def test_score_is_the_weight_as_a_probability() -> None:
    assert [match.score(weight) for weight in (-1e9, -1, 0, 1, 1e9)] == [
        0.0, 0.333333, 0.5, 0.666667, 1.0,
    ]  # fmt: skip


def test_match_of_what_is_no_patient(hospital: Hospital) -> None:
    hospital.refused("POST", "/Patient/$match", 400, "required", json={"resourceType": "Patient"})
    hospital.refused("POST", "/Patient/$match", 400, "invalid", json=described(birthDate="x"))
    assert hospital.resource("POST", "/Patient/$match", json=described())["total"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/Patient?family=x"), ("POST", "/Patient/_search"), ("GET", "/Patient/100000000018"),
     ("GET", "/Patient/$ihe-pix?sourceIdentifier=a|b"), ("POST", "/Patient/$ihe-pix"),
     ("POST", "/Patient/$match"), ("POST", "/CoverageEligibilityRequest"), ("GET", "/$export")],
)  # fmt: skip
def test_nobody_without_a_token_and_a_permission(
    hospital: Hospital, method: str, path: str
) -> None:
    no_token = {"Authorization": ""}
    hospital.refused(method, path, 401, "login", headers=no_token)
    hospital.refused(method, path, 401, "login", headers={"Authorization": "Bearer guess"})
    hospital.refused(method, path, 403, "forbidden", role="viewer")


def test_forms_that_are_not_spoken(hospital: Hospital) -> None:
    xml = {"Accept": "application/fhir+xml"}
    hospital.refused("GET", "/metadata", 406, "not-supported", headers=xml)
    hospital.refused("GET", "/metadata?_format=xml", 406, "not-supported")
    for spoken in ("json", "application/fhir+json", "application/fhir json", "text/json"):
        hospital.resource("GET", "/metadata", params={"_format": spoken}, headers=xml)
    for spoken in ("*/*", "application/json", "text/html, application/fhir+json;q=0.5"):
        hospital.resource("GET", "/metadata", headers={"Accept": spoken})
    text = {"Content-Type": "text/plain"}
    hospital.refused("POST", "/Patient/$match", 415, "not-supported", content="{}", headers=text)
    hospital.refused("POST", "/Patient/_search", 415, "not-supported", content="a", headers=text)
    sent = {"Content-Type": "application/fhir+json"}
    for content in ("{", "[]", "[" * 100_000, "\ufeff{}"):
        how: dict[str, Any] = {"content": content, "headers": sent}
        hospital.refused("POST", "/Patient/$match", 400, "structure", **how)
    hospital.refused("GET", "/Observation", 404, "not-found")
    hospital.refused("DELETE", "/Patient/100000000018", 405, "not-supported")


def test_capability_statement_is_true(hospital: Hospital) -> None:
    """Each interaction and operation has its route, and each route its interaction."""
    stated = hospital.resource("GET", "/metadata", headers={"Authorization": ""})
    [rest] = stated["rest"]
    claimed = {("GET", f"/${each['name']}") for each in rest["operation"]}
    ways = {
        "read": [("GET", "/{number}")],
        "search-type": [("GET", ""), ("POST", "/_search")],
        "create": [("POST", "")],
        "update": [("PUT", "")],
    }
    methods = {"match": ["POST"], "ihe-pix": ["GET", "POST"], "export": ["GET"]}
    for resource in rest["resource"]:
        start = f"/{resource['type']}"
        for interaction in resource["interaction"]:
            claimed |= {(method, start + end) for method, end in ways[interaction["code"]]}
        for operation in resource.get("operation", []):
            name = operation["name"]
            claimed |= {(method, f"{start}/${name}") for method in methods[name]}
    offered = {
        (method.upper(), path)
        for path, methods in door.create().openapi()["paths"].items() for method in methods
    }  # fmt: skip
    inner = {(method, path) for method, path in offered if path.startswith("/bulk/")}
    assert claimed == offered - inner - {("GET", "/metadata")}
    parameters = {each["name"] for each in rest["resource"][0]["searchParam"]}
    assert parameters == set(PARAMETERS)
