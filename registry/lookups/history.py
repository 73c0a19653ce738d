"""The history of a person: every link, unlink, merge, split and return, in the order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.people.links import Link
from registry.people.persons import ChangeKind, Person, PersonChange
from registry.records.source_records import SourceRecord


class Happening(StrEnum):
    """What happened."""

    REGISTERED = "registered"
    LINKED = "linked"
    UNLINKED = "unlinked"
    MERGED = "merged"
    SPLIT = "split"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Event:
    """One thing that happened to a person, with who let it and by which decision.

    Attributes:
        record: scheme and number of the record that was linked or unlinked.
        other: SP ID of the other person of a merge, split or return.
        actor: an officer, or `engine`.
        weight: best match weight of the record in the person, under `model`.
    """

    at: datetime
    what: Happening
    actor: str
    decision: int | None = None
    record: tuple[str, str] | None = None
    other: str | None = None
    weight: float | None = None
    model: str | None = None


def of_person(session: Session, person: int) -> list[Event]:
    """All that happened to a person, the oldest first."""
    events = [Event(session.get_one(Person, person).registered_at, Happening.REGISTERED, "engine")]
    events += _links(session, person)
    events += _changes(session, person)
    order = list(Happening)
    return sorted(events, key=lambda event: (event.at, order.index(event.what), event.record or ()))


def _links(session: Session, person: int) -> Iterator[Event]:
    rows = session.execute(
        select(Link, SourceRecord)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .where(Link.person_id == person)
    )
    for link, source in rows:
        record = (source.scheme, source.scheme_record_id)
        yield Event(
            link.linked_at, Happening.LINKED, link.actor, link.decision_id, record,
            weight=link.weight, model=link.model,
        )  # fmt: skip
        if link.superseded_at is not None:
            ended_by = link.ended_by or "engine"
            ended = link.ended_decision_id
            yield Event(link.superseded_at, Happening.UNLINKED, ended_by, ended, record)


def _changes(session: Session, person: int) -> Iterator[Event]:
    """Changes of the person, and merges of others into them, told from both sides."""
    concerns = or_(
        PersonChange.person_id == person,
        (PersonChange.other_id == person) & (PersonChange.kind != ChangeKind.WITHDRAWN),
    )
    for change in session.scalars(select(PersonChange).where(concerns)):
        other = change.other_id if change.person_id == person else change.person_id
        sp_id = None if other is None else session.get_one(Person, other).sp_id
        yield Event(
            change.at, Happening(change.kind.value), change.actor, change.decision_id, other=sp_id
        )
