"""Exports: all persons of a scheme, for that scheme's own system."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from registry.auditing import audit
from registry.auditing.audit import Access
from registry.lists.batches import Batch
from registry.lookups.lookup import Reader
from registry.people.links import Link
from registry.records.source_records import RecordVersion, SourceRecord


def count(session: Session, scheme: str, since: datetime | None = None) -> int:
    """How many persons a scheme's lists name now, of whom something changed since a time."""
    named = _named(scheme, since).subquery()
    return session.scalar(select(func.count()).select_from(named)) or 0


def persons(
    session: Session, scheme: str, reader: Reader, since: datetime | None = None
) -> list[int]:
    """The persons whom a scheme's lists name now, of whom something changed since a time.

    The export is recorded.
    """
    found = list(session.scalars(_named(scheme, since).order_by(Link.person_id)).all())
    outcome = f"{len(found)} exported of {scheme}"
    access = Access(reader.actor, "export persons", reader.purpose, tuple(found), outcome)
    audit.record(session, access, reader.now)
    return found


def _named(scheme: str, since: datetime | None) -> Select[int]:
    """Persons with a record of the scheme; since: one that was recorded or linked then or later.

    What a list says is recorded while it is read, and seen when all of it is taken.
    """
    named = (
        select(Link.person_id)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
            SourceRecord.scheme == scheme,
        )
        .distinct()
    )
    if since is None:
        return named
    taken = select(Batch.id).where(Batch.parsed_at >= since)
    return named.where(
        or_(
            RecordVersion.recorded_at >= since,
            RecordVersion.batch_id.in_(taken),
            Link.linked_at >= since,
        )
    )
