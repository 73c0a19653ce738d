"""Links: which person a source record is of, now and before.

A link is never changed. When a record turns out to be of another person, or the engine weighs it
anew in favour of another, the current link is superseded by a new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows


class LinkKind(StrEnum):
    """Why a record is linked to its person.

    NEW: the person was registered by it. AUTOMATIC: the engine is certain. LIKELY: the engine holds
    it for theirs and an officer has yet to say so. OFFICER: one said so.
    """

    NEW = "new"
    AUTOMATIC = "automatic"
    LIKELY = "likely"
    OFFICER = "officer"


class Link(Row):
    """A source record's link to a person."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[LinkKind]
    weight: Mapped[float | None]
    model: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    superseded_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_link_current",
            "record_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )


@dataclass(frozen=True)
class NewLink:
    """A link about to be written; `weight` is the record's best match weight in its person."""

    record: int
    person: int
    kind: LinkKind
    weight: float | None


def holders(session: Session, records: Sequence[int] | None = None) -> dict[int, int]:
    """Record → person, of the current links of some records, or of all."""
    query = select(Link.record_id, Link.person_id).where(Link.superseded_at.is_(None))
    if records is not None:
        query = query.where(Link.record_id.in_(records))
    return dict(session.execute(query).all())


def kinds(session: Session) -> dict[int, LinkKind]:
    """Record → kind of its current link."""
    query = select(Link.record_id, Link.kind).where(Link.superseded_at.is_(None))
    return dict(session.execute(query).all())


def supersede(session: Session, records: Iterable[int], now: datetime) -> None:
    """End the current links of these records."""
    session.connection().execute(
        text(
            "UPDATE link SET superseded_at = :now "
            "WHERE superseded_at IS NULL AND record_id = ANY(:records)"
        ),
        {"now": now, "records": list(records)},
    )


def write(session: Session, model: str, links: Iterable[NewLink]) -> None:
    """Write links for records that have no current one."""
    copy_rows(
        session, "link", ("record_id", "person_id", "kind", "weight", "model"),
        ((link.record, link.person, link.kind.value, link.weight, model) for link in links),
    )  # fmt: skip
