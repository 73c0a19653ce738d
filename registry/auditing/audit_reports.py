"""What the audit tells: to an auditor, entry by entry; to a person, who looked at their data.

Reading the audit is recorded too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.access import sight
from registry.auditing import audit
from registry.auditing.audit import Access, AuditEntry

MOST = 500
_ALL_OF_A_PERSON = """
WITH RECURSIVE one AS (
  SELECT id FROM person WHERE id = :person
  UNION SELECT p.id FROM person p JOIN one ON p.merged_into = one.id
) SELECT id FROM one
"""


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for; what is None does not narrow.

    Attributes:
        person: id of whose data was read; those merged into them count as them.
        before: only entries behind this one in the listing: the `next` of the page before.
    """

    actor: str | None = None
    door: str | None = None
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    count: int = 50


@dataclass(frozen=True)
class Reading:
    """Who reads the audit, why, and when."""

    actor: str
    purpose: str
    now: datetime


@dataclass(frozen=True)
class Page:
    """Entries, the newest first; `next` is None on the last page."""

    entries: Sequence[AuditEntry]
    next: int | None


@dataclass(frozen=True)
class Look:
    """One look at a person's data, as the person is told of it."""

    at: datetime
    actor: str
    for_whom: str
    purpose: str
    action: str
    which: tuple[str, ...]


def entries(session: Session, wanted: Wanted, reading: Reading) -> Page:
    """A page of the audit, for an auditor."""
    count = min(wanted.count, MOST)
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(count + 1)
    if wanted.before is not None:
        query = query.where(AuditEntry.id < wanted.before)
    if wanted.actor is not None:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.door is not None:
        query = query.where(AuditEntry.door == wanted.door)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if wanted.person is not None:
        query = query.where(AuditEntry.persons.overlap(_all_of(session, wanted.person)))
    found = session.scalars(query).all()
    page = Page(found[:count], found[count - 1].id if len(found) > count else None)
    of = () if wanted.person is None else (wanted.person,)
    _record(session, "read the audit", of, f"{len(page.entries)} entries", reading)
    return page


def sp_ids(session: Session, found: Sequence[AuditEntry]) -> dict[int, str]:
    """The SP IDs of the persons whom some entries are about."""
    asked = {"persons": sorted({person for entry in found for person in entry.persons})}
    rows = session.execute(text("SELECT id, sp_id FROM person WHERE id = ANY (:persons)"), asked)
    return {row.id: row.sp_id for row in rows}


def looks(session: Session, person: int, reading: Reading) -> list[Look]:
    """Who looked at a person's data, also under SP IDs of theirs that are retired; newest first."""
    with sight.of_the_audit(session):
        found = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.persons.overlap(_all_of(session, person)))
            .order_by(AuditEntry.id.desc())
        ).all()
    _record(session, "report to the person", (person,), f"{len(found)} looks", reading)
    return [
        Look(entry.at, entry.actor, entry.for_whom, entry.purpose, entry.action, tuple(entry.which))
        for entry in found
    ]


def _all_of(session: Session, person: int) -> list[int]:
    """The ids under which a person was ever known."""
    return list(session.scalars(text(_ALL_OF_A_PERSON), {"person": person}))


def _record(
    session: Session, action: str, persons: tuple[int, ...], outcome: str, reading: Reading
) -> None:
    access = Access(reading.actor, action, reading.purpose, persons, outcome)
    audit.record(session, access, reading.now)
