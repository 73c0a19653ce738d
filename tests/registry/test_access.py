"""Clients and their tokens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import access
from registry.errors import Conflict, NotAllowed, RegistryError
from registry.roles import Permission, Role

NOW = datetime.now(UTC)


def test_token_opens_for_its_client(session: Session) -> None:
    token = access.add_client(session, "clinic")
    assert access.authenticate(session, token, NOW).name == "clinic"


def test_token_is_not_stored(session: Session) -> None:
    token = access.add_client(session, "clinic")
    rows = session.execute(text("SELECT client::text FROM client")).scalars().all()
    assert rows
    assert all(token not in row for row in rows)


def test_unknown_token_is_refused(session: Session) -> None:
    access.add_client(session, "clinic")
    with pytest.raises(NotAllowed):
        access.authenticate(session, "guess", NOW)


def test_revoked_client_is_refused(session: Session) -> None:
    token = access.add_client(session, "clinic")
    access.revoke(session, access.find_client(session, "clinic"), NOW)
    with pytest.raises(NotAllowed):
        access.authenticate(session, token, NOW)


def test_two_clients_never_share_a_name(session: Session) -> None:
    access.add_client(session, "clinic")
    with pytest.raises(Conflict):
        access.add_client(session, "clinic")


def test_client_asks_for_eligibility_unless_told_otherwise(session: Session) -> None:
    caller = access.authenticate(session, access.add_client(session, "clinic"), NOW).principal
    assert caller.permissions == {Permission.ASK_ELIGIBILITY}
    assert caller.name == "clinic"


def test_scheme_administrator_has_a_scheme(session: Session) -> None:
    with pytest.raises(RegistryError):
        access.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR)
    token = access.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR, scheme="nssf")
    assert access.authenticate(session, token, NOW).principal.scheme == "nssf"


def test_secret_is_no_bearer_token_after_thirty_days(session: Session) -> None:
    token = access.add_client(session, "clinic")
    with pytest.raises(NotAllowed):
        access.authenticate(session, token, NOW + timedelta(days=31))
    assert access.by_secret(session, token) is not None


def test_new_secret_ends_the_former(session: Session) -> None:
    token = access.add_client(session, "clinic")
    newer = access.renew(session, access.find_client(session, "clinic"), NOW)
    assert access.by_secret(session, token) is None
    assert access.authenticate(session, newer, NOW).name == "clinic"
