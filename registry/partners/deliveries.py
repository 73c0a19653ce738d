"""Deliveries: messages to partner systems, sent by the worker, three times at most.

A delivery that could not be made is kept with its reason until an administrator sends it again or
gives it up. What was delivered is forgotten; that it was is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import deferral
from registry.database import Row
from registry.errors import Conflict, NotDelivered, NotFound
from registry.sealed_columns import SealedJson

MOST_TRIES = 3
FIRST_PAUSE = 4
"""Seconds before the second try; four times as many before each one after."""


class DeliveryStatus(StrEnum):
    """How far a delivery is. KEPT: there is no address; it waits to be asked for."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    KEPT = "kept"


class Delivery(Row):
    """A message to a client; `body` is forgotten once it is delivered."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    exchange_id: Mapped[int | None] = mapped_column(ForeignKey("exchange.id"))
    address: Mapped[str | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("message"))
    status: Mapped[DeliveryStatus]
    tries: Mapped[int] = mapped_column(server_default="0")
    problem: Mapped[str | None]
    queued_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_delivery_exchange", "exchange_id"),
        Index("ix_delivery_dead", "id", postgresql_where=text("status = 'dead'")),
    )


@dataclass(frozen=True)
class Outgoing:
    """A message about to be queued; without an address it is kept until it is asked for."""

    client: int
    address: str | None
    body: dict[str, Any]
    exchange: int | None = None


Send = Callable[[Session, str, dict[str, Any], datetime], None]
"""Sends a body to an address now, or raises NotDelivered."""


def queue(session: Session, outgoing: Outgoing, now: datetime) -> int:
    """Leave a message to the worker, once this transaction is kept."""
    delivery = Delivery(
        client_id=outgoing.client, exchange_id=outgoing.exchange, address=outgoing.address,
        body=outgoing.body, queued_at=now,
        status=DeliveryStatus.KEPT if outgoing.address is None else DeliveryStatus.WAITING,
    )  # fmt: skip
    session.add(delivery)
    session.flush()
    if outgoing.address is not None:
        deferral.defer_delivery(session, delivery.id)
    return delivery.id


def attempt(session: Session, number: int, send: Send, now: datetime) -> None:
    """Try a delivery once; where it fails, leave the next try to a worker."""
    delivery = session.get_one(Delivery, number, with_for_update=True)
    if delivery.status != DeliveryStatus.WAITING:
        return
    if delivery.address is None or delivery.body is None:
        raise NotFound("The delivery has no address or nothing to say.")
    delivery.tries += 1
    delivery.tried_at = now
    try:
        send(session, delivery.address, delivery.body, now)
    except NotDelivered as error:
        delivery.problem = str(error)
        if delivery.tries >= MOST_TRIES:
            delivery.status = DeliveryStatus.DEAD
        else:
            deferral.defer_delivery(session, number, after=_pause(delivery.tries))
    else:
        delivery.status, delivery.body, delivery.problem = DeliveryStatus.DELIVERED, None, None
    session.flush()


def _pause(tries: int) -> int:
    """Seconds to wait after so many tries."""
    return int(FIRST_PAUSE * 4 ** (tries - 1))


def dead(session: Session) -> list[Delivery]:
    """Deliveries that could not be made, the oldest first."""
    query = select(Delivery).where(Delivery.status == DeliveryStatus.DEAD)
    return list(session.scalars(query.order_by(Delivery.id)))


def send_again(session: Session, number: int) -> None:
    """Give a dead delivery three more tries.

    Raises:
        NotFound: there is none of that number.
        Conflict: it is not dead.
    """
    delivery = session.get(Delivery, number, with_for_update=True)
    if delivery is None:
        raise NotFound(f"There is no delivery {number}.")
    if delivery.status != DeliveryStatus.DEAD:
        raise Conflict(f"Delivery {number} is {delivery.status}: only dead ones are sent again.")
    delivery.status, delivery.tries = DeliveryStatus.WAITING, 0
    session.flush()
    deferral.defer_delivery(session, number)


def kept(session: Session, exchange: int) -> dict[str, Any] | None:
    """What is still kept of the answer to an exchange."""
    query = select(Delivery.body).where(Delivery.exchange_id == exchange)
    return session.scalar(query.order_by(Delivery.id.desc()).limit(1))
