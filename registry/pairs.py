"""Scored pairs: what the engine found at or above the review threshold, kept between runs.

A pair is kept once, the record with the lower id on the left, for records that are current. The
pairs say which records hang together: a change of one record can only touch the records connected
with it through pairs or through officers' decisions, its component.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows

RecordIds = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


class ScoredPair(Row):
    """Two current records with their match weight; `left_record_id` is the lower."""

    __tablename__ = "scored_pair"

    left_record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    right_record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[float] = mapped_column(REAL)
    model: Mapped[str]

    __table_args__ = (Index("ix_scored_pair_right", "right_record_id"),)


@dataclass(frozen=True, eq=False)
class Component:
    """Records that hang together, and how.

    `ids` int64[records] are in the order of schemes and their numbers, never in that of arrival;
    `is_current` bool[records] is false for records that are here for an officer's decision only,
    or because the caller asked for them. `left`, `right` int32[pairs] are positions in `ids`, with
    `weight` float32[pairs].
    """

    ids: RecordIds
    is_current: npt.NDArray[np.bool_]
    left: Positions
    right: Positions
    weight: Weights

    def positions(self, records: npt.ArrayLike) -> Positions:
        """Where records stand in `ids`: int32[k]."""
        return _positions(self.ids, np.asarray(records, np.int64))


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
SELECT s.id, v.id IS NOT NULL FROM reached r JOIN source_record s ON s.id = r.id
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C"
"""
_EVERYTHING = """
SELECT s.id, v.id IS NOT NULL FROM source_record s
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C"
"""
_AMONG = """
SELECT p.left_record_id, p.right_record_id, p.weight FROM scored_pair p
JOIN unnest(CAST(:records AS bigint[])) AS r(id) ON r.id = p.left_record_id
"""
_ALL_PAIRS = "SELECT left_record_id, right_record_id, weight FROM scored_pair"
_FORGET = """
DELETE FROM scored_pair WHERE left_record_id = ANY(:records) OR right_record_id = ANY(:records)
"""


def replace_all(
    session: Session, model: str, left: npt.ArrayLike, right: npt.ArrayLike, weight: npt.ArrayLike
) -> None:
    """Let the kept pairs be exactly these: record ids int64[k] twice, weights float32[k]."""
    session.execute(text("DELETE FROM scored_pair"))
    _write(session, model, np.column_stack([left, right]), np.asarray(weight, np.float32))


def replace_touching(  # noqa: PLR0913, PLR0917 - arrays of one table, as in `replace_all`
    session: Session,
    model: str,
    records: Sequence[int],
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    weight: npt.ArrayLike,
) -> None:
    """Let the kept pairs of some records be exactly these; a pair names one of them at least."""
    session.execute(text(_FORGET), {"records": list(records)})
    _write(session, model, np.column_stack([left, right]), np.asarray(weight, np.float32))


def component(session: Session, records: Sequence[int] | None) -> Component:
    """All records connected with these, or with None all there are, with the pairs among them."""
    if records is None:
        found, kept = session.execute(text(_EVERYTHING)), session.execute(text(_ALL_PAIRS))
    else:
        found = session.execute(text(_CONNECTED), {"records": list(records)})
    rows = found.all()
    ids = np.array([row[0] for row in rows], np.int64)
    is_current = np.array([row[1] for row in rows], np.bool_)
    if records is not None:
        kept = session.execute(text(_AMONG), {"records": ids.tolist()})
    pairs = kept.all()
    ends = np.array([(row[0], row[1]) for row in pairs], np.int64).reshape(-1, 2)
    weight = np.array([row[2] for row in pairs], np.float32)
    placed = np.sort(_positions(ids, ends), axis=1)
    order = np.lexsort((placed[:, 1], placed[:, 0]))
    left, right = np.ascontiguousarray(placed[order].T)
    return Component(ids, is_current, left, right, weight[order])


def _positions(ids: RecordIds, records: RecordIds) -> Positions:
    order = np.argsort(ids)
    found = order[np.searchsorted(ids, records, sorter=order)] if ids.size else records
    return np.asarray(found, np.int32)


def _write(session: Session, model: str, ends: npt.NDArray[np.int64], weight: Weights) -> None:
    low, high = ends.min(axis=1, initial=2**62), ends.max(axis=1, initial=-1)
    copy_rows(
        session, "scored_pair", ("left_record_id", "right_record_id", "weight", "model"),
        ((*pair, model) for pair in zip(low.tolist(), high.tolist(), weight.tolist(), strict=True)),
    )  # fmt: skip
