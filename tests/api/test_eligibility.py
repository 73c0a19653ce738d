"""Eligibility over HTTP: what a provider is told, and what nobody is."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from sqlalchemy import Engine, text
from sqlalchemy.exc import TimeoutError as NoConnection

from api import straight
from api.app import create_app
from api.routes.eligibility import EXAMPLES
from api.shapes.eligibility import EligibilityOut
from registry.access import principals
from registry.access.roles import Role
from registry.database import transaction
from registry.entitlements.eligibility import Answer
from registry.gathering import Gathering
from registry.settings import Settings
from tests.registry.small_world import Said, World

Body = dict[str, Any]


class Provider:
    """A health provider's system, on a registry whose list was linked today."""

    def __init__(self, http: TestClient, headers: dict[str, str], day: str) -> None:
        self.http = http
        self.headers = headers
        self.day = day

    def ask(self, **question: Any) -> Body:
        answer = self.http.post(
            "/v1/eligibility",
            json={"purpose": "treatment", "date": self.day, **question}, headers=self.headers,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()
        return body


@pytest.fixture
def provider(engine: Engine, database_url: str) -> Iterator[Provider]:
    with transaction(engine) as session:
        world = World(session)
        world.load([(("hef", "P3"), Said("chan dara", "1971-11-23"))])
        session.execute(text("UPDATE batch SET finished_at = now()"))
        token = principals.add_client(session, "clinic")
        day = session.scalar(text("SELECT current_date::text"))
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        yield Provider(client, {"Authorization": f"Bearer {token}"}, str(day))


def test_provider_is_told_coverage_and_enough_to_confirm_and_no_more(provider: Provider) -> None:
    answer = provider.ask(by="scheme_number", scheme="hef", scheme_record_id="P3")
    assert answer["coverage"] == "covered"
    assert answer["payer"] == "hef"
    assert answer["person"]["birth_year"] == 1971
    assert answer["person"]["initials_latin"] == "C. D."
    assert set(answer) == {
        "date", "coverage", "payer", "schemes", "fallback", "person", "resolved_by",
    }  # fmt: skip
    assert set(answer["fallback"]) == {"en", "km"}
    assert "dara" not in str(answer).lower()


def test_number_of_nobody_and_no_number_are_answered_alike(provider: Provider) -> None:
    nobody = provider.ask(by="national_id", national_id="987654321")
    assert nobody == provider.ask(by="national_id", national_id="no number")
    assert nobody["coverage"] == "unknown"
    assert nobody["person"] is None
    assert "sp_id" in nobody["resolved_by"]


def test_each_of_many_questions_has_an_answer_or_a_problem(provider: Provider) -> None:
    questions: dict[str, object] = {
        "known": {
            "by": "scheme_number", "scheme": "hef", "scheme_record_id": "P3", "date": provider.day,
        },
        "nobody": {"by": "sp_id", "sp_id": "no number", "date": provider.day},
        "malformed": {"by": "sp_id", "number": "marked", "date": "someday"},
        "no question": 7,
    }  # fmt: skip
    answer = provider.http.post(
        "/v1/eligibility/batch",
        json={"purpose": "treatment", "questions": questions}, headers=provider.headers,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert {key: one["coverage"] for key, one in body["answers"].items()} == {
        "known": "covered", "nobody": "unknown",
    }  # fmt: skip
    assert {key: one["status"] for key, one in body["problems"].items()} == {
        "malformed": 422, "no question": 422,
    }  # fmt: skip
    assert "marked" not in answer.text


def test_more_than_five_hundred_questions_are_refused(provider: Provider) -> None:
    one = {"by": "sp_id", "sp_id": "1", "date": provider.day}
    answer = provider.http.post(
        "/v1/eligibility/batch",
        json={"purpose": "care", "questions": {str(n): one for n in range(501)}},
        headers=provider.headers,
    )
    assert answer.status_code == 422


def test_short_and_long_way_answer_check_and_record_alike(
    provider: Provider, engine: Engine, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO, logger="registry.http")
    body = {"purpose": "treatment", "date": provider.day, "by": "scheme_number", "scheme": "hef",
            "scheme_record_id": "P3"}  # fmt: skip

    def post(headers: dict[str, str], **more: object) -> tuple[int, Body, str]:
        answer = provider.http.post("/v1/eligibility", json={**body, **more}, headers=headers)
        assert len(answer.headers["x-request-id"]) == 32
        return answer.status_code, {**answer.headers, "x-request-id": ""}, answer.text

    def both(headers: dict[str, str], **more: object) -> list[tuple[int, Body, str]]:
        short = post(headers, **more)
        with monkeypatch.context() as patched:
            patched.setattr(straight, "_caller", lambda _: None)
            long = post(headers, **more)
        lines = [json.loads(record.message) for record in caplog.records[-2:]]
        assert [line["status"] for line in lines] == [short[0], long[0]]
        assert lines[0]["route"] == lines[1]["route"] == "/v1/eligibility"
        return [short, long]

    with transaction(engine) as session:
        auditor = principals.add_client(session, "an auditor", Role.AUDITOR)
    provider.ask(**body)
    provider.http.get("/v1/findings?purpose=work", headers=_bearer(auditor))
    for headers, more, status in (
        (provider.headers, {}, 200),
        (provider.headers, {"scheme_record_id": "none"}, 200),
        (provider.headers, {"date": "someday"}, 422),
        (provider.headers, {"purpose": "\x00\x00\x00"}, 422),
        (_bearer(auditor), {}, 403),
        (_bearer("nobody"), {}, 401),
        ({}, {}, 401),
    ):
        short, long = both(headers, **more)
        assert short == long
        assert short[0] == status
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT count(*), count(DISTINCT (actor, persons, outcome, door, address))"
                 " FROM audit_entry WHERE action = 'ask eligibility'")
        ).one()  # fmt: skip
    assert tuple(found) == (5, 2)


def test_what_fails_on_the_short_way_is_told_and_counted_as_always(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    question = {"by": "sp_id", "sp_id": "1"}
    provider.ask(**question)

    async def late(*_: object) -> Answer:
        await asyncio.sleep(0.02)
        raise NoConnection

    caplog.set_level(logging.INFO, logger="registry.http")
    monkeypatch.setattr(Gathering, "ask", late)
    answer = provider.http.post(
        "/v1/eligibility", headers={**provider.headers, "Accept-Language": "km"},
        json={**question, "purpose": "treatment", "date": provider.day},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-language"] == "km"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    [line] = [json.loads(record.message) for record in caplog.records]
    assert (line["status"], line["route"]) == (503, "/v1/eligibility")
    assert line["milliseconds"] >= 20


def test_question_in_pieces_is_put_together(provider: Provider) -> None:
    provider.ask(by="sp_id", sp_id="1")
    body = json.dumps({"by": "sp_id", "sp_id": "1", "purpose": "care", "date": provider.day})
    for whole, status in ((body, 200), (body[1:], 422)):
        pieces = iter([whole[:20].encode(), whole[20:].encode()])
        headers = {**provider.headers, "Content-Type": "application/json"}
        answer = provider.http.post("/v1/eligibility", content=pieces, headers=headers)
        assert answer.status_code == status


def test_answer_is_sent_as_its_description_has_it(provider: Provider) -> None:
    described = TypeAdapter(EligibilityOut)
    for number in ("P3", "none"):
        sent = provider.ask(by="scheme_number", scheme="hef", scheme_record_id=number)
        answer = described.validate_python(sent)
        assert json.loads(answer.json()) == sent
        assert answer.json() == described.dump_json(answer)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_example_of_the_description_is_answered(provider: Provider, example: Body) -> None:
    assert provider.ask(**example["value"])["coverage"] == "unknown"
