"""What is seen from outside: figures, lines and headers without anything that somebody sent."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.problem_words import KHMER, prefers_khmer
from registry.access.roles import Role
from registry.settings import Settings
from tests.api.served import Served, served

MARK = "Markedname"


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(engine, Settings(database_url=database_url, home=tmp_path)) as opened:
        yield opened


def test_metrics_and_lines_name_templates_and_nothing_that_was_sent(
    service: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="registry")
    sp_id = service.sp_ids["nssf", "1"]
    service.get(Role.DATA_OFFICER, f"/v1/persons/{sp_id}", purpose=MARK)
    body = {"by": "name", "name": MARK, "birth_date": "x", "purpose": MARK, MARK: 1}
    refused = service.call(Role.HEALTH_PROVIDER, "POST", "/v1/eligibility", json=body)
    unknown = service.call(Role.HEALTH_PROVIDER, "GET", f"/{MARK}")
    assert (refused.status_code, unknown.status_code) == (422, 404)
    metrics = service.http.get("/metrics").text
    assert 'route="/v1/persons/{sp_id}",status="200"' in metrics
    assert 'route="unknown"' in metrics
    lines = [
        json.loads(record.message) for record in caplog.records if record.name == "registry.http"
    ]
    assert {line["route"] for line in lines} >= {"/v1/persons/{sp_id}", "/v1/eligibility"}
    assert all(line["request"] for line in lines)
    for seen in (metrics, caplog.text, refused.text, unknown.text):
        assert MARK not in seen
        assert sp_id not in seen


def test_every_answer_has_the_headers_that_protect_and_the_id_of_its_request(
    service: Served,
) -> None:
    for path in ("/livez", "/v1/schemes", "/nowhere"):
        headers = service.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]


def test_problem_is_told_in_khmer_to_whoever_prefers_it(service: Served) -> None:
    answer = service.call(
        Role.HEALTH_PROVIDER, "GET", "/v1/decisions", headers={"Accept-Language": "km,en;q=0.5"}
    )
    body = answer.json()
    assert answer.headers["content-language"] == "km"
    assert (body["status"], body["type"]) == (403, "urn:registry:problem:forbidden")
    assert body["title"] == "គ្មានសិទ្ធិ"
    assert body["detail_en"]
    plain = service.call(Role.HEALTH_PROVIDER, "GET", "/v1/decisions")
    assert plain.json()["title"] == "Forbidden"


@pytest.mark.parametrize(
    ("accepted", "is_khmer"),
    [("km", True), ("km-KH,en", True), ("en,km", False), ("en;q=0.5,km;q=0.9", True), ("", False),
     ("km;q=x", False), ("fr", False)],
)  # fmt: skip
def test_language_is_chosen_by_preference(accepted: str, *, is_khmer: bool) -> None:
    assert prefers_khmer(accepted) == is_khmer


def test_words_are_khmer() -> None:
    for title, detail in KHMER.values():
        assert "\u1780" <= title[0] <= "\u17ff"
        assert "\u1780" <= detail[0] <= "\u17ff"
