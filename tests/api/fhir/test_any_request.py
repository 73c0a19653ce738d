"""Requests of any content: none brings the door down."""

import json
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import assume, given
from hypothesis import strategies as st

from api.fhir import app as door
from api.fhir.pdqm import PARAMETERS
from tests.api.cases import CASES, note
from tests.api.dci.test_any_message import ANYTHING, BRIEF
from tests.api.fhir.conftest import Hospital, check

SCHEMA = schemathesis.openapi.from_dict(door.create().openapi())
OPERATIONS = [
    (method.upper(), path)
    for path, methods in door.create().openapi()["paths"].items() for method in methods
]  # fmt: skip


def tried(hospital: Hospital, method: str, path: str, *, role: str = "officer", **how: Any) -> None:
    headers = {"Authorization": f"Bearer {hospital.tokens[role]}"} | how.pop("headers", {})
    answer = hospital.http.request(method, f"/fhir{path}", headers=headers, **how)
    note("/fhir", answer.status_code)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert "json" in answer.headers["content-type"], (path, answer.text)
        assert "resourceType" in answer.json(), (path, answer.text)
        assert check(answer.json())["resourceType"] == "OperationOutcome"


ROLES = ["officer", "hef", "list", "provider", "viewer"] if CASES else ["officer", "list"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_described_requests(hospital: Hospital, method: str, path: str, role: str) -> None:
    @BRIEF
    @given(case=SCHEMA[path][method].as_strategy())
    def try_it(case: Any) -> None:
        where = path
        for name, value in (case.path_parameters or {}).items():
            assume("%0A" not in quote(str(value)) and "%0A" not in str(value))
            where = where.replace(f"{{{name}}}", quote(str(value), safe=""))
        query = {name: str(value) for name, value in (case.query or {}).items()}
        tried(hospital, method, where, role=role, params=query)

    try_it()


@pytest.mark.parametrize("path", ["/Patient/$ihe-pix", "/Patient/$match",
                                  "/CoverageEligibilityRequest"])  # fmt: skip
@pytest.mark.parametrize("kind", ["Parameters", "CoverageEligibilityRequest"])
def test_any_resource(hospital: Hospital, path: str, kind: str) -> None:
    @BRIEF
    @given(value=ANYTHING, name=st.sampled_from(["resource", "sourceIdentifier", "count"]))
    def try_it(value: object, name: str) -> None:
        parameter = {"name": name, "resource": value, "valueIdentifier": value}
        for sent in (value, {"resourceType": kind, "parameter": value, "patient": value},
                     {"resourceType": kind, "parameter": [parameter, value]}):  # fmt: skip
            content = json.dumps(sent).encode()
            tried(hospital, "POST", path, content=content,
                  headers={"Content-Type": "application/fhir+json"})  # fmt: skip

    try_it()


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_any_demographics(hospital: Hospital, name: str) -> None:
    @BRIEF
    @given(value=st.text(max_size=30))
    def try_it(value: str) -> None:
        tried(hospital, "POST", "/Patient/_search", data={name: value})

    try_it()
