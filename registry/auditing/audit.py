"""The audit: who read or changed whose data, for whom, why, from where and with what outcome.

An entry is written in the transaction of what it records: where it cannot be written, there is no
answer either. Entries are chained by SHA-256 in lanes; each transaction takes a lane that is free,
so that nobody waits for anybody. An entry's hash covers its content, its place and the hash before
it, and is written a second time beside the entries, so that also a missing last one shows. The
database refuses to change or delete entries, and the role that the API works as can only append
(`audit_append` in the migrations). `registry.auditing.audit_chain` verifies.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from sqlalchemy import Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row

Entered = tuple[object, ...]
"""An entry as it is appended: the values of its columns."""

_ORIGIN = "origin of what is asked"
_RECORDED = "what was recorded in this transaction"
_GATE = "what is asked before anything is recorded"


class AuditEntry(Row):
    """One access to people's data.

    Attributes:
        lane: the chain it is in, at `position`.
        for_whom: whom the actor asks for: a facility, a scheme, an officer of a client.
        which: what was read or changed.
        door: the way in: `api`, `pages`, `cli`, an exchange standard.
        address: the network address it came from.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    lane: Mapped[int]
    position: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    for_whom: Mapped[str]
    action: Mapped[str]
    which: Mapped[list[str]] = mapped_column(ARRAY(PG_TEXT))
    purpose: Mapped[str]
    persons: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    outcome: Mapped[str]
    door: Mapped[str]
    address: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        UniqueConstraint("lane", "position"),
        Index(
            "ix_audit_entry_persons",
            "persons",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index("ix_audit_entry_actor", "actor", "id"),
    )


class AuditWitness(Row):
    """An entry's place and hash, kept a second time."""

    __tablename__ = "audit_witness"

    lane: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]


@dataclass(frozen=True)
class Access:
    """What is to be recorded: `persons` are ids, never names or numbers of people.

    What is left empty of `for_whom`, `door` and `address` is taken from where the transaction comes
    from (`comes_from`).
    """

    actor: str
    action: str
    purpose: str
    persons: tuple[int, ...]
    outcome: str
    which: tuple[str, ...] = ()
    for_whom: str = ""
    door: str = ""
    address: str = ""


@dataclass(frozen=True)
class Origin:
    """Where what is asked in a transaction comes from."""

    door: str
    address: str = ""
    for_whom: str = ""


_COLUMNS = (
    "at", "actor", "for_whom", "action", "which", "purpose", "persons", "outcome", "door",
    "address", "content",
)  # fmt: skip
_KINDS = {"at": "timestamptz", "which": "text[]", "persons": "bigint[]"}
_ROW = ", ".join(f"%s::{_KINDS.get(column, 'text')}" for column in _COLUMNS)
_APPEND = "SELECT audit_append({columns}) FROM (VALUES {rows}) AS said ({columns})"
"""In the driver's own words: it is the statement that is sent most."""


def comes_from(session: Session, origin: Origin) -> None:
    """Say where all that is recorded in this transaction comes from."""
    session.info[_ORIGIN] = origin


def guard(session: Session, gate: Callable[[Access], None]) -> None:
    """Ask a gate before anything is recorded in this session; it raises when it may not be done."""
    session.info[_GATE] = gate


def record(session: Session, access: Access, now: datetime) -> None:
    """Append an entry."""
    session.connection().exec_driver_sql(*appending([entered(session, access, now)]))


def entered(session: Session, access: Access, now: datetime) -> Entered:
    """An entry, for who appends it themselves; the gate raises where it may not be made."""
    gate: Callable[[Access], None] | None = session.info.get(_GATE)
    if gate is not None:
        gate(access)
    origin = session.info.get(_ORIGIN)
    if isinstance(origin, Origin):
        access = replace(
            access,
            for_whom=access.for_whom or origin.for_whom,
            door=access.door or origin.door,
            address=access.address or origin.address,
        )
    session.info.setdefault(_RECORDED, []).append((access, now))
    return (
        now, access.actor, access.for_whom, access.action, list(access.which), access.purpose,
        list(access.persons), access.outcome, access.door, access.address,
        content_digest(access, now),
    )  # fmt: skip


def appending(entries: Sequence[Entered]) -> tuple[str, tuple[object, ...]]:
    """The statement that appends entries, one after the other, in the driver's words."""
    rows = ", ".join([f"({_ROW})"] * len(entries))
    statement = _APPEND.format(columns=", ".join(_COLUMNS), rows=rows)
    return statement, tuple(chain.from_iterable(entries))


def recorded(session: Session) -> list[tuple[Access, datetime]]:
    """What was recorded in this session, with the times; also when it is undone."""
    return list(session.info.get(_RECORDED, ()))


def content_digest(access: Access, at: datetime) -> str:
    """SHA-256 of what an entry says: every text behind its length, so that none runs into the next.

    Lists stand behind the number of their texts.
    """
    return hashlib.sha256(
        _packed(
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            access.actor, access.for_whom, access.action,
            str(len(access.which)), *access.which, access.purpose,
            str(len(access.persons)), *map(str, access.persons),
            access.outcome, access.door, access.address,
        )
    ).hexdigest()  # fmt: skip


def chained(lane: int, position: int, previous: str, content: str) -> str:
    """The hash of an entry at a place behind another."""
    return hashlib.sha256(f"{lane}:{position}:{previous}:{content}".encode()).hexdigest()


def _packed(*texts: str) -> bytes:
    return b"".join(b"%d:%b" % (len(raw), raw) for raw in (each.encode() for each in texts))
