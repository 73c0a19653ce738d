"""Subscriptions: clients that want to be told when something happens to some persons.

What happened is read from the links and record versions that came since a subscription last looked;
whom it concerns, from its condition. The worker looks and tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Identity, Index, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.principals import Client
from registry.database import Row
from registry.errors import Conflict, NotFound
from registry.people.links import Link
from registry.people.persons import Person
from registry.records.source_records import RecordVersion
from registry.sealed_columns import SealedJson


class Happening(StrEnum):
    """What one may want to be told.

    REGISTERED: a person is new. CHANGED: their links or records are.
    """

    REGISTERED = "registered"
    CHANGED = "changed"


class Subscription(Row):
    """What a client wants to be told, and where.

    Attributes:
        asked: the question as the door that took it wrote it down, to read whom it concerns.
        link_seen, version_seen: the last link and record version that were looked at.
    """

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    happening: Mapped[Happening]
    asked: Mapped[dict[str, Any]] = mapped_column(SealedJson("question"))
    address: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    link_seen: Mapped[int]
    version_seen: Mapped[int]

    __table_args__ = (
        Index("ix_subscription_current", "client_id", postgresql_where=text("ended_at IS NULL")),
    )


@dataclass(frozen=True)
class Wish:
    """A subscription about to begin."""

    client: int
    happening: Happening
    asked: dict[str, Any]
    address: str


def begin(session: Session, wish: Wish, now: datetime) -> Subscription:
    """Begin a subscription: it is told what happens from now on.

    Raises:
        Conflict: the client has the same one already.
    """
    session.get_one(Client, wish.client, with_for_update=True)
    same = select(Subscription).where(
        Subscription.client_id == wish.client,
        Subscription.happening == wish.happening,
        Subscription.address == wish.address,
        Subscription.ended_at.is_(None),
    )
    if any(known.asked == wish.asked for known in session.scalars(same)):
        raise Conflict("The client has this subscription already.")
    subscription = Subscription(
        code=str(uuid4()), client_id=wish.client, happening=wish.happening, asked=wish.asked,
        address=wish.address, began_at=now, link_seen=_last(session, Link.id),
        version_seen=_last(session, RecordVersion.id),
    )  # fmt: skip
    session.add(subscription)
    session.flush()
    return subscription


def end(session: Session, client: int, code: str, now: datetime) -> None:
    """End a subscription.

    Raises:
        NotFound: the client has none of that code.
        Conflict: it ended before.
    """
    query = select(Subscription).where(Subscription.client_id == client, Subscription.code == code)
    subscription = session.scalar(query.with_for_update())
    if subscription is None:
        raise NotFound("There is no subscription of that code.")
    if subscription.ended_at is not None:
        raise Conflict("The subscription has ended already.")
    subscription.ended_at = now
    session.flush()


def current(session: Session) -> list[Subscription]:
    """Subscriptions that have not ended."""
    query = select(Subscription).where(Subscription.ended_at.is_(None)).order_by(Subscription.id)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def concerned(session: Session, subscription: Subscription) -> list[int]:
    """Living persons to whom it happened since the subscription last looked; it has looked now."""
    link, version = _last(session, Link.id), _last(session, RecordVersion.id)
    if (link, version) == (subscription.link_seen, subscription.version_seen):
        return []
    touched = _touched(session, subscription)
    subscription.link_seen, subscription.version_seen = link, version
    living = select(Person.id).where(Person.id.in_(touched), Person.retired_at.is_(None))
    if subscription.happening == Happening.REGISTERED:
        living = living.where(Person.registered_at >= subscription.began_at)
    session.flush()
    return list(session.scalars(living.order_by(Person.id)))


def _touched(session: Session, subscription: Subscription) -> Sequence[int]:
    """Persons with a link or a record version that came since."""
    linked = select(Link.person_id).where(Link.id > subscription.link_seen)
    if subscription.happening == Happening.REGISTERED:
        earlier = select(Link.id).where(
            Link.person_id == Person.id, Link.id <= subscription.link_seen
        )
        new = select(Person.id).where(Person.id.in_(linked), ~earlier.exists())
        return session.scalars(new).all()
    stated = (
        select(Link.person_id)
        .join(RecordVersion, RecordVersion.record_id == Link.record_id)
        .where(Link.superseded_at.is_(None), RecordVersion.id > subscription.version_seen)
    )
    return session.scalars(linked.union(stated)).all()


def _last(session: Session, column: Any) -> int:
    return session.scalar(select(func.max(column))) or 0
