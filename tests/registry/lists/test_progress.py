"""How long a list will take: guessed from those before it, and said only while that may be true."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.lists import progress
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.lists.ledger import Chunk


def add(session: Session, rows: int, status: BatchStatus, *, ago: float, took: float = 0) -> int:
    """A batch of so many rows, read to its end so many seconds ago, linked in so many."""
    parsed = datetime.now(UTC) - timedelta(seconds=ago)
    batch = Batch(
        scheme="hef", mode=Mode.DELTA, file_name="list.csv", size=1, sha256=f"{rows} {ago}",
        status=status, rows_read=rows, rows_rejected=0, read_at=parsed, parsed_at=parsed,
        finished_at=parsed + timedelta(seconds=took) if status == BatchStatus.LINKED else None,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.add(
        Chunk(batch_id=batch.id, number=1, last_row=rows, rows_read=rows, rows_accepted=rows,
              rows_rejected=0, seconds=1.0, problems=[])
    )  # fmt: skip
    session.flush()
    return batch.id


def left(session: Session, rows: int, ago: float) -> float | None:
    number = add(session, rows, BatchStatus.PARSED, ago=ago)
    return progress.read(session, number).seconds_left


def test_list_takes_as_long_as_the_one_before_that_is_nearest_in_length(session: Session) -> None:
    add(session, 100, BatchStatus.LINKED, ago=9000, took=10)
    add(session, 100_000, BatchStatus.LINKED, ago=8000, took=60)
    assert left(session, 120, ago=2) == pytest.approx(10, abs=0.5)
    assert left(session, 80, ago=3) == pytest.approx(7, abs=0.5)
    assert left(session, 1_000_000, ago=100) == pytest.approx(500, abs=0.5)


def test_first_list_has_a_guess_that_grows_with_it(session: Session) -> None:
    assert left(session, 1_000_000, ago=70) == pytest.approx(400, abs=0.5)
    assert left(session, 1000, ago=0) == pytest.approx(20.45, abs=0.5)


def test_guess_that_proved_wrong_is_not_said(session: Session) -> None:
    add(session, 100, BatchStatus.LINKED, ago=9000, took=10)
    assert left(session, 100, ago=11) is None
