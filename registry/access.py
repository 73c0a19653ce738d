"""Who asks: principals, and machine clients with their tokens.

A token is 32 random bytes; only its SHA-256 is stored, so that nobody who reads the database can
call.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Identity, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import Conflict, NotAllowed, RegistryError
from registry.roles import NEEDS_SCHEME, Permission, Role, permissions

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Principal:
    """Who asks, what they are, and how far their sight goes.

    Attributes:
        name: the actor of the audit.
        scheme: the only scheme whose lists they see; None for all.
        provinces: codes of the only provinces whose people they see; None for all.
        facility: where they work, for the audit.
        scopes: what a token lets them use of what their roles allow; None for all of it.
    """

    kind: Literal["client", "officer"]
    id: int
    name: str
    roles: frozenset[Role]
    scheme: str | None = None
    provinces: frozenset[str] | None = None
    facility: str | None = None
    scopes: frozenset[Permission] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether they may do this at all; whose data they may do it with is another question."""
        return permission in self.permissions

    @property
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
    token_sha256: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]

    @property
    def principal(self) -> Principal:
        """Who the client is when it asks."""
        return Principal(
            "client", self.id, self.name, frozenset({self.role}), self.scheme, None, self.facility
        )


def add_client(
    session: Session, name: str, role: Role = Role.HEALTH_PROVIDER, *, scheme: str | None = None,
    facility: str | None = None,
) -> str:  # fmt: skip
    """Add a client and return its token, which is shown this once.

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
        Client(name=name, role=role, scheme=scheme, facility=facility, token_sha256=_digest(token))
    )
    session.flush()
    return token


def authenticate(session: Session, token: str) -> Client:
    """The client that holds a token.

    Raises:
        NotAllowed: nobody does, or not any more.
    """
    client = session.scalar(
        select(Client).where(Client.token_sha256 == _digest(token), Client.revoked_at.is_(None))
    )
    if client is None:
        raise NotAllowed("This token is not valid.")
    return client


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
