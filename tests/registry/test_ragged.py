"""Rows that are written column by column are the rows that are read."""

from itertools import pairwise

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.copied import write_columns
from registry.ragged import Ragged


def test_rows_with_arrays_are_read_as_they_were_written(session: Session) -> None:
    size = 10_003
    lengths = np.arange(size) % 4
    starts = np.append(0, np.cumsum(lengths)).astype(np.int64)
    numbers = np.arange(starts[-1], dtype=np.int64) * -987_654_321_987
    ids = np.arange(size, dtype=np.int64) - 5
    briefs = np.array([(one, one * 2) for one in range(size)], [("a", "<i4"), ("b", "<u8")])
    session.execute(text("CREATE TEMPORARY TABLE ragged (id bigint, more bigint[], brief bytea)"))
    write_columns(
        session, "ragged", ("id", "more", "brief"), [ids, Ragged(numbers, starts), briefs]
    )
    rows = session.execute(text("SELECT id, more, brief FROM ragged ORDER BY id")).all()
    assert [row[0] for row in rows] == ids.tolist()
    assert [row[1] for row in rows] == [
        numbers[start:end].tolist() for start, end in pairwise(starts.tolist())
    ]
    assert [bytes(row[2]) for row in rows] == [brief.tobytes() for brief in briefs]


def test_no_rows_are_written_of_none(session: Session) -> None:
    nobody = np.empty(0, np.int64)
    session.execute(text("CREATE TEMPORARY TABLE ragged (id bigint, more bigint[])"))
    nothing = Ragged(nobody, np.zeros(1, np.int64))
    write_columns(session, "ragged", ("id", "more"), [nobody, nothing])
    assert session.scalar(text("SELECT count(*) FROM ragged")) == 0
