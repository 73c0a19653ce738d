"""Households as schemes see them: who is a member of which, from when until when.

Membership is what the versions of a scheme's records say. A person is in one household of a scheme
at a time; a move is the day on which another household's number took the place of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.people.links import Link
from registry.records.source_records import RecordVersion, SourceRecord


@dataclass(frozen=True)
class Membership:
    """A person's time in a household of a scheme.

    `since` and `until` are when the registry heard of it; `until` is None while it lasts.
    """

    person: int
    scheme: str
    household: str
    relationship: str | None
    since: datetime
    until: datetime | None


def of_person(session: Session, person: int) -> list[Membership]:
    """The households of a person, scheme by scheme, the oldest first: each move begins another."""
    return _memberships(session, Link.person_id == person)


def members(session: Session, scheme: str, household: str) -> list[Membership]:
    """Who is a member of a household now, in the order of their records."""
    found = _memberships(
        session, (SourceRecord.scheme == scheme) & (RecordVersion.household == household)
    )
    return [membership for membership in found if membership.until is None]


def _memberships(session: Session, condition: object) -> list[Membership]:
    rows = session.execute(
        select(Link.person_id, SourceRecord.scheme, SourceRecord.id, RecordVersion)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(condition, Link.superseded_at.is_(None), RecordVersion.household.is_not(None))  # type: ignore[arg-type] # both are clauses of WHERE
        .order_by(SourceRecord.scheme.collate("C"), SourceRecord.scheme_record_id.collate("C"),
                  RecordVersion.id)
    ).all()  # fmt: skip
    stays: list[Membership] = []
    last: tuple[int, str] | None = None
    for person, scheme, record, version in rows:
        stay = Membership(
            person, scheme, version.household or "", version.relationship, version.recorded_at,
            version.superseded_at,
        )  # fmt: skip
        if last == (record, stay.household):
            stay = _joined(stays.pop(), stay)
        stays.append(stay)
        last = (record, stay.household)
    return stays


def _joined(first: Membership, then: Membership) -> Membership:
    """One stay of two statements that name the same household."""
    return Membership(
        first.person, first.scheme, first.household, then.relationship, first.since, then.until
    )


def moves(stays: Sequence[Membership]) -> list[tuple[Membership, Membership]]:
    """Pairs of stays of one person in one scheme of which the second followed the first."""
    return [
        (first, then) for first, then in pairwise(stays)
        if first.scheme == then.scheme and first.until is not None and first.until <= then.since
    ]  # fmt: skip
