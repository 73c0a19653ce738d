"""What the engine alone would say, and how officers' decisions changed it: the memory of persons.

Two layers keep undoing exact. The engine's own links never know of a decision: they say who each
record would be if nobody had ever decided anything. The parts of a decision say who its records
were just after it; they go when it, or one made before it among the same records, is undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.copied import Alike, write_alike
from registry.copying import bigint, moment
from registry.database import Row, copy_rows
from registry.people.pairs import RecordIds


class EngineLink(Row):
    """Who the engine alone makes of a record; superseded, never changed."""

    __tablename__ = "engine_link"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    after_decision: Mapped[int]
    linked_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_engine_link_former", "record_id", postgresql_where=text("superseded_at IS NOT NULL")
        ),
        Index(
            "uq_engine_link_current",
            "record_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )


class DecisionPart(Row):
    """Who a record was after a decision."""

    __tablename__ = "decision_part"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


@dataclass(frozen=True)
class Memory:
    """What is remembered of some records.

    Attributes:
        engine: record → who the engine alone made of it.
        entered: record → number of the latest decision when it came to that person.
        former: record with each person that the engine linked it to before.
        linked: record → person it is linked to now.
        likely: records whose link now is likely, not certain.
        held: record with each person that it was linked to before.
        parts: decision → record → person after it.
        engine_elsewhere: persons to whom the engine links records outside of these.
        linked_elsewhere: persons to whom records outside of these are linked.
        engine_known: persons whom the engine ever linked a record to.
    """

    engine: Mapping[int, int]
    entered: Mapping[int, int]
    former: Sequence[tuple[int, int]]
    linked: Mapping[int, int]
    likely: frozenset[int]
    held: Sequence[tuple[int, int]]
    parts: Mapping[int, Mapping[int, int]]
    engine_elsewhere: frozenset[int]
    linked_elsewhere: frozenset[int]
    engine_known: frozenset[int]

    @classmethod
    def none(cls) -> "Memory":
        """Nothing is remembered, as before the first list."""
        nobody: frozenset[int] = frozenset()
        return cls({}, {}, [], {}, nobody, [], {}, nobody, nobody, nobody)

    @property
    def elsewhere(self) -> frozenset[int]:
        """Persons with records outside of these, by their links or by the engine's."""
        return self.engine_elsewhere | self.linked_elsewhere


Remembered = tuple[int, int, bool, int]
"""A record, a person, whether still, and what goes with it: see `_REMEMBERED`."""
_ENGINE, _LINKED, _PART = "engine", "linked", "part"
_REMEMBERED = """
SELECT 'engine', record_id, person_id, true, after_decision FROM engine_link
WHERE record_id = ANY(:records) AND superseded_at IS NULL
UNION ALL
SELECT 'engine', record_id, person_id, false, after_decision FROM engine_link
WHERE record_id = ANY(:records) AND superseded_at IS NOT NULL
UNION ALL
SELECT 'linked', record_id, person_id, true, CAST(kind = 'likely' AS int) FROM link
WHERE record_id = ANY(:records) AND superseded_at IS NULL
UNION ALL
SELECT 'linked', record_id, person_id, false, CAST(kind = 'likely' AS int) FROM link
WHERE record_id = ANY(:records) AND superseded_at IS NOT NULL
UNION ALL
SELECT 'part', record_id, person_id, true, decision_id FROM decision_part
WHERE decision_id = ANY(:decisions)
"""
"""What is now and what was are found by indexes of their own."""
_ELSEWHERE = """
SELECT DISTINCT 'engine', person_id FROM engine_link l
JOIN record_version v ON v.record_id = l.record_id AND v.superseded_at IS NULL
WHERE l.superseded_at IS NULL AND person_id = ANY(:persons)
AND NOT EXISTS (SELECT FROM unnest(CAST(:records AS bigint[])) r(id) WHERE r.id = l.record_id)
UNION ALL
SELECT DISTINCT 'linked', person_id FROM link l
JOIN record_version v ON v.record_id = l.record_id AND v.superseded_at IS NULL
WHERE l.superseded_at IS NULL AND person_id = ANY(:persons)
AND NOT EXISTS (SELECT FROM unnest(CAST(:records AS bigint[])) r(id) WHERE r.id = l.record_id)
UNION ALL
SELECT DISTINCT 'seen', person_id FROM engine_link WHERE person_id = ANY(:persons)
"""
_LINKED_OUTSIDE = """
SELECT record_id FROM link l WHERE superseded_at IS NULL AND person_id = ANY(:persons)
AND NOT EXISTS (SELECT FROM unnest(CAST(:records AS bigint[])) r(id) WHERE r.id = l.record_id)
ORDER BY 1
"""
_LED = """
SELECT e.person_id, l.person_id FROM engine_link e
JOIN link l ON l.record_id = e.record_id AND l.superseded_at IS NULL
WHERE e.person_id = ANY(:persons)
GROUP BY 1, 2 ORDER BY 1, count(DISTINCT e.record_id), l.person_id DESC
"""
_MATES = """
WITH holder AS (
  SELECT person_id FROM engine_link WHERE record_id = ANY(:records) AND superseded_at IS NULL
  UNION SELECT person_id FROM link WHERE record_id = ANY(:records) AND superseded_at IS NULL
)
SELECT l.record_id FROM engine_link l JOIN holder USING (person_id) WHERE l.superseded_at IS NULL
UNION SELECT l.record_id FROM link l JOIN holder USING (person_id) WHERE l.superseded_at IS NULL
"""
_IS_BLANK = """
SELECT NOT EXISTS (SELECT FROM engine_link) AND NOT EXISTS (SELECT FROM link)
  AND NOT EXISTS (SELECT FROM decision)
"""
_SUPERSEDE = """
UPDATE engine_link SET superseded_at = :now
WHERE superseded_at IS NULL AND record_id = ANY(:records)
"""
_FORGET_PARTS = """
DELETE FROM decision_part WHERE decision_id >= :decision AND decision_id = ANY(:decisions)
"""


def is_blank(session: Session) -> bool:
    """Whether nothing is remembered of any record: nobody is a person yet, by anybody's word."""
    return bool(session.scalar(text(_IS_BLANK)))


def mates(session: Session, records: Sequence[int]) -> list[int]:
    """These records, with all that share a person with one of them."""
    found = session.scalars(text(_MATES), {"records": list(records)})
    return sorted({*records, *found})


def recall(session: Session, records: Sequence[int], decisions: Sequence[int]) -> Memory:
    """What is remembered of records and of the standing decisions among them."""
    known = {"records": list(records), "decisions": list(decisions)}
    rows: dict[str, list[Remembered]] = {_ENGINE: [], _LINKED: [], _PART: []}
    for row in session.execute(text(_REMEMBERED), known):
        rows[row[0]].append(row[1:])
    engine, links = rows[_ENGINE], rows[_LINKED]
    parts: dict[int, dict[int, int]] = {}
    for record, person, _, decision in rows[_PART]:
        parts.setdefault(decision, {})[record] = person
    named = {person for kind in rows.values() for _, person, _, _ in kind}
    others = _elsewhere(session, named, records)
    return Memory(
        engine={record: person for record, person, now, _ in engine if now},
        entered={record: after for record, _, now, after in engine if now},
        former=[(record, person) for record, person, now, _ in engine if not now],
        linked={record: person for record, person, now, _ in links if now},
        likely=frozenset(record for record, _, now, is_likely in links if now and is_likely),
        held=[(record, person) for record, person, now, _ in links if not now],
        parts=parts,
        engine_elsewhere=frozenset(others["engine"]),
        linked_elsewhere=frozenset(others["linked"]),
        engine_known=frozenset(others["seen"]),
    )


def _elsewhere(
    session: Session, persons: Iterable[int], records: Sequence[int]
) -> dict[str, list[int]]:
    """Of some persons, those with records other than these: by the engine, by links, or ever."""
    values = {"persons": sorted(persons), "records": list(records)}
    found: dict[str, list[int]] = {"engine": [], "linked": [], "seen": []}
    for kind, person in session.execute(text(_ELSEWHERE), values):
        found[kind].append(person)
    return found


def write_engine(session: Session, moved: Mapping[int, int], after: int, now: datetime) -> None:
    """Write who the engine alone makes of some records, record → person, from now on."""
    session.execute(text(_SUPERSEDE), {"records": list(moved), "now": now})
    copy_rows(
        session, "engine_link", ("record_id", "person_id", "after_decision", "linked_at"),
        ((record, person, after, now.isoformat()) for record, person in moved.items()),
    )  # fmt: skip


def write_first(
    session: Session, records: RecordIds, persons: RecordIds, after: int, now: datetime
) -> None:
    """The same of records that the engine made nobody of before: int64[records] twice."""
    columns: dict[str, Alike] = {
        "record_id": records, "person_id": persons,
        "after_decision": bigint(after), "linked_at": moment(now),
    }  # fmt: skip
    write_alike(session, "engine_link", columns)


def write_parts(session: Session, parts: Mapping[int, Mapping[int, int]]) -> None:
    """Write who records were after decisions, in place of what was remembered of these."""
    known = {"decisions": list(parts)}
    session.execute(text("DELETE FROM decision_part WHERE decision_id = ANY(:decisions)"), known)
    copy_rows(
        session, "decision_part", ("decision_id", "record_id", "person_id"),
        ((number, record, person) for number, part in parts.items()
         for record, person in part.items()),
    )  # fmt: skip


def forget_parts(session: Session, decision: int, decisions: Sequence[int]) -> None:
    """Forget what came after a decision that is undone, among the decisions connected with it."""
    session.execute(
        text(_FORGET_PARTS), {"decision": decision, "decisions": [*decisions, decision]}
    )


def linked_outside(session: Session, persons: Sequence[int], records: Sequence[int]) -> list[int]:
    """Records other than these that are linked to one of some persons."""
    values = {"persons": list(persons), "records": list(records)}
    return list(session.scalars(text(_LINKED_OUTSIDE), values))


def led_by_engine(session: Session, persons: Iterable[int]) -> dict[int, int]:
    """Person → who most of the records are now that the engine ever gave them.

    Among equal shares the oldest; persons none of whose records are anybody's now are absent.
    """
    rows = session.execute(text(_LED), {"persons": sorted(persons)})
    return {row[0]: row[1] for row in rows}
