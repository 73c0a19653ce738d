"""Enrolments: a person's places in schemes, as the schemes' current lists say.

An enrolment is what the current version of a linked record says; it goes with the record, so that
a link that is undone takes its enrolment with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.people.links import Link
from registry.records.source_records import RecordVersion, SourceRecord


@dataclass(frozen=True)
class Enrolment:
    """A person's place in a scheme.

    Attributes:
        person: who is enrolled.
        valid_from: first day; None when not stated.
        valid_until: last day; None while no end is stated.
        born: the birth date that the same record states, as precise as it is known.
    """

    person: int
    scheme: str
    number: str
    household: str | None
    category: str | None
    valid_from: date | None
    valid_until: date | None
    status: str | None
    born: str | None

    def is_active(self, day: date) -> bool:
        """Whether it holds on a day: begun, where a beginning is stated, and not ended."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


def of_persons(session: Session, persons: Sequence[int]) -> list[Enrolment]:
    """The enrolments of some persons, in the order of schemes and numbers."""
    rows = session.execute(
        select(Link.person_id, SourceRecord, RecordVersion)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.person_id.in_(persons),
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
        )
        .order_by(SourceRecord.scheme.collate("C"), SourceRecord.scheme_record_id.collate("C"))
    )
    return [of_record(person, record, version) for person, record, version in rows]


def of_record(person: int, record: SourceRecord, version: RecordVersion) -> Enrolment:
    """The enrolment that a version of a record states."""
    return Enrolment(
        person=person, scheme=record.scheme, number=record.scheme_record_id,
        household=version.enrolment_household, category=version.enrolment_category,
        valid_from=version.enrolment_valid_from, valid_until=version.enrolment_valid_until,
        status=version.enrolment_status, born=version.birth_date,
    )  # fmt: skip
