"""The description of the API, held by generated requests: no 5xx, and each answer as described.

`REGISTRY_CASES=200 python -m pytest tests/api/test_description.py` makes so many cases of every
operation and role; a few when it is unset. Uploads in pieces follow a protocol of their own, which
generated requests do not speak.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from registry.access.roles import Role
from registry.settings import Settings
from tests.api.served import Served, served

CASES = int(os.environ.get("REGISTRY_CASES", "2"))
ROLES = (Role.SUPERVISOR, Role.SCHEME_ADMINISTRATOR)
CHECKS = [
    not_a_server_error, content_type_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip
QUICK = settings(
    max_examples=CASES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(engine, Settings(database_url=database_url, home=tmp_path)) as opened:
        yield opened


def hold(service: Served, operation: Any, role: Role) -> None:
    """Send generated requests to one operation as a client of a role, and look at each answer."""
    headers = {"Authorization": f"Bearer {service.tokens[role]}"}

    @QUICK
    @given(operation.as_strategy())
    def run(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()


def test_every_operation_answers_as_described(service: Served) -> None:
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", service.http.app)
    chosen = described.include(path_regex="^/v1/").exclude(path_regex="^/v1/uploads")
    operations = [found.ok() for found in chosen.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:
        for role in ROLES:
            hold(service, operation, role)
