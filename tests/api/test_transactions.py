"""Transactions of requests: ended where their work was done, and never held while waiting."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry.access.roles import Role
from registry.database import THREADS
from registry.settings import Settings
from tests.api.served import Served, served


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    settings = Settings(database_url=database_url, home=tmp_path, limit_factor=0)
    with served(engine, settings) as opened:
        yield opened


def test_more_requests_at_once_than_connections_are_all_answered(service: Served) -> None:
    def ask(number: int) -> int:
        body = {"by": "sp_id", "sp_id": str(number), "date": "2026-06-01", "purpose": "care"}
        answer = service.call(Role.HEALTH_PROVIDER, "POST", "/v1/eligibility", json=body)
        return answer.status_code

    with ThreadPoolExecutor(THREADS * 4) as pool:
        assert set(pool.map(ask, range(THREADS * 8))) == {200}
    with service.engine.connect() as connection:
        recorded = connection.scalar(text("SELECT count(*) FROM audit_entry"))
    assert recorded == THREADS * 8


def test_what_is_refused_leaves_nothing_behind(service: Served) -> None:
    body = {"verdict": "same", "purpose": "care"}
    answer = service.call(
        Role.DATA_OFFICER, "POST", "/v1/reviews/1/words", json=body, headers={"If-Match": '"1-9"'}
    )
    assert answer.status_code in {404, 409, 412}
    with service.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM opinion")) == 0
        assert connection.scalar(text("SELECT count(*) FROM audit_entry")) == 0
