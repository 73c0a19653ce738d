"""Persons: one human being each, with one SP ID for life.

A person is never deleted. One that was found to be another is merged into it: its SP ID is retired
and leads to the survivor. One whom no list names any more is retired too, and leads to nobody until
a list names them again. No SP ID is ever issued twice; the database's own constraint says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows
from registry.errors import NotFound
from registry.sp_id import LENGTH, SpId, drawn


class Person(Row):
    """One human being as the registry knows them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    sp_id: Mapped[str] = mapped_column(String(LENGTH), unique=True)
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_person_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    @property
    def is_absent(self) -> bool:
        """Whether the number leads to nobody because no list names this person any more."""
        return self.retired_at is not None and self.merged_into is None


class ChangeKind(StrEnum):
    """What happened to a person as a whole."""

    MERGED = "merged"
    SPLIT = "split"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


class PersonChange(Row):
    """A merge into another person, a split from one, a return, or a withdrawal of all lists.

    `other_id` is the survivor of a merge, or the person that a part left or came back from.
    """

    __tablename__ = "person_change"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ChangeKind]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    decision_id: Mapped[int | None]


@dataclass(frozen=True)
class Change:
    """A change of a person about to be written."""

    person: int
    kind: ChangeKind
    other: int | None


_REGISTER = """
INSERT INTO person (sp_id, registered_at)
SELECT unnest(CAST(:numbers AS text[])), coalesce(:at, now())
ON CONFLICT (sp_id) DO NOTHING RETURNING id
"""
_RETIRE = """
UPDATE person p SET merged_into = led.target, retired_at = coalesce(p.retired_at, :now)
FROM unnest(CAST(:persons AS bigint[]), CAST(:targets AS bigint[])) AS led(person, target)
WHERE p.id = led.person AND (p.retired_at IS NULL OR p.merged_into IS DISTINCT FROM led.target)
"""
_RESTORE = """
UPDATE person SET merged_into = NULL, retired_at = NULL
WHERE id = ANY(:living) AND retired_at IS NOT NULL RETURNING id
"""


def register(session: Session, count: int, at: datetime | None = None) -> list[int]:
    """Register new persons, each with an SP ID that nobody ever had; their ids in order."""
    registered: list[int] = []
    while len(registered) < count:
        numbers = drawn(count - len(registered))
        registered += session.connection().scalars(text(_REGISTER), {"numbers": numbers, "at": at})
    return registered


def retire(session: Session, led: Mapping[int, int | None], now: datetime) -> None:
    """Retire persons: their SP IDs lead to the survivors, or to nobody, from now on."""
    values = {"persons": list(led), "targets": list(led.values()), "now": now}
    session.execute(text(_RETIRE), values)


def restore(session: Session, living: Iterable[int]) -> set[int]:
    """Let persons who have records be living; those who were retired until now."""
    return set(session.scalars(text(_RESTORE), {"living": sorted(living)}))


def write_changes(
    session: Session, changes: Iterable[Change], *, at: datetime, actor: str, decision: int | None
) -> None:
    """Write what happened to persons, and who let it."""
    copy_rows(
        session, "person_change",
        ("person_id", "kind", "other_id", "at", "actor", "decision_id"),
        ((change.person, change.kind.value, change.other, at.isoformat(), actor, decision)
         for change in changes),
    )  # fmt: skip


def count_living(session: Session) -> int:
    """How many persons there are now."""
    query = select(func.count()).select_from(Person).where(Person.retired_at.is_(None))
    return session.scalar(query) or 0


def find(session: Session, sp_id: SpId) -> Person:
    """The living person an SP ID leads to, through any number of merges.

    Raises:
        NotFound: the number was never issued.
    """
    person = session.scalar(select(Person).where(Person.sp_id == sp_id))
    if person is None:
        raise NotFound("This SP ID was never issued.")
    while person.merged_into is not None:
        person = session.get_one(Person, person.merged_into)
    return person
