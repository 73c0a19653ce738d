"""Exports: all persons of a scheme, for that scheme's own system."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from registry.auditing import audit
from registry.auditing.audit import Access
from registry.lookups.lookup import Reader
from registry.people.links import Link
from registry.records.source_records import RecordVersion, SourceRecord


def count(session: Session, scheme: str) -> int:
    """How many persons a scheme's lists name now."""
    return session.scalar(select(func.count()).select_from(_named(scheme).subquery())) or 0


def persons(session: Session, scheme: str, reader: Reader) -> list[int]:
    """The persons whom a scheme's lists name now; the export is recorded."""
    found = list(session.scalars(_named(scheme).order_by(Link.person_id)).all())
    outcome = f"{len(found)} exported of {scheme}"
    access = Access(reader.actor, "export persons", reader.purpose, tuple(found), outcome)
    audit.record(session, access, reader.now)
    return found


def _named(scheme: str) -> Select[int]:
    return (
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
