"""The audit: who read whose data, why and with what outcome; append-only and chained.

Every entry holds the SHA-256 of its own content together with the hash of the entry before it, so
that an entry that is changed, removed or moved breaks the chain from there on. An entry is written
in the transaction of what it records: where it cannot be written, there is no answer either.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Identity, select, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row

FIRST = "0" * 64
_CHAIN_LOCK = 7_202_611_220_001


class AuditEntry(Row):
    """One access to people's data."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    purpose: Mapped[str]
    persons: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    outcome: Mapped[str]
    hash: Mapped[str]


@dataclass(frozen=True)
class Access:
    """What is to be recorded: `persons` are ids, never names or numbers of people."""

    actor: str
    action: str
    purpose: str
    persons: tuple[int, ...]
    outcome: str


def record(session: Session, access: Access, now: datetime) -> None:
    """Append an entry to the chain; others wait until this transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    values = {**asdict(access), "persons": list(access.persons)}
    session.add(AuditEntry(at=now, hash=_digest(last or FIRST, now, access), **values))
    session.flush()


def first_broken(session: Session) -> int | None:
    """The id of the first entry that does not follow from the one before it; None if all do."""
    previous = FIRST
    entries = session.scalars(
        select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    )
    for entry in entries:
        access = Access(
            entry.actor, entry.action, entry.purpose, tuple(entry.persons), entry.outcome
        )
        if entry.hash != _digest(previous, entry.at, access):
            return entry.id
        previous = entry.hash
    return None


def _digest(previous: str, at: datetime, access: Access) -> str:
    moment = at.astimezone(UTC).isoformat()
    content = json.dumps([previous, moment, *asdict(access).values()], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
