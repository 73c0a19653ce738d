"""Clients and their tokens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.access import principals
from registry.access.roles import Permission, Role
from registry.errors import Conflict, NotAllowed, RegistryError

NOW = datetime.now(UTC)


def test_token_opens_for_its_client(session: Session) -> None:
    token = principals.add_client(session, "clinic")
    assert principals.authenticate(session, token, NOW).name == "clinic"


def test_token_is_not_stored(session: Session) -> None:
    token = principals.add_client(session, "clinic")
    rows = session.execute(text("SELECT client::text FROM client")).scalars().all()
    assert rows
    assert all(token not in row for row in rows)


def test_unknown_token_is_refused(session: Session) -> None:
    principals.add_client(session, "clinic")
    with pytest.raises(NotAllowed):
        principals.authenticate(session, "guess", NOW)


def test_revoked_client_is_refused(session: Session) -> None:
    token = principals.add_client(session, "clinic")
    principals.revoke(session, principals.find_client(session, "clinic"), NOW)
    with pytest.raises(NotAllowed):
        principals.authenticate(session, token, NOW)


def test_two_clients_never_share_a_name(session: Session) -> None:
    principals.add_client(session, "clinic")
    with pytest.raises(Conflict):
        principals.add_client(session, "clinic")


def test_client_asks_for_eligibility_unless_told_otherwise(session: Session) -> None:
    caller = principals.authenticate(
        session, principals.add_client(session, "clinic"), NOW
    ).principal
    assert caller.permissions == {Permission.ASK_ELIGIBILITY}
    assert caller.name == "clinic"


def test_scheme_administrator_has_a_scheme(session: Session) -> None:
    with pytest.raises(RegistryError):
        principals.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR)
    token = principals.add_client(session, "nssf", Role.SCHEME_ADMINISTRATOR, scheme="nssf")
    assert principals.authenticate(session, token, NOW).principal.scheme == "nssf"


def test_secret_is_no_bearer_token_after_thirty_days(session: Session) -> None:
    token = principals.add_client(session, "clinic")
    with pytest.raises(NotAllowed):
        principals.authenticate(session, token, NOW + timedelta(days=31))
    assert principals.by_secret(session, token) is not None


def test_new_secret_ends_the_former(session: Session) -> None:
    token = principals.add_client(session, "clinic")
    newer = principals.renew(session, principals.find_client(session, "clinic"), NOW)
    assert principals.by_secret(session, token) is None
    assert principals.authenticate(session, newer, NOW).name == "clinic"
