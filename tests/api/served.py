"""A served registry of a few records, and clients of every role that call it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, text

from api.app import create_app
from registry.access import principals
from registry.access.roles import Role
from registry.database import transaction
from registry.settings import Settings
from tests.registry.small_world import Said, World

SCHEME = "hef"
PARENT = Said("chan dara", "1990-05-04", card="05090203-8107", phone="12345678")
LIKE_PARENT = Said("sok kha", "1990-05-04", card="05090203-8107")


@dataclass
class Served:
    """A service under test; `sp_ids` are by scheme and number."""

    http: TestClient
    engine: Engine
    sp_ids: dict[tuple[str, str], str]
    tokens: dict[Role, str] = field(default_factory=dict)

    def call(self, role: Role, method: str, path: str, **more: Any) -> Response:
        """Call as a client of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", **more.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **more)

    def get(self, role: Role, path: str, **params: object) -> Any:
        """What is read at a path; it is there."""
        answer = self.call(role, "GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def served(engine: Engine, settings: Settings) -> Iterator[Served]:
    """Serve a database with two persons of whom an officer is to say whether they are one."""
    with transaction(engine) as session:
        world = World(session)
        world.load([(("nssf", "1"), PARENT), (("hef", "2"), LIKE_PARENT)])
        session.execute(text("UPDATE batch SET finished_at = now()"))
        sp_ids = world.holders()
        tokens = {
            role: principals.add_client(
                session, f"a {role}", role,
                scheme=SCHEME if role == Role.SCHEME_ADMINISTRATOR else None,
            )
            for role in Role
        }  # fmt: skip
    with TestClient(create_app(settings), raise_server_exceptions=False) as http:
        yield Served(http, engine, sp_ids, tokens)
