"""A scheme's own system feeds its people one by one; what a feed may not say is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.fhir import systems
from registry.database import transaction
from registry.lists import batches, imports
from tests.api.fhir.conftest import Hospital
from tests.registry.sealed_rows import opened

OWN = f"{systems.of_scheme('hef')}|P901"
BODY: dict[str, Any] = {
    "resourceType": "Patient",
    "identifier": [
        {"system": systems.of_scheme("hef"), "value": "P901"},
        {"system": systems.NATIONAL_ID, "value": "423456789"},
    ],
    "name": [
        {"family": "Keo", "given": ["Nary"]},
        {"text": "កែវ ណារី"},
    ],
    "gender": "female",
    "birthDate": "1999-09-09",
    "telecom": [{"system": "phone", "value": "012345678"}],
    "address": [{"state": "05", "city": "050902", "text": "05090203"}],
}


@pytest.fixture(autouse=True)
def _settled(hospital: Hospital) -> Iterator[None]:
    """No batch stays in the way of the next one."""
    yield
    with transaction(hospital.engine) as session:
        session.execute(text("UPDATE batch SET status = 'linked' WHERE scheme = 'hef'"))
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'import'"))


def fed(hospital: Hospital, body: dict[str, Any]) -> int:
    """Feed a Patient, have it read as the worker does, and return its batch."""
    answer = hospital.resource(
        "PUT", "/Patient", params={"identifier": OWN}, json=body, role="list", status=202
    )
    [issue] = answer["issue"]
    assert issue["severity"] == "information"
    number = int(issue["diagnostics"].split("batch ")[1].split(":")[0])
    imports.parse_batch(hospital.engine, number, imports.Terms())
    with transaction(hospital.engine) as session:
        assert batches.find(session, number).rows_accepted == 1
        session.execute(text("UPDATE batch SET status = 'linked' WHERE id = :id"), {"id": number})
    return number


def names_now(hospital: Hospital) -> list[str]:
    """Every Latin given name of the record, the oldest version first."""
    with transaction(hospital.engine) as session:
        return list(session.scalars(
            text("SELECT given_latin FROM record_version v JOIN source_record r"
                 " ON r.id = v.record_id WHERE r.scheme_record_id = 'P901' ORDER BY v.id")
        ))  # fmt: skip


def test_feed_is_taken_as_a_change_of_the_list(hospital: Hospital) -> None:
    number = fed(hospital, BODY)
    [row] = opened(
        hospital.engine,
        "SELECT family_latin, given_latin, name_khmer, birth_date, sex, national_id, phone,"
        f" village FROM record_version WHERE batch_id = {number}",
        national_id="national_id", phone="phone",
    )  # fmt: skip
    assert row == (
        "keo", "nary", "កែវ ណារី", "1999-09-09", "female", "423456789", "+85512345678", "05090203"
    )  # fmt: skip
    fed(hospital, BODY | {"name": [{"family": "Keo", "given": ["Narin"]}]})
    fed(hospital, BODY)
    assert names_now(hospital)[-3:] == ["nary", "narin", "nary"]


@pytest.mark.parametrize(
    ("token", "changed", "status", "code"),
    [
        ("P901", {}, 400, "invalid"),
        ("urn:oid:1.2.3.4|P901", {}, 400, "code-invalid"),
        (f"{systems.of_scheme('nssf')}|P901", {}, 403, "forbidden"),
        (f"{systems.SP_ID}|100000000018", {}, 403, "forbidden"),
        (
            OWN,
            {"identifier": [{"system": systems.of_scheme("hef"), "value": "P9"}]},
            400,
            "invalid",
        ),
        (OWN, {"resourceType": "Observation"}, 400, "invalid"),
        (OWN, {"gender": 5}, 400, "invalid"),
        (OWN, {"active": False}, 422, "not-supported"),
        (
            OWN,
            {"link": [{"other": {"reference": "Patient/100000000018"}, "type": "replaced-by"}]},
            422,
            "not-supported",
        ),
    ],
)
def test_feed_that_is_refused(
    hospital: Hospital, token: str, changed: dict[str, Any], status: int, code: str
) -> None:
    hospital.refused(
        "PUT", "/Patient", status, code, params={"identifier": token}, json=BODY | changed,
        role="list",
    )  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "provider", "viewer"])
def test_only_a_schemes_own_system_feeds(hospital: Hospital, role: str) -> None:
    hospital.refused(
        "PUT", "/Patient", 403, "forbidden", params={"identifier": OWN}, json=BODY, role=role
    )
