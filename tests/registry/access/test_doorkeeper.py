"""Who lets callers in, and remembers them for a while."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from registry.access import principals
from registry.access.doorkeeper import REMEMBERED, SOON, Doorkeeper
from registry.access.principals import Client
from registry.access.roles import Role
from registry.database import transaction
from registry.errors import NotAllowed
from registry.settings import Settings

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
LATE = NOW + REMEMBERED - SOON
SECOND = timedelta(seconds=1)


@pytest.fixture
def token(engine: Engine) -> str:
    with transaction(engine) as session:
        return principals.add_client(session, "clinic", Role.HEALTH_PROVIDER)


@pytest.fixture
def doorkeeper(engine: Engine) -> Iterator[Doorkeeper]:
    one = Doorkeeper(engine, Settings(plain_tokens=True))
    yield one
    one.close()


def asked(engine: Engine) -> list[str]:
    """The statements that the database is asked from now on."""
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    return said


def test_who_still_comes_is_looked_up_once_before_they_are_forgotten(
    engine: Engine, doorkeeper: Doorkeeper, token: str
) -> None:
    doorkeeper.admit(token, NOW)
    said = asked(engine)
    assert doorkeeper.remembered(token, LATE - SECOND) is not None
    assert not said
    for _ in range(50):
        assert doorkeeper.remembered(token, LATE) is not None
    doorkeeper.close()
    assert sum("FROM client" in one for one in said) == 1
    assert doorkeeper.remembered(token, LATE + REMEMBERED - SOON - SECOND) is not None


def test_who_was_revoked_is_forgotten_when_they_are_looked_up(
    engine: Engine, doorkeeper: Doorkeeper, token: str
) -> None:
    doorkeeper.admit(token, NOW)
    with transaction(engine) as session:
        session.query(Client).update({"revoked_at": NOW})
    assert doorkeeper.remembered(token, LATE) is not None
    doorkeeper.close()
    assert doorkeeper.remembered(token, LATE) is None
    with pytest.raises(NotAllowed):
        doorkeeper.admit(token, LATE)


def test_who_does_not_come_is_forgotten(doorkeeper: Doorkeeper, token: str) -> None:
    doorkeeper.admit(token, NOW)
    assert doorkeeper.remembered(token, NOW + REMEMBERED) is None
