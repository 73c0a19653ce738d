"""Clients and their tokens."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry import access
from registry.access import Client
from registry.errors import Conflict, NotAllowed, RegistryError
from registry.roles import Permission, Role


def test_token_opens_for_its_client(session: Session) -> None:
    token = access.add_client(session, "clinic")
    assert access.authenticate(session, token).name == "clinic"


def test_token_is_not_stored(session: Session) -> None:
    token = access.add_client(session, "clinic")
    rows = session.execute(text("SELECT client::text FROM client")).scalars().all()
    assert rows
    assert all(token not in row for row in rows)


def test_unknown_token_is_refused(session: Session) -> None:
    access.add_client(session, "clinic")
    with pytest.raises(NotAllowed):
        access.authenticate(session, "guess")


def test_revoked_client_is_refused(session: Session) -> None:
    token = access.add_client(session, "clinic")
    session.scalars(select(Client)).one().revoked_at = datetime(2026, 1, 1, tzinfo=UTC)
    session.flush()
    with pytest.raises(NotAllowed):
        access.authenticate(session, token)


def test_two_clients_never_share_a_name(session: Session) -> None:
    access.add_client(session, "clinic")
    with pytest.raises(Conflict):
        access.add_client(session, "clinic")


def test_client_asks_for_eligibility_unless_told_otherwise(session: Session) -> None:
    caller = access.authenticate(session, access.add_client(session, "clinic")).principal
    assert caller.permissions == {Permission.ASK_ELIGIBILITY}
    assert caller.name == "clinic"


def test_scheme_administrator_has_a_scheme(session: Session) -> None:
    with pytest.raises(RegistryError):
        access.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR)
    token = access.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR, scheme="nssf")
    assert access.authenticate(session, token).principal.scheme == "nssf"
