"""What an officer looks at to decide a review: both records, their households, who else it may be.

What another officer said is never part of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session, defer

from registry.people.links import Link
from registry.people.persons import Person
from registry.people.reviews import Review
from registry.records.source_records import RecordVersion, SourceRecord
from registry.records.survivorship import RULES
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


_CURRENT = (
    select(SourceRecord, RecordVersion, Person.id, Person.sp_id)
    .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
    .outerjoin(Link, (Link.record_id == SourceRecord.id) & Link.superseded_at.is_(None))
    .outerjoin(Person, Person.id == Link.person_id)
    .where(
        RecordVersion.superseded_at.is_(None), SourceRecord.id.in_(bindparam("ids", expanding=True))
    )
    .options(
        defer(RecordVersion.as_sent, raiseload=True), defer(RecordVersion.warnings, raiseload=True)
    )
)
_AROUND = """
SELECT record, NULL AS weight FROM (
  SELECT record FROM (
    SELECT record_id AS record FROM record_version
    WHERE superseded_at IS NULL AND household = :household
    UNION SELECT record_id FROM record_version
    WHERE superseded_at IS NULL AND mother = ANY(:mothers)
    UNION SELECT id FROM source_record WHERE scheme = :scheme AND scheme_record_id = :mother
  ) AS together JOIN source_record s ON s.id = record
  WHERE s.scheme = :scheme AND record <> :record ORDER BY record LIMIT :most_members
) AS members
UNION ALL
(SELECT record, weight FROM (
  SELECT right_record_id AS record, weight FROM scored_pair WHERE left_record_id = :record
  UNION ALL
  SELECT left_record_id, weight FROM scored_pair WHERE right_record_id = :record) AS near
WHERE record <> :other ORDER BY weight DESC, record LIMIT :most_candidates)
"""


@dataclass(frozen=True)
class _Around:
    """The numbers of the records around one record, those of its candidates with their weights."""

    members: list[int]
    candidates: dict[int, float]


def of_review(session: Session, review: Review) -> PairView | None:
    """Both sides of a review; None where a record has left its list meanwhile."""
    ends = (review.left_record_id, review.right_record_id)
    pair = _records(session, ends)
    if len(pair) < len(ends):
        return None
    left, right = (pair[end] for end in ends)
    around = [_around(session, left, right.id), _around(session, right, left.id)]
    seen = _records(session, {one for at in around for one in (*at.members, *at.candidates)})
    households = [_by_age(seen, at.members) for at in around]
    here, there = ({one.person for one in members} for members in households)
    shared = here & there - {None}
    sides = [
        Side(
            record=record,
            members=tuple(Member(one, one.person in shared) for one in members),
            candidates=tuple(
                Candidate(seen[near], weight)
                for near, weight in at.candidates.items()
                if near in seen
            ),
        )
        for record, at, members in zip((left, right), around, households, strict=True)
    ]
    return PairView(review, (sides[0], sides[1]))


def _around(session: Session, record: RecordView, other: int) -> _Around:
    """The others of its household or case by its own list, and those that the engine found near."""
    stated = record.version
    asked = {
        "record": record.id, "scheme": record.scheme, "household": stated.household,
        "mother": stated.mother, "mothers": [record.number, *filter(None, [stated.mother])],
        "other": other, "most_members": MOST_MEMBERS, "most_candidates": MOST_CANDIDATES,
    }  # fmt: skip
    rows = session.execute(text(_AROUND), asked).all()
    return _Around(
        [row.record for row in rows if row.weight is None],
        {row.record: row.weight for row in rows if row.weight is not None},
    )


def _by_age(seen: Mapping[int, RecordView], members: Iterable[int]) -> list[RecordView]:
    """Members who are still listed, the oldest first."""
    listed = (seen[one] for one in members if one in seen)
    return sorted(listed, key=lambda one: (one.version.birth_date or "9999", one.id))


def _records(session: Session, ids: Collection[int]) -> dict[int, RecordView]:
    """Records that are current, with whose they are held to be."""
    return {
        record.id: RecordView(
            record.id, record.scheme, record.scheme_record_id, person,
            None if sp_id is None else SpId(sp_id), version,
        )
        for record, version, person, sp_id in session.execute(_CURRENT, {"ids": list(ids)})
    }  # fmt: skip
