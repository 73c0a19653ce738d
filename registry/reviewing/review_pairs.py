"""What an officer looks at to decide a review: both records, their households, who else it may be.

What another officer said is never part of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.people.links import Link
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord
from registry.records.survivorship import RULES
from registry.reviewing.reviews import Review
from registry.sp_id import SpId

MOST_MEMBERS = 15
MOST_CANDIDATES = 4


@dataclass(frozen=True)
class RecordView:
    """A record as its scheme's list has it now; `person` and `sp_id` are whose it is held to be."""

    id: int
    scheme: str
    number: str
    person: int | None
    sp_id: SpId | None
    version: RecordVersion

    @property
    def name_khmer(self) -> str | None:
        """The whole name in Khmer script, the family name first."""
        return RULES["name_khmer"].read(self.version)

    @property
    def name_latin(self) -> str | None:
        """The whole name in Latin letters, the family name first."""
        return RULES["name_latin"].read(self.version)


@dataclass(frozen=True)
class Member:
    """Another member of a record's household; `is_on_both` where the other household has them too.

    They are on both where records of the two households are held to be of one person.
    """

    record: RecordView
    is_on_both: bool


@dataclass(frozen=True)
class Candidate:
    """Another record that the engine found to be near one side of the pair."""

    record: RecordView
    weight: float


@dataclass(frozen=True)
class Side:
    """One record of a pair with what stands around it."""

    record: RecordView
    members: tuple[Member, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class PairView:
    """A review with both sides; one whose record left its list has no side any more."""

    review: Review
    sides: tuple[Side, Side]

    @property
    def persons(self) -> tuple[int, ...]:
        """Everybody who is seen, each once."""
        seen = [
            record.person
            for side in self.sides
            for record in (
                side.record,
                *(member.record for member in side.members),
                *(candidate.record for candidate in side.candidates),
            )
        ]
        return tuple(dict.fromkeys(person for person in seen if person is not None))


_TOGETHER = """
SELECT record FROM (
  SELECT record_id AS record FROM record_version
  WHERE superseded_at IS NULL AND household = :household
  UNION SELECT record_id FROM record_version
  WHERE superseded_at IS NULL AND mother = ANY(:mothers)
  UNION SELECT id FROM source_record WHERE scheme = :scheme AND scheme_record_id = :mother
) AS together JOIN source_record s ON s.id = record
WHERE s.scheme = :scheme AND record <> :record ORDER BY record LIMIT :most
"""
_NEAR = """
SELECT record, weight FROM (
  SELECT right_record_id AS record, weight FROM scored_pair WHERE left_record_id = :record
  UNION ALL
  SELECT left_record_id, weight FROM scored_pair WHERE right_record_id = :record) AS near
WHERE record <> :other ORDER BY weight DESC, record LIMIT :most
"""


def of_review(session: Session, review: Review) -> PairView | None:
    """Both sides of a review; None where a record has left its list meanwhile."""
    ends = (review.left_record_id, review.right_record_id)
    found = {record.id: record for record in _records(session, ends)}
    if len(found) < len(ends):
        return None
    left, right = (found[end] for end in ends)
    here, there = _members(session, left), _members(session, right)
    shared = {one.person for one in here} & {one.person for one in there} - {None}
    sides = [
        Side(
            record=record,
            members=tuple(Member(one, one.person in shared) for one in members),
            candidates=_candidates(session, record.id, other.id),
        )
        for record, other, members in ((left, right, here), (right, left, there))
    ]
    return PairView(review, (sides[0], sides[1]))


def _members(session: Session, record: RecordView) -> list[RecordView]:
    """The others whom the record's list puts into one household or case with it."""
    stated = record.version
    asked = {
        "record": record.id, "scheme": record.scheme, "household": stated.household,
        "mother": stated.mother, "mothers": [record.number, *filter(None, [stated.mother])],
        "most": MOST_MEMBERS,
    }  # fmt: skip
    together = session.scalars(text(_TOGETHER), asked).all()
    found = _records(session, together)
    return sorted(found, key=lambda one: (one.version.birth_date or "9999", one.id))


def _candidates(session: Session, record: int, other: int) -> tuple[Candidate, ...]:
    asked = {"record": record, "other": other, "most": MOST_CANDIDATES}
    weights = {row.record: row.weight for row in session.execute(text(_NEAR), asked)}
    found = {one.id: one for one in _records(session, weights)}
    return tuple(
        Candidate(found[near], weight) for near, weight in weights.items() if near in found
    )


def _records(session: Session, ids: Iterable[int]) -> list[RecordView]:
    """Records that are current, with whose they are held to be."""
    rows = session.execute(
        select(SourceRecord, RecordVersion, Person.id, Person.sp_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .outerjoin(Link, (Link.record_id == SourceRecord.id) & Link.superseded_at.is_(None))
        .outerjoin(Person, Person.id == Link.person_id)
        .where(RecordVersion.superseded_at.is_(None), SourceRecord.id.in_(ids))
    )
    return [
        RecordView(
            record.id, record.scheme, record.scheme_record_id, person,
            None if sp_id is None else SpId(sp_id), version,
        )
        for record, version, person, sp_id in rows
    ]  # fmt: skip
