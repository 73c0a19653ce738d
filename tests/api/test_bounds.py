"""What the server bears from outside, and what every answer says."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from starlette.types import Message

from api.app import create_app
from api.bounds import HEADERS, USUAL_SIZE, Bounds
from api.fhir import systems
from registry.access import limits, principals
from registry.access.limits import Limit, by_purpose
from registry.access.roles import Permission, Role
from registry.database import transaction
from registry.settings import Settings
from registry.sp_id import drawn

QUESTION = {"by": "sp_id", "sp_id": "1000 0000 0018", "purpose": "treatment"}


@pytest.fixture
def http(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, home=tmp_path))) as opened:
        yield opened


@pytest.fixture
def headers(engine: Engine) -> dict[str, str]:
    with transaction(engine) as session:
        token = principals.add_client(session, "office", Role.DATA_OFFICER)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def windows_begin_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let limits count from now on, so that no minute or hour ends while a test counts."""
    begun = datetime.now(UTC)
    monkeypatch.setattr(limits, "_end", lambda _now, lasts: begun + lasts)


@pytest.mark.parametrize("path", ["/livez", "/v1/persons/1", "/nowhere"])
def test_every_answer_has_the_headers(http: TestClient, path: str) -> None:
    answer = http.get(path)
    for name in HEADERS:
        assert name in answer.headers
    assert "strict-transport-security" not in answer.headers


def test_behind_tls_browsers_are_told_to_stay_there(database_url: str, tmp_path: Path) -> None:
    settings = Settings(
        database_url=database_url, home=tmp_path, public_url="https://registry.example"
    )
    with TestClient(create_app(settings)) as http:
        assert "strict-transport-security" in http.get("/livez").headers


@pytest.mark.parametrize("is_declared", [True, False])
def test_larger_body_is_refused_declared_or_not(
    http: TestClient, headers: dict[str, str], *, is_declared: bool
) -> None:
    body = b" " * (USUAL_SIZE + 1)
    content = body if is_declared else iter([body[: len(body) // 2], body[len(body) // 2 :]])
    answer = http.post(
        "/v1/lookups", content=content, headers={**headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_body_that_comes_too_slowly_is_refused() -> None:
    async def never() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.request"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    app = FastAPI()

    @app.post("/")
    def take(body: dict[str, str]) -> dict[str, str]:
        return body

    scope = {
        "type": "http", "path": "/", "method": "POST", "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    asyncio.run(Bounds(app, slowest=0.01)(scope, never, send))
    assert sent[0]["status"] == 408


@pytest.mark.usefixtures("windows_begin_now")
def test_too_many_are_told_when_to_come_back(
    http: TestClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LIMITS", {Permission.LOOK_UP: Limit(2, 100)})
    answers = [http.post("/v1/lookups", json=QUESTION, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60


@pytest.mark.usefixtures("windows_begin_now")
def test_trying_numbers_out_ends_soon(
    http: TestClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_MISSES", 3)
    answers = [http.post("/v1/lookups", json=QUESTION, headers=headers) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_what_was_asked_in_vain_is_recorded(
    http: TestClient, headers: dict[str, str], engine: Engine
) -> None:
    answer = http.get(f"/v1/persons/{drawn(1)[0]}", params={"purpose": "care"}, headers=headers)
    assert answer.status_code == 404
    with transaction(engine) as session:
        found = session.execute(text("SELECT actor, purpose, outcome, door FROM audit_entry")).all()
    assert [tuple(row) for row in found] == [
        ("office", "care", "0 found; refused: NotFound", "api")
    ]


@pytest.mark.usefixtures("windows_begin_now")
def test_each_door_counts_what_was_asked_in_vain(
    http: TestClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    """Also where the door has a refusal of its own, which undoes the transaction."""
    monkeypatch.setattr(limits, "MOST_MISSES", 2)
    asked = {"sourceIdentifier": f"{systems.SP_ID}|{drawn(1)[0]}"}
    answers = [
        http.get("/fhir/Patient/$ihe-pix", params=asked, headers=headers).status_code
        for _ in range(4)
    ]
    assert answers == [404, 404, 404, 429]
    with transaction(engine) as session:
        found = session.execute(text("SELECT outcome, door FROM audit_entry")).all()
    assert [tuple(row) for row in found] == [("0 found; refused: Refused", "fhir")] * 3


@pytest.mark.usefixtures("windows_begin_now")
def test_purpose_with_a_limit_is_refused_before_it_is_answered(
    http: TestClient, headers: dict[str, str], engine: Engine
) -> None:
    http.app.state.limiter.purposes = by_purpose("treatment=1/1")  # type: ignore[attr-defined] # ours
    answers = [http.post("/v1/lookups", json=QUESTION, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    with transaction(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entry")) == 1
