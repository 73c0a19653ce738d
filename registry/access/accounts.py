"""Accounts as an administrator changes them: of officers, of clients. Every change is recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.access import officer_identities, officers, principals, second_factor, web_sessions
from registry.access.officers import NewOfficer
from registry.access.provider import Identity
from registry.access.roles import Role
from registry.auditing import audit
from registry.auditing.audit import Access
from registry.errors import RegistryError

PURPOSE = "management of accounts"
SHORTEST_PURPOSE = 3
LONGEST_PURPOSE = 200


@dataclass(frozen=True)
class Steward:
    """Who changes accounts, and when."""

    name: str
    now: datetime


@dataclass(frozen=True)
class NewClient:
    """A machine client about to be added; the rest as in `principals.Client`."""

    name: str
    role: Role = Role.HEALTH_PROVIDER
    scheme: str | None = None
    facility: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class Secret:
    """The number and the secret of a client, which is told this once."""

    client: int
    token: str


def add_officer(session: Session, new: NewOfficer, by: Steward) -> str | None:
    """Make an account; its initial password, told this once, None for who has none.

    Raises:
        Conflict, RegistryError: as for `officers.add`.
    """
    password = officers.add(session, new, by.now)
    _record(session, "add officer", new.login, by)
    return password


def connect_officer(session: Session, login: str, identity: Identity, by: Steward) -> None:
    """Let a provider's subject sign in as an officer, who has no password any more.

    Raises:
        NotFound: there is no such officer.
        Conflict, RegistryError: as for `officer_identities.connect`.
    """
    officer = officers.find(session, login)
    officer_identities.connect(session, officer, identity)
    web_sessions.end_all(session, officer)
    _record(session, "connect officer", login, by)


def disconnect_officer(session: Session, login: str, by: Steward) -> str:
    """Let an officer sign in with a password again; an initial one, told this once.

    Raises:
        NotFound: there is no such officer.
    """
    officer = officers.find(session, login)
    officer_identities.disconnect(session, officer)
    web_sessions.end_all(session, officer)
    password = officers.give_initial_password(session, officer, by.now)
    _record(session, "disconnect officer", login, by)
    return password


def reset_officer(session: Session, login: str, by: Steward) -> str | None:
    """A new initial password; the second factor is taken away and whoever is signed in is out.

    None for who signs in with a provider and has no password.

    Raises:
        NotFound: there is no such officer.
    """
    officer = officers.find(session, login)
    second_factor.take_away(session, officer)
    web_sessions.end_all(session, officer)
    if officer_identities.is_connected(session, officer):
        password = None
    else:
        password = officers.give_initial_password(session, officer, by.now)
    _record(session, "reset officer", login, by)
    return password


def unlock_officer(session: Session, login: str, by: Steward) -> None:
    """Let an officer try again at once.

    Raises:
        NotFound: there is no such officer.
    """
    officers.forgive(officers.find(session, login))
    _record(session, "unlock officer", login, by)


def close_officer(session: Session, login: str, by: Steward) -> None:
    """Let an officer in no more, from now on.

    Raises:
        NotFound: there is no such officer.
    """
    officer = officers.find(session, login)
    officers.close(session, officer, by.now)
    web_sessions.end_all(session, officer)
    _record(session, "close officer", login, by)


def add_client(session: Session, new: NewClient, by: Steward) -> Secret:
    """Add a client.

    Raises:
        Conflict, RegistryError: as for `principals.add_client`.
    """
    token = principals.add_client(
        session, new.name, new.role, scheme=new.scheme, facility=new.facility, purpose=new.purpose
    )
    _record(session, "add client", new.name, by)
    return Secret(principals.find_client(session, new.name).id, token)


def agree_purpose(session: Session, name: str, purpose: str, by: Steward) -> None:
    """Agree with a client on what it asks for, where its messages state nothing.

    Raises:
        NotFound: there is no such client.
        RegistryError: it is no purpose.
    """
    if not SHORTEST_PURPOSE <= len(purpose.strip()) <= LONGEST_PURPOSE:
        raise RegistryError("A purpose is a text of 3 to 200 characters.")
    principals.find_client(session, name).purpose = purpose.strip()
    _record(session, "agree on a purpose", name, by)


def renew_client(session: Session, name: str, by: Steward) -> Secret:
    """Give a client a new secret in place of the former.

    Raises:
        NotFound: there is no such client.
    """
    client = principals.find_client(session, name)
    token = principals.renew(session, client, by.now)
    _record(session, "renew client", name, by)
    return Secret(client.id, token)


def revoke_client(session: Session, name: str, by: Steward) -> None:
    """Let a client call no more.

    Raises:
        NotFound: there is no such client.
    """
    principals.revoke(session, principals.find_client(session, name), by.now)
    _record(session, "revoke client", name, by)


def _record(session: Session, action: str, whose: str, by: Steward) -> None:
    audit.record(session, Access(by.name, action, PURPOSE, (), "done", which=(whose,)), by.now)
