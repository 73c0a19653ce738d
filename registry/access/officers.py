"""Officers: people with an account, what they may do, and how they prove who they are.

An officer signs in with a password (argon2id, RFC 9106) and a second factor
(`registry.access.second_factor`). Failures lock the account for a time that grows; it opens by
itself.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Identity, Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.principals import Principal
from registry.access.roles import NEEDS_SCHEME, Role
from registry.database import Row
from registry.errors import Conflict, NotFound, RegistryError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_CHARACTERS = 6
FREE_FAILURES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
INITIAL_PASSWORD_LASTS = timedelta(days=7)
_hasher = PasswordHasher()


class Officer(Row):
    """A person with an account.

    Attributes:
        login: what they sign in with, in lower case.
        password_hash: None for an account that nobody signs in to with a password.
        password_ends_at: when an initial password is worth nothing any more; None for their own.
        second_factor: the sealed secret of the one-time codes; it counts once confirmed.
        last_code: the time step of the last code taken: no code is taken twice.
    """

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    scheme: Mapped[str | None]
    provinces: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    password_hash: Mapped[str | None]
    password_ends_at: Mapped[datetime | None]
    needs_second_factor: Mapped[bool] = mapped_column(server_default="true")
    second_factor: Mapped[bytes | None]
    second_factor_at: Mapped[datetime | None]
    last_code: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]

    @property
    def principal(self) -> Principal:
        """Who the officer is when they ask; the audit knows them by their login."""
        provinces = None if self.provinces is None else frozenset(self.provinces)
        roles = frozenset(map(Role, self.roles))
        return Principal("officer", self.id, self.login, roles, self.scheme, provinces)

    @property
    def has_second_factor(self) -> bool:
        """Whether a confirmed second factor guards the account."""
        return self.second_factor is not None and self.second_factor_at is not None

    def is_locked(self, now: datetime) -> bool:
        """Whether nobody gets in for now, whatever they know."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True)
class NewOfficer:
    """An account about to be made.

    Attributes:
        provinces: codes of the provinces whose people they see; None for all.
        has_password: False for an account that nobody signs in to with a password.
    """

    login: str
    name: str
    roles: frozenset[Role]
    scheme: str | None = None
    provinces: frozenset[str] | None = None
    has_password: bool = True
    needs_second_factor: bool = True


def add(session: Session, new: NewOfficer, now: datetime) -> str | None:
    """Make an account; its initial password, shown this once, to be changed within a week.

    Raises:
        Conflict: the login is taken.
        RegistryError: no role, or one that needs a scheme without one.
    """
    login = new.login.strip().lower()
    if not new.roles:
        raise RegistryError("An officer needs a role.")
    if new.roles & NEEDS_SCHEME and new.scheme is None:
        raise RegistryError("A scheme administrator needs a scheme.")
    if session.scalar(select(Officer).where(Officer.login == login)) is not None:
        raise Conflict(f"There is an officer {login} already: choose another login.")
    officer = Officer(
        login=login, name=new.name, roles=sorted(role.value for role in new.roles),
        scheme=new.scheme, needs_second_factor=new.needs_second_factor,
        provinces=None if new.provinces is None else sorted(new.provinces),
    )  # fmt: skip
    session.add(officer)
    return give_initial_password(session, officer, now) if new.has_password else None


def give_initial_password(session: Session, officer: Officer, now: datetime) -> str:
    """A random password that must be changed when it is first used, within a week."""
    password = "-".join(secrets.token_hex(3) for _ in range(4))
    officer.password_hash = _hasher.hash(password)
    officer.password_ends_at = now + INITIAL_PASSWORD_LASTS
    forgive(officer)
    session.flush()
    return password


def choose_password(session: Session, officer: Officer, password: str) -> None:
    """Let an officer have a password of their own.

    Raises:
        RegistryError: it is too short, too long, too plain, or the one they have.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise RegistryError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    plain = password.lower()
    if len(set(plain)) < FEWEST_CHARACTERS or officer.login in plain:
        raise RegistryError("This password is too easy to guess: choose another.")
    if is_password(officer, password):
        raise RegistryError("Choose another password than the one you have.")
    officer.password_hash, officer.password_ends_at = _hasher.hash(password), None
    session.flush()


def is_password(officer: Officer | None, password: str) -> bool:
    """Whether this is an officer's password; as slow for somebody who does not exist."""
    known = _nobodys() if officer is None else officer.password_hash or _nobodys()
    try:
        fits = _hasher.verify(known, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and officer is not None and officer.password_hash is not None


def fail(officer: Officer, now: datetime) -> None:
    """Count a failure; from the fifth on each locks the account, twice as long as the last."""
    officer.failures += 1
    if officer.failures >= FREE_FAILURES:
        doublings = min(officer.failures - FREE_FAILURES, 10)
        officer.locked_until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)


def forgive(officer: Officer) -> None:
    """Forget failures."""
    officer.failures, officer.locked_until = 0, None


def everybody(session: Session) -> Sequence[Officer]:
    """All accounts, closed ones included, by login."""
    return session.scalars(select(Officer).order_by(Officer.login)).all()


def find(session: Session, login: str) -> Officer:
    """The account of a login, locked for a change.

    Raises:
        NotFound: there is none.
    """
    officer = by_login(session, login)
    if officer is None:
        raise NotFound(f"There is no officer {login}: `registry officer list` shows all.")
    return officer


def by_login(session: Session, login: str) -> Officer | None:
    """The account of a login, locked for a change; None where there is none."""
    named = select(Officer).where(Officer.login == login.strip().lower())
    return session.scalar(named.with_for_update().execution_options(populate_existing=True))


def close(session: Session, officer: Officer, now: datetime) -> None:
    """Let an officer in no more; what they did stays theirs."""
    officer.closed_at = officer.closed_at or now
    session.flush()


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """The hash of a password that nobody has."""
    return _hasher.hash(secrets.token_hex(32))
