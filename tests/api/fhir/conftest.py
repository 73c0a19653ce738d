"""A health system that asks the registry in FHIR; every answer is held against FHIR R4."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import fhirkit
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, make_url, text

from api.app import create_app
from registry.access import principals
from registry.access.roles import Role
from registry.auditing import audit_chain
from registry.database import connect, transaction
from registry.settings import Settings
from tests.conftest import _create, _drop
from tests.registry.partner_world import PartnerWorld, settle


def check(resource: object) -> dict[str, Any]:
    """A resource is valid FHIR R4."""
    assert isinstance(resource, dict)
    assert fhirkit.validate(json.dumps(resource)) == []
    return resource


@dataclass
class Hospital:
    """A client of the service, and what it knows of the world."""

    http: TestClient
    engine: Engine
    world: PartnerWorld
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, *, role: str = "officer", status: int = 200, **how: Any
    ) -> Response:
        """Ask, expect a status, and hold what is answered against FHIR."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} | how.pop("headers", {})
        answer = self.http.request(method, f"/fhir{path}", headers=headers, **how)
        assert answer.status_code == status, answer.text
        if "fhir+json" in answer.headers.get("content-type", ""):
            check(answer.json())
        return answer

    def resource(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        """The resource that is answered."""
        found = self.ask(method, path, **how)
        assert found.headers["content-type"].startswith("application/fhir+json")
        body: dict[str, Any] = found.json()
        return body

    def refused(self, method: str, path: str, status: int, code: str, **how: Any) -> None:
        """Ask for what is refused with an OperationOutcome."""
        body = self.resource(method, path, status=status, **how)
        assert body["resourceType"] == "OperationOutcome"
        assert body["issue"][0]["code"] == code, body

    def last_audited(self) -> tuple[str, str, str, list[int]]:
        """Actor, action, purpose and persons of the newest entry of the audit, of this door."""
        with transaction(self.engine) as session:
            assert audit_chain.verify(session).is_whole
            row = session.execute(
                text("SELECT actor, action, purpose, persons, door FROM audit_entry"
                     " ORDER BY id DESC LIMIT 1")
            ).one()  # fmt: skip
            assert row.door == "fhir"
            return row.actor, row.action, row.purpose, row.persons


@pytest.fixture(scope="package")
def hospital(server_url: str, template: str) -> Iterator[Hospital]:
    """A service on a database of this package's own."""
    name = f"registry_fhir_{os.getpid()}"
    _create(server_url, name, template)
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    with transaction(engine) as session:
        world = settle(session)
        tokens = {
            "officer": principals.add_client(session, "hospital", Role.DATA_OFFICER),
            "hef": principals.add_client(session, "hef system", Role.DATA_OFFICER, scheme="hef"),
            "list": principals.add_client(
                session, "hef office", Role.SCHEME_ADMINISTRATOR, scheme="hef"
            ),
            "provider": principals.add_client(session, "clinic", Role.HEALTH_PROVIDER),
            "viewer": principals.add_client(session, "ministry", Role.NATIONAL_VIEWER),
        }
    with TestClient(create_app(Settings(database_url=url, limit_factor=0))) as client:
        yield Hospital(client, engine, world, tokens)
    engine.dispose()
    _drop(server_url, name)
