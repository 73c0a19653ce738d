"""A partner of the registry: a client of the API with messages of the standard."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

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
from tests.api.dci import standard
from tests.conftest import _create, _drop
from tests.registry.partner_world import PartnerWorld, settle

TS = "2026-06-01T08:00:00+07:00"


def header(action: str, /, **members: Any) -> dict[str, Any]:
    """A header of a message that nobody sent before."""
    return {
        "version": "1.0.0", "message_id": str(uuid4()), "message_ts": TS, "action": action,
        "sender_id": "spmis.example.org", "receiver_id": "registry.example.org", "total_count": 1,
    } | members  # fmt: skip


def search(*criteria: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A message with searches."""
    return {
        "signature": "",
        "header": header("search", **({"total_count": len(criteria)} | members)),
        "message": {
            "transaction_id": str(uuid4()),
            "search_request": [
                {"reference_id": str(uuid4()), "timestamp": TS, "search_criteria": each,
                 "locale": "eng"}
                for each in criteria
            ],
        },
    }  # fmt: skip


def by_number(kind: str, value: str, **members: Any) -> dict[str, Any]:
    """A search by an identifier."""
    return {"query_type": "idtype-value", "query": {"type": kind, "value": value}, **members}


@dataclass
class Partner:
    """A client of the service, and what it knows of the world."""

    http: TestClient
    engine: Engine
    world: PartnerWorld
    settings: Settings
    tokens: dict[str, str] = field(default_factory=dict)

    def send(
        self, path: str, body: object, *, role: str = "officer", shapes: str = standard.SOCIAL
    ) -> Response:
        """Send a message, and hold the answer against the standard."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        answer = self.http.post(path, json=body, headers=headers)
        assert answer.status_code < 500, answer.text
        standard.check_answer(path, answer.status_code, answer.json(), shapes)
        return answer

    def find(self, *criteria: dict[str, Any], role: str = "officer") -> list[dict[str, Any]]:
        """The responses to searches."""
        message = search(*criteria)
        answer = self.send("/registry/sync/search", message, role=role)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["message"]["transaction_id"] == message["message"]["transaction_id"]
        found: list[dict[str, Any]] = body["message"]["search_response"]
        assert [each["reference_id"] for each in found] == [
            each["reference_id"] for each in message["message"]["search_request"]
        ]
        return found

    def records(self, criteria: dict[str, Any], *, role: str = "officer") -> list[dict[str, Any]]:
        """The records that a search finds; what is asked is of the standard's shape."""
        standard.check_request("/registry/sync/search", search(criteria))
        [response] = self.find(criteria, role=role)
        assert response["status"] == "succ", response
        records: list[dict[str, Any]] = response["data"]["reg_records"]
        return records

    def audited(self) -> list[tuple[str, str, str, list[int]]]:
        """Actor, action, purpose and persons of the audit, the newest last."""
        with transaction(self.engine) as session:
            assert audit_chain.verify(session).is_whole
            rows = session.execute(
                text("SELECT actor, action, purpose, persons FROM audit_entry ORDER BY id")
            )
            return [(actor, action, purpose, persons) for actor, action, purpose, persons in rows]


def sp_ids(records: list[dict[str, Any]]) -> set[str]:
    """The SP IDs of Member records."""
    return {record["member_identifier"][0]["identifier_value"] for record in records}


@pytest.fixture(scope="package")
def partner(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Partner]:
    """A service on a database of this package's own; tests leave the five persons as they are."""
    name = f"registry_dci_{os.getpid()}"
    _create(server_url, name, template)
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    with transaction(engine) as session:
        world = settle(session)
        tokens = {
            "officer": principals.add_client(session, "spmis", Role.DATA_OFFICER),
            "hef": principals.add_client(session, "hef system", Role.DATA_OFFICER, scheme="hef"),
            "provider": principals.add_client(session, "clinic", Role.HEALTH_PROVIDER),
            "signed": principals.add_client(session, "signing system", Role.DATA_OFFICER),
            "list": principals.add_client(
                session, "hef office", Role.SCHEME_ADMINISTRATOR, scheme="hef"
            ),
            "viewer": principals.add_client(session, "ministry", Role.NATIONAL_VIEWER),
        }
    settings = Settings(
        database_url=url,
        home=tmp_path_factory.mktemp("dci"),
        callback_networks="127.0.0.0/8",
        limit_factor=0,
    )
    with TestClient(create_app(settings)) as client:
        yield Partner(client, engine, world, settings, tokens)
    engine.dispose()
    _drop(server_url, name)
