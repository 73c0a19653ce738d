"""Exchanges with partner systems: which messages were taken, and what became of them.

A message number of a client is taken once. What is kept of an exchange is what happened to each
request in it, never what was asked or answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row


class Partner(Row):
    """What was agreed with a client on the exchange of messages.

    Attributes:
        sender: name under which it sends; None for any.
        address: where answers go when a message names no place.
        keys: public keys (JWK) that sign its messages; with none, signatures are not checked.
    """

    __tablename__ = "partner"

    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id"), primary_key=True, autoincrement=False
    )
    sender: Mapped[str | None]
    address: Mapped[str | None]
    keys: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class Exchange(Row):
    """A message that was taken: `requests` says of each request its number and its outcome."""

    __tablename__ = "exchange"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    message_id: Mapped[str]
    correlation_id: Mapped[str] = mapped_column(unique=True)
    transaction_id: Mapped[str]
    kind: Mapped[str]
    requests: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("client_id", "message_id"),
        Index("ix_exchange_transaction", "client_id", "transaction_id"),
    )


@dataclass(frozen=True)
class Opening:
    """A message about to be taken."""

    client: int
    message_id: str
    correlation_id: str
    transaction_id: str
    kind: str
    at: datetime


def begin(session: Session, opening: Opening) -> int | None:
    """Take a message; None where this client's message of that number was taken before."""
    return session.scalar(
        insert(Exchange)
        .values(
            client_id=opening.client,
            message_id=opening.message_id,
            correlation_id=opening.correlation_id,
            transaction_id=opening.transaction_id,
            kind=opening.kind,
            requests=[],
            at=opening.at,
        )
        .on_conflict_do_nothing(index_elements=["client_id", "message_id"])
        .returning(Exchange.id)
    )


def settle(session: Session, exchange: int, requests: Sequence[dict[str, Any]]) -> None:
    """Write down what became of the requests of a message."""
    session.get_one(Exchange, exchange).requests = list(requests)
    session.flush()


def of_transaction(session: Session, client: int, transaction_id: str) -> list[Exchange]:
    """A client's messages of a transaction, the oldest first."""
    return _of_client(session, client, Exchange.transaction_id == transaction_id)


def of_correlation(session: Session, client: int, correlation_id: str) -> list[Exchange]:
    """A client's message that was answered under this number."""
    return _of_client(session, client, Exchange.correlation_id == correlation_id)


def of_references(session: Session, client: int, references: Sequence[str]) -> list[Exchange]:
    """A client's messages that hold requests of these numbers, the oldest first."""
    holds = text(
        "EXISTS (SELECT FROM jsonb_array_elements(exchange.requests) r"
        " WHERE r->>'reference_id' = ANY(:references))"
    ).bindparams(references=list(references))
    return _of_client(session, client, holds)


def _of_client(session: Session, client: int, condition: Any) -> list[Exchange]:
    query = select(Exchange).where(Exchange.client_id == client, condition)
    return list(session.scalars(query.order_by(Exchange.id).limit(100)))


def partner(session: Session, client: int) -> Partner:
    """What was agreed with a client; nothing where nothing was."""
    return session.get(Partner, client) or Partner(client_id=client, keys=[])


def agree(
    session: Session, client: int, *, sender: str | None, address: str | None,
    keys: Sequence[dict[str, Any]],
) -> None:  # fmt: skip
    """Agree with a client anew on who it sends as, where answers go, and which keys it has."""
    session.merge(Partner(client_id=client, sender=sender, address=address, keys=list(keys)))
    session.flush()
