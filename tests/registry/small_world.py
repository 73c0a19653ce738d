"""A small world of records, with an engine that anybody can follow, on a real database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from registry.lists.batches import Batch, BatchStatus
from registry.people import clusters, engines, pairs
from registry.people.decisions import Decision, Verdict, Word
from registry.people.engines import Engine
from registry.people.grouping import Bounds
from registry.records.source_records import RecordVersion

START = datetime(2026, 1, 1, tzinfo=UTC)
BOUNDS = Bounds(link=5.0, certain_pair=4.9, certain_sum=4.9)
Partition = frozenset[frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Said:
    """What a scheme says of a person."""

    name: str
    birth: str | None = None
    national_id: str | None = None
    card: str | None = None
    phone: str | None = None

    def weight(self, other: "Said") -> float:
        """Bits for each value in which two agree, against a prior; a plain sum."""
        bits = (("name", 4), ("birth", 4), ("national_id", 9), ("card", 3), ("phone", 3))
        agreed = (
            value for field, value in bits
            if getattr(self, field) is not None and getattr(self, field) == getattr(other, field)
        )  # fmt: skip
        return float(sum(agreed) - 5)


class World:
    """A registry under test; time goes on by an hour with every act."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = START
        self.said: dict[int, Said] = {}
        self.keys: dict[int, tuple[str, str]] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        batch = Batch(scheme="hef", file_name="small", sha256="small", size=1,
                      status=BatchStatus.LINKED)  # fmt: skip
        session.add(batch)
        session.flush()
        self.batch = batch.id
        engines.use(session, Engine("small", BOUNDS), self.now)

    def load(self, rows: Iterable[tuple[tuple[str, str], Said]]) -> None:
        """Take a batch of records, keyed by scheme and number, and link what it touches."""
        touched = [self._put(key, said) for key, said in rows]
        self._link([record for record in dict.fromkeys(touched) if record is not None])

    def depart(self, keys: Iterable[tuple[str, str]]) -> None:
        """Let lists no longer name some records."""
        gone = [self.numbers[key] for key in keys if self.numbers.get(key) in self.said]
        for record in gone:
            del self.said[record]
            self._supersede(record)
        self._link(gone)

    def judge(self, left: int, right: int, verdict: Verdict, officer: str = "Dara") -> Decision:
        self.now += timedelta(hours=1)
        return clusters.judge(self.session, Word(left, right, verdict, officer), self.now)

    def undo(self, number: int) -> None:
        self.now += timedelta(hours=1)
        clusters.undo(self.session, number, "Bopha", "an error", self.now)

    def holders(self) -> dict[tuple[str, str], str]:
        """Record → SP ID."""
        rows = self.session.execute(
            text("SELECT l.record_id, p.sp_id FROM link l JOIN person p ON p.id = l.person_id"
                 " WHERE l.superseded_at IS NULL")
        )  # fmt: skip
        return {self.keys[record]: sp_id for record, sp_id in rows}

    def partition(self) -> Partition:
        return grouped(self.holders())

    def rebuilt(self) -> Partition:
        """The partition made from nothing: records, pairs and decisions alone."""
        groups = clusters.from_nothing(self.session)
        return grouped({self.keys[record]: str(group) for record, group in groups.items()})

    def engine_persons(self) -> dict[tuple[str, str], int]:
        rows = self.session.execute(
            text("SELECT record_id, person_id FROM engine_link WHERE superseded_at IS NULL")
        )
        return {self.keys[record]: person for record, person in rows}

    def _link(self, touched: Sequence[int]) -> None:
        self.now += timedelta(hours=1)
        found = [
            (min(one, other), max(one, other), self.said[one].weight(self.said[other]))
            for one in self.said for other in self.said if other != one
        ]  # fmt: skip
        kept = sorted({row for row in found if row[2] >= 0})
        left, right, weight = (np.array(column) for column in zip(*kept, strict=True)) if kept \
            else (np.empty(0, np.int64),) * 3  # fmt: skip
        scored = pairs.Scored(left, right, weight.astype(np.float64), np.zeros(len(left), np.bool_))
        everybody = np.union1d(np.array(touched, np.int64), np.array([*self.said], np.int64))
        pairs.replace_among(self.session, "small", everybody, scored)
        clusters.recluster(self.session, touched, self.now)

    def _put(self, key: tuple[str, str], said: Said) -> int | None:
        if key not in self.numbers:
            number = self.session.scalar(
                text("INSERT INTO source_record (scheme, scheme_record_id) VALUES (:s, :n)"
                     " RETURNING id"), {"s": key[0], "n": key[1]}
            )  # fmt: skip
            assert number is not None
            self.numbers[key] = number
            self.keys[number] = key
        record = self.numbers[key]
        if self.said.get(record) == said:
            return None
        self._supersede(record)
        self.said[record] = said
        self._write_version(record, said)
        return record

    def _supersede(self, record: int) -> None:
        self.session.execute(
            text("UPDATE record_version SET superseded_at = :now"
                 " WHERE record_id = :id AND superseded_at IS NULL"),
            {"id": record, "now": self.now},
        )  # fmt: skip

    def _write_version(self, record: int, said: Said) -> None:
        self.session.execute(
            insert(RecordVersion).values(
                record_id=record,
                batch_id=self.batch,
                row=1,
                content_digest=repr(said).encode(),
                as_sent=vars(said),
                given_latin=said.name,
                birth_date=said.birth,
                national_id=said.national_id,
                equity_card=said.card,
                phone=said.phone,
            )
        )


def grouped(holders: dict[tuple[str, str], str]) -> Partition:
    """Records that share a holder, whoever that is."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for record, holder in holders.items():
        groups.setdefault(holder, set()).add(record)
    return frozenset(frozenset(group) for group in groups.values())
