"""Machine clients and their tokens: who may call the API.

A token is 32 random bytes; only its SHA-256 is stored, so that nobody who reads the database can
call.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Identity, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import Conflict, NotAllowed

TOKEN_BYTES = 32


class Client(Row):
    """A system that calls the API."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]


def add_client(session: Session, name: str) -> str:
    """Add a client and return its token, which is shown this once.

    Raises:
        Conflict: a client of that name exists.
    """
    if session.scalar(select(Client).where(Client.name == name)) is not None:
        raise Conflict(f"There is a client named {name} already: choose another name.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(Client(name=name, token_sha256=_digest(token)))
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
