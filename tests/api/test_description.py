"""The description of the API, held by generated requests: no 5xx, and each answer as described.

With `REGISTRY_CASES=30` so many cases of every operation are made, by clients of every role; a few,
by two of them, when it is unset; the other doors have `test_any_message` and `test_any_request`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from api.app import create_app
from registry.access.roles import Role
from registry.settings import Settings
from tests.api.cases import CASES, brief, note
from tests.api.served import Served, served

ROLES = tuple(Role) if CASES else (Role.SUPERVISOR, Role.SCHEME_ADMINISTRATOR)
CHECKS = [
    not_a_server_error, content_type_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip


@schemathesis.serializer("application/offset+octet-stream")
def as_it_is(_: object, value: object) -> bytes:
    """Parts of files are sent as they are."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    settings = Settings(database_url=database_url, home=tmp_path, limit_factor=0)
    with served(engine, settings) as opened:
        yield opened


def hold(service: Served, operation: Any, role: Role) -> None:
    """Send generated requests to one operation as a client of a role, and look at each answer."""
    headers = {"Authorization": f"Bearer {service.tokens[role]}"}

    @brief(2)
    @given(operation.as_strategy())
    def run(case: Any) -> None:
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        note("/v1", answer.status_code)

    run()


def test_every_operation_answers_as_described(service: Served) -> None:
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", service.http.app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 35
    for operation in operations:
        for role in ROLES:
            hold(service, operation, role)


def test_that_one_asks_too_often_or_that_nothing_answers_is_described() -> None:
    """Both may happen anywhere under `/v1`."""
    for path, operations in create_app(Settings()).openapi()["paths"].items():
        if path.startswith("/v1/"):
            for method, operation in operations.items():
                assert {"429", "503"} <= operation["responses"].keys(), (method, path)
