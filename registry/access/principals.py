"""Who asks: principals, and machine clients with their tokens.

A client's secret is 32 random bytes; only its SHA-256 is stored, so that nobody who reads the
database can call. It is exchanged for short tokens (`registry.access.tokens`), and is a bearer
token itself for thirty days.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import Identity, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.roles import NEEDS_SCHEME, PURPOSES, Permission, Role, permissions
from registry.database import Row
from registry.errors import Conflict, NotAllowed, NotFound, RegistryError

TOKEN_BYTES = 32
PLAIN_TOKEN_LASTS = timedelta(days=30)


@dataclass(frozen=True)
class Principal:
    """Who asks, what they are, and how far their sight goes.

    Attributes:
        name: the actor of the audit.
        scheme: the only scheme whose lists they see; None for all.
        provinces: codes of the only provinces whose people they see; None for all.
        facility: where they work, for the audit.
        scopes: what a token lets them use of what their roles allow; None for all of it.
        purpose: what they ask for, as agreed, where a message of a standard states nothing.
    """

    kind: Literal["client", "officer"]
    id: int
    name: str
    roles: frozenset[Role]
    scheme: str | None = None
    provinces: frozenset[str] | None = None
    facility: str | None = None
    scopes: frozenset[Permission] | None = None
    purpose: str | None = None

    @property
    def number(self) -> str:
        """What tells them from everybody else: what they are, and their number."""
        return f"{self.kind} {self.id}"

    def may(self, permission: Permission) -> bool:
        """Whether they may do this at all; whose data they may do it with is another question."""
        return permission in self.permissions

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All that they may do."""
        allowed = permissions(self.roles)
        return allowed if self.scopes is None else allowed & self.scopes


class Client(Row):
    """A system that calls the API."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(server_default=Role.HEALTH_PROVIDER.value)
    scheme: Mapped[str | None]
    facility: Mapped[str | None]
    purpose: Mapped[str | None]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    token_made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    public_keys: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]

    @property
    def principal(self) -> Principal:
        """Who the client is when it asks."""
        return Principal(
            "client", self.id, self.name, frozenset({self.role}), self.scheme, None, self.facility,
            purpose=self.purpose,
        )  # fmt: skip


def add_client(  # noqa: PLR0913 - what a client is
    session: Session, name: str, role: Role = Role.HEALTH_PROVIDER, *, scheme: str | None = None,
    facility: str | None = None, purpose: str | None = None,
) -> str:  # fmt: skip
    """Add a client and return its token, which is shown this once.

    `purpose` is what it asks for, as agreed; that of its role when nothing else is.

    Raises:
        Conflict: a client of that name exists.
        RegistryError: the role needs a scheme.
    """
    if session.scalar(select(Client).where(Client.name == name)) is not None:
        raise Conflict(f"There is a client named {name} already: choose another name.")
    if role in NEEDS_SCHEME and scheme is None:
        raise RegistryError(f"The role {role} needs a scheme.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Client(
            name=name, role=role, scheme=scheme, facility=facility, token_sha256=digest(token),
            purpose=purpose or PURPOSES.get(role),
        )
    )  # fmt: skip
    session.flush()
    return token


def authenticate(session: Session, token: str, now: datetime) -> Client:
    """The client that holds a secret, used as a bearer token.

    Raises:
        NotAllowed: nobody does, not any more, or for more than thirty days.
    """
    client = by_secret(session, token)
    if client is None:
        raise NotAllowed("This token is not valid.")
    if client.token_made_at + PLAIN_TOKEN_LASTS <= now:
        raise NotAllowed("This token is too old to be sent as it is: exchange it at /oauth2/token.")
    return client


def by_secret(session: Session, secret: str) -> Client | None:
    """The client that holds a secret, and still may use it."""
    return session.scalar(
        select(Client).where(Client.token_sha256 == digest(secret), Client.revoked_at.is_(None))
    )


def clients(session: Session) -> Sequence[Client]:
    """All clients, in the order in which they were added."""
    return session.scalars(select(Client).order_by(Client.id)).all()


def find_client(session: Session, name: str) -> Client:
    """The client of a name.

    Raises:
        NotFound: there is none.
    """
    client = session.scalar(select(Client).where(Client.name == name))
    if client is None:
        raise NotFound(f"There is no client named {name}: `registry client list` shows all.")
    return client


def renew(session: Session, client: Client, now: datetime) -> str:
    """Give a client a new secret; the former one is worth nothing from now on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    client.token_sha256, client.token_made_at = digest(token), now
    session.flush()
    return token


def revoke(session: Session, client: Client, now: datetime) -> None:
    """Let a client call no more."""
    client.revoked_at = client.revoked_at or now
    session.flush()


def digest(secret: str) -> str:
    """What is stored of a random secret; enough, because nobody can guess 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()
