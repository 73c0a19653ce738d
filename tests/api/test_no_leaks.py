"""Marked names and numbers go through every door, and are looked for where they do not belong."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, text

from api.app import create_app
from registry.access import principals
from registry.access.roles import Role
from registry.database import transaction
from registry.settings import Settings
from tests.api.doors import DOORS

MARKS = ("Markedfamily Markedgiven", "សម្គាល់ឈ្មោះ", "987654321", "+85599887766", "7777777777")
NAME, KHMER, NATIONAL_ID, PHONE, NUMBER = MARKS
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"by": "name", "name": NAME, "birth_date": "1980-01-02", "purpose": "care"},
    {"by": "name", "name": KHMER, "birth_date": "1980-01-02", "purpose": "care"},
    {"by": "name", "name": NAME, "birth_date": NAME, "purpose": "care"},
    {"by": "national_id", "national_id": NATIONAL_ID, "purpose": "care"},
    {"by": "national_id", "national_id": PHONE * 20, "purpose": "care"},
    {"by": "scheme_number", "scheme": "nssf", "scheme_record_id": NUMBER, "purpose": "care"},
    {"by": NAME, "purpose": NATIONAL_ID},
    {NAME: PHONE},
)
BODIES: tuple[bytes, ...] = (
    *(json.dumps(question).encode() for question in QUESTIONS),
    *(json.dumps({"purpose": "care", "question": question}).encode() for question in QUESTIONS),
    *(json.dumps({"purpose": "care", "who": question}).encode() for question in QUESTIONS),
    *(json.dumps({"header": question, "message": question}).encode() for question in QUESTIONS),
    f'{{"name": "{NAME}", "national_id": {NATIONAL_ID}'.encode(),
    NAME.encode(),
    b"\xff" + KHMER.encode(),
)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> FastAPI:
    return create_app(Settings(database_url=database_url, home=tmp_path, limit_factor=0))


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def answers(http: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture) -> list[Response]:
    """What every door answers to every body, for somebody who may come in."""
    caplog.set_level(logging.DEBUG)
    with transaction(engine) as session:
        bearers = {role: principals.add_client(session, role, role) for role in _OF_PEOPLE}
    found = []
    for name in DOORS:
        method, path = name.split(" ", 1)
        for bearer in bearers.values() if method != "GET" else []:
            headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
            found += [
                http.request(method, path.replace("{", "").replace("}", ""), content=body,
                             headers=headers)
                for body in BODIES
            ]  # fmt: skip
    return found


_OF_PEOPLE = (Role.DATA_OFFICER, Role.HEALTH_PROVIDER)


def test_nothing_marked_is_where_it_does_not_belong(
    answers: list[Response], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    engine: Engine,
) -> None:  # fmt: skip
    assert any(answer.status_code == 200 for answer in answers)
    problems = [answer.text for answer in answers if answer.status_code >= 400]
    assert problems
    told = [
        *problems,
        *(answer.headers.get("location", "") for answer in answers),
        *(str(answer.url) for answer in answers),
        *(record.getMessage() for record in _of_the_service(caplog)),
        *(str(record.exc_info) for record in _of_the_service(caplog)),
        *capfd.readouterr(),
    ]
    with transaction(engine) as session:
        told += session.scalars(text("SELECT audit_entry::text FROM audit_entry")).all()
        told += session.scalars(text("SELECT use_count::text FROM use_count")).all()
    for mark in MARKS:
        assert not [text for text in told if mark in text], mark
    assert not [answer.status_code for answer in answers if answer.status_code >= 500]


def _of_the_service(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the service logged: the test's own client logs what it sends."""
    return [record for record in caplog.records if not record.name.startswith("httpx")]
