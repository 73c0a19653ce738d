"""The Integrated Beneficiary Registry over DCI: enrolled or not, and updates of a scheme."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from registry.database import transaction
from registry.lists import batches, imports
from tests.api.dci import standard
from tests.api.dci.conftest import TS, Partner, header
from tests.registry.partner_world import DARA_ID, SOKHA_ID
from tests.registry.sealed_rows import opened

ENROLLED = "/registry/sync/enrolled"
UPDATES = "/registry/sync/enrollment/updates"


def question(person: str, programme: str) -> dict[str, Any]:
    return {
        "signature": "",
        "header": header("search"),
        "message": {
            "transaction_id": str(uuid4()),
            "enrolled_criteria": {
                "query_type": "idtype-value", "response_entity": "Member",
                "query": {
                    "person_identifier": {"eq": person},
                    "programme_identifier.program.programme_identifier": {"eq": programme},
                },
            },
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "programme", "status", "told"),
    [
        ("sokha", "idpoor", "succ", "yes"),
        ("bopha", "idpoor", "succ", "yes"),
        (SOKHA_ID, "hef", "succ", "yes"),
        ("P3", "hef", "succ", "no"),
        ("sokha", "nssf", "succ", "no"),
        (DARA_ID, "hef", "rjct", "no"),
        ("nobody", "hef", "rjct", "no"),
    ],
)
def test_enrolled(partner: Partner, person: str, programme: str, status: str, told: str) -> None:
    body = question(partner.world.sp_ids.get(person, person), programme)
    standard.check_request(ENROLLED, body, standard.BENEFICIARIES)
    answer = partner.send(ENROLLED, body, role="provider", shapes=standard.BENEFICIARIES)
    [response] = answer.json()["message"]["enrolled_response"]
    assert (response["status"], response["enrolled_status"]) == (status, told)
    assert partner.audited()[-1][0] == "clinic"


def test_client_of_a_scheme_is_not_told_of_another(partner: Partner) -> None:
    body = question(partner.world.sp_ids["sokha"], "idpoor")
    answer = partner.send(ENROLLED, body, role="hef", shapes=standard.BENEFICIARIES)
    assert answer.json()["message"]["enrolled_response"][0]["status"] == "rjct"


@pytest.mark.parametrize(
    "query", [{}, {"person_identifier": {"eq": "1"}}, {"person_identifier": 1}]
)
def test_question_without_a_person_or_a_programme(partner: Partner, query: object) -> None:
    body = question("1", "hef")
    body["message"]["enrolled_criteria"]["query"] = query
    answer = partner.send(ENROLLED, body, shapes=standard.BENEFICIARIES)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "rjct.filter.invalid"


def updates(*beneficiaries: dict[str, Any]) -> dict[str, Any]:
    return {
        "signature": "",
        "header": {
            "message_id": str(uuid4()), "message_ts": TS, "action": "notify", "status": "succ",
        },
        "message": {
            "transaction_id": str(uuid4()),
            "enrolled_updates": {"beneficiaries": list(beneficiaries)},
        },
    }  # fmt: skip


NARY: dict[str, Any] = {
    "member": {
        "member_identifier": [{"identifier_type": "HEF", "identifier_value": "P900"}],
        "demographic_info": {"person": {
            "identifier": [{"identifier_type": "NIN", "identifier_value": "323456789"}],
            "name": {"first_name": "Nary", "surname": "Keo"}, "sex": "female",
            "birth_date": "1999-09-09", "address": [{"village": "05090203"}],
        }},
        "programme_identifier": {"enrolment_date": "2026-02-02", "enrolment_status": "Active"},
    }
}  # fmt: skip


def test_updates_are_taken_as_a_list_of_changes(partner: Partner) -> None:
    body = updates(NARY)
    standard.check_request(UPDATES, body, standard.BENEFICIARIES)
    answer = partner.send(UPDATES, body, role="list", shapes=standard.BENEFICIARIES)
    assert answer.status_code == 200, answer.text
    [response] = answer.json()["message"]["enrolled_response"]
    assert (response["reference_id"], response["status"]) == ("P900", "rcvd")
    number = int(response["status_reason_message"].removeprefix("batch "))
    imports.parse_batch(partner.engine, number, imports.Terms())
    with transaction(partner.engine) as session:
        batch = batches.find(session, number)
        assert (batch.scheme, batch.records_new, batch.rows_rejected) == ("hef", 1, 0)
        [row] = opened(
            partner.engine,
            "SELECT given_latin, birth_date, national_id, village, enrolment_valid_from::text"
            f" FROM record_version WHERE batch_id = {number}",
            national_id="national_id",
        )
        assert row == ("nary", "1999-09-09", "323456789", "05090203", "2026-02-02")
        session.execute(text("UPDATE batch SET status = 'linked' WHERE id = :id"), {"id": number})
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'import'"))


def test_only_a_schemes_own_system_says_who_is_in_it(partner: Partner) -> None:
    for role in ("officer", "provider", "viewer"):
        answer = partner.send(UPDATES, updates(NARY), role=role, shapes=standard.BENEFICIARIES)
        assert answer.status_code == 403
    nameless: dict[str, Any] = {"member": {"member_identifier": []}}
    answer = partner.send(UPDATES, updates(nameless), role="list", shapes=standard.BENEFICIARIES)
    assert answer.status_code == 400
