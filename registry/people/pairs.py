"""Scored pairs: what the engine found at or above the review threshold, kept between runs.

A pair is kept once, the record with the lower id on the left, for records that are current. The
pairs say which records hang together: a change of one record can only touch the records connected
with it through pairs or through officers' decisions, its component.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Index, false, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.copied import asked, read_columns, read_numbers
from registry.database import Row, copy_rows

RecordIds = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


class ScoredPair(Row):
    """Two current records with their match weight; `left_record_id` is the lower.

    `is_supported`: the engine knows more that agrees than name, sex and an uncertain birth date.
    """

    __tablename__ = "scored_pair"

    left_record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    right_record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[float] = mapped_column(REAL)
    is_supported: Mapped[bool] = mapped_column(server_default=false())
    model: Mapped[str]

    __table_args__ = (Index("ix_scored_pair_right", "right_record_id"),)


@dataclass(frozen=True, eq=False)
class Component:
    """Records that hang together, and how.

    `ids` int64[records] are in the order of schemes and their numbers, never in that of arrival;
    `is_current` bool[records] is false for records that are here for an officer's decision only,
    or because the caller asked for them. `left`, `right` int32[pairs] are positions in `ids`, with
    `weight` float32[pairs] and `is_supported` bool[pairs].
    """

    ids: RecordIds
    is_current: npt.NDArray[np.bool_]
    left: Positions
    right: Positions
    weight: Weights
    is_supported: npt.NDArray[np.bool_]

    def positions(self, records: npt.ArrayLike) -> Positions:
        """Where records stand in `ids`: int32[k]."""
        return _positions(self.ids, np.asarray(records, np.int64))

    def places_of(self, rows: npt.NDArray[np.integer]) -> Positions:
        """Where each record stands among some positions, in order: int32[records], -1 nowhere."""
        place = np.full(self.ids.size, -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        return place

    def take(self, rows: npt.NDArray[np.integer]) -> "Component":
        """Keep some positions, in order, and the pairs among them."""
        place = self.places_of(rows)
        inside = (place[self.left] >= 0) & (place[self.right] >= 0)
        return Component(
            self.ids[rows], self.is_current[rows], place[self.left[inside]],
            place[self.right[inside]], self.weight[inside], self.is_supported[inside],
        )  # fmt: skip


_CONNECTED = """
WITH RECURSIVE reached(id) AS (
  SELECT unnest(CAST(:records AS bigint[]))
  UNION
  SELECT n.id FROM reached r CROSS JOIN LATERAL (
    SELECT right_record_id AS id FROM scored_pair WHERE left_record_id = r.id
    UNION ALL SELECT left_record_id FROM scored_pair WHERE right_record_id = r.id
    UNION ALL SELECT right_record_id FROM decision
      WHERE left_record_id = r.id AND undone_at IS NULL AND verdict <> 'unsure'
    UNION ALL SELECT left_record_id FROM decision
      WHERE right_record_id = r.id AND undone_at IS NULL AND verdict <> 'unsure'
  ) n
)
SELECT s.id, v.id IS NOT NULL FROM reached r CROSS JOIN LATERAL (
  SELECT id, scheme, scheme_record_id FROM source_record WHERE id = r.id LIMIT 1
) s LEFT JOIN LATERAL (
  SELECT id FROM record_version WHERE record_id = s.id AND superseded_at IS NULL LIMIT 1
) v ON true
ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C"
"""
"""Each record is found by its number: the planner thinks thousands are reached, and reads all."""
_EVERYTHING = """
SELECT s.id, v.id IS NOT NULL FROM source_record s
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C"
"""
_RECORD = (np.dtype(">i8"), np.dtype("?"))
_PAIR: tuple[np.dtype[Any], ...] = (
    np.dtype(">i8"),
    np.dtype(">i8"),
    np.dtype(">f4"),
    np.dtype("?"),
)
_AMONG = """
SELECT p.left_record_id, p.right_record_id, p.weight, p.is_supported FROM scored_pair p
JOIN unnest(CAST(:records AS bigint[])) AS r(id) ON r.id = p.left_record_id
"""
_ALL_PAIRS = "SELECT left_record_id, right_record_id, weight, is_supported FROM scored_pair"
_BOUND = """
SELECT left_record_id, right_record_id FROM scored_pair
UNION ALL SELECT left_record_id, right_record_id FROM decision
WHERE undone_at IS NULL AND verdict <> 'unsure'
"""
_STAGE = """
CREATE TEMPORARY TABLE weighed (
  left_record_id bigint, right_record_id bigint, weight real, is_supported boolean, model text
) ON COMMIT DROP
"""
_FORGET = """
DELETE FROM scored_pair p USING asked a, asked b
WHERE p.left_record_id = a.number AND p.right_record_id = b.number AND NOT EXISTS (
  SELECT FROM weighed w
  WHERE w.left_record_id = p.left_record_id AND w.right_record_id = p.right_record_id
    AND (w.weight, w.is_supported, w.model) = (p.weight, p.is_supported, p.model)
) RETURNING p.left_record_id, p.right_record_id
"""
_ADD = """
INSERT INTO scored_pair (left_record_id, right_record_id, weight, is_supported, model)
SELECT left_record_id, right_record_id, weight, is_supported, model FROM weighed
ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING left_record_id, right_record_id
"""


@dataclass(frozen=True, eq=False)
class Scored:
    """Pairs as the engine found them: record ids int64[pairs] twice, weights, and support."""

    left: RecordIds
    right: RecordIds
    weight: npt.NDArray[np.floating]
    is_supported: npt.NDArray[np.bool_]

    @classmethod
    def none(cls) -> "Scored":
        """No pairs."""
        nobody = np.empty(0, np.int64)
        return cls(nobody, nobody, np.empty(0, np.float64), np.empty(0, np.bool_))


def replace_all(session: Session, model: str, found: Scored) -> None:
    """Let the kept pairs be exactly these."""
    session.execute(text("DELETE FROM scored_pair"))
    _write(session, model, found)


def replace_among(session: Session, model: str, records: RecordIds, found: Scored) -> RecordIds:
    """Let the kept pairs among some records be exactly these.

    Returns the ends of the pairs that came, went, or weigh other than before: int64[k], in order.
    """
    session.execute(text(_STAGE))
    _write(session, model, found, table="weighed")
    session.execute(text("ANALYZE weighed"))
    ends: list[int] = []
    with asked(session, records):
        ends += [record for pair in session.execute(text(_FORGET)) for record in pair]
    ends += [record for pair in session.execute(text(_ADD)) for record in pair]
    session.execute(text("DROP TABLE weighed"))
    return np.unique(np.array(ends, np.int64))


def bonds(session: Session) -> tuple[RecordIds, Positions]:
    """All records in order, and the places among them of those that pairs or decisions bind."""
    ids = np.sort(read_numbers(session, "SELECT id FROM source_record")[:, 0])
    return ids, _positions(ids, read_numbers(session, _BOUND, width=2))


def component(session: Session, records: Sequence[int] | None) -> Component:
    """All records connected with these, or with None all there are, with the pairs among them."""
    if records is None:
        found = read_columns(session, _EVERYTHING, _RECORD)
        kept = read_columns(session, _ALL_PAIRS, _PAIR)
        return _placed(found[0].astype(np.int64), found[1].copy(), kept)
    rows = session.execute(text(_CONNECTED), {"records": list(records)}).all()
    ids = np.array([row[0] for row in rows], np.int64)
    among = session.execute(text(_AMONG), {"records": ids.tolist()}).all()
    columns = list(zip(*among, strict=True)) if among else [()] * len(_PAIR)
    is_current = np.array([row[1] for row in rows], np.bool_)
    kept = [np.array(column, kind) for column, kind in zip(columns, _PAIR, strict=True)]
    return _placed(ids, is_current, kept)


def _placed(
    ids: RecordIds, is_current: npt.NDArray[np.bool_], pairs: Sequence[npt.NDArray[Any]]
) -> Component:
    """Records in their order with their pairs: the columns of `_PAIR`."""
    ends = np.column_stack([column.astype(np.int64) for column in pairs[:2]])
    placed = np.sort(_positions(ids, ends), axis=1)
    order = np.lexsort((placed[:, 1], placed[:, 0]))
    left, right = np.ascontiguousarray(placed[order].T)
    weight, is_supported = pairs[2].astype(np.float32), pairs[3].astype(np.bool_)
    return Component(ids, is_current, left, right, weight[order], is_supported[order])


def _positions(ids: RecordIds, records: RecordIds) -> Positions:
    order = np.argsort(ids)
    found = order[np.searchsorted(ids, records, sorter=order)] if ids.size else records
    return np.asarray(found, np.int32)


def _write(session: Session, model: str, found: Scored, *, table: str = "scored_pair") -> None:
    low, high = np.minimum(found.left, found.right), np.maximum(found.left, found.right)
    columns = (low, high, found.weight.astype(np.float32), found.is_supported)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    copy_rows(
        session, table,
        ("left_record_id", "right_record_id", "weight", "is_supported", "model"),
        ((*row, model) for row in rows),
    )  # fmt: skip
