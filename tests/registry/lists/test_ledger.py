"""Rows are kept chunk by chunk: none is lost, none is kept twice, whoever is interrupted."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.database import transaction
from registry.deferral import holding, is_held, list_of
from registry.errors import BatchInProgress
from registry.lists import batches, imports, ledger, progress, reading
from registry.lists.batches import BatchStatus
from registry.lists.imports import Terms
from registry.lists.reading import Pace
from tests.registry.lists.test_imports import rows
from tests.registry.sealed_rows import opened
from tests.registry.small_lists import DARA, NAMELESS, SOKHA, SOKHA_AGAIN, hef

TAKEN = """
SELECT scheme_record_id, row, content_digest, as_sent, warnings
FROM record_version JOIN source_record r ON r.id = record_id
WHERE superseded_at IS NULL ORDER BY 1
"""
REJECTED = "SELECT row, as_sent, problems FROM rejected_row ORDER BY 1"
SEALED = {"as_sent": "as_sent", "warnings": "problems", "problems": "problems"}


class Interrupted(BaseException):
    """The process is gone."""


def interrupted_after(chunks: int) -> Terms:
    """Ends after so many chunks are kept, two rows each."""
    left = [chunks]

    def heard(_: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Interrupted

    return Terms(pace=Pace(1, 2), heard=heard)


def many(folder: Path, name: str = "hef.csv") -> Path:
    """Twelve rows, two of them rejected; two have the number of a row in another chunk."""
    numbered = [(f"N{number}", *SOKHA[1:]) for number in range(6)]
    return hef(folder, [SOKHA, *numbered, NAMELESS, DARA, SOKHA, SOKHA_AGAIN, DARA], name)


@pytest.mark.core
@pytest.mark.parametrize("chunks", [1, 3, 6])
def test_interrupted_import_goes_on_and_comes_to_the_same(
    engine: Engine, tmp_path: Path, chunks: int
) -> None:
    with pytest.raises(Interrupted):
        imports.parse_file(engine, "hef", many(tmp_path), interrupted_after(chunks))
    with transaction(engine) as session:
        kept = ledger.kept(session, 1)
    assert (kept.chunks, kept.read) == (
        chunks,
        2 * chunks - 1,
    )  # the headings are in the first chunk
    batch = imports.parse_file(engine, "hef", many(tmp_path), Terms(pace=Pace(1, 2))).batch
    assert batch.id == 1
    assert (batch.rows_read, batch.rows_accepted, batch.rows_rejected) == (12, 9, 3)
    assert rows(engine, "SELECT count(*), count(DISTINCT row) FROM record_version") == [(9, 9)]
    assert [row for row, *_ in opened(engine, REJECTED, **SEALED)] == [9, 11, 13]


def test_what_is_kept_is_let_go_where_its_rows_are_not_what_the_ledger_says(
    engine: Engine, tmp_path: Path
) -> None:
    """So it is after an upgrade that understands rows another way, or keeps them so."""
    with pytest.raises(Interrupted):
        imports.parse_file(engine, "hef", many(tmp_path), interrupted_after(6))
    with transaction(engine) as session:
        session.execute(text("DELETE FROM staged_chunk WHERE number = 2"))
    batch = imports.parse_file(engine, "hef", many(tmp_path), Terms(pace=Pace(1, 2))).batch
    assert (batch.id, batch.rows_read) == (1, 12)
    assert (batch.rows_accepted, batch.rows_rejected) == (9, 3)
    assert rows(engine, "SELECT count(*), count(DISTINCT row) FROM record_version") == [(9, 9)]
    assert [row for row, *_ in opened(engine, REJECTED, **SEALED)] == [9, 11, 13]


class Stuck(reading._Parser):
    """A parsing process that never answers."""

    def __init__(self) -> None:
        super().__init__()
        os.kill(self._process.pid, signal.SIGSTOP)


def test_parsing_process_that_does_not_answer_is_given_up_and_nothing_lost(
    engine: Engine, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, small = samples / "hef.csv", Terms(pace=Pace(2, 300))
    with monkeypatch.context() as patched:
        patched.setattr(reading, "PATIENCE", 0.2)
        patched.setattr(reading, "_Parser", Stuck)
        with pytest.raises(TimeoutError):
            imports.parse_file(engine, "hef", whole, small)
    with transaction(engine) as session:
        assert 0 < ledger.kept(session, 1).read < 3_692
    batch = imports.parse_file(engine, "hef", whole, small).batch
    assert (batch.id, batch.status, batch.rows_read) == (1, BatchStatus.PARSED, 3_692)


@pytest.mark.core
def test_size_of_chunks_and_number_of_processes_change_nothing(
    engine: Engine, samples: Path
) -> None:
    found = []
    for pace in (Pace(1, 100_000), Pace(1, 7), Pace(2, 300), Pace(2, 750)):
        imports.parse_file(engine, "hef", samples / "hef.csv", Terms(pace=pace))
        found.append((opened(engine, TAKEN, **SEALED), opened(engine, REJECTED, **SEALED)))
        forget = (
            "TRUNCATE batch, batch_file, batch_chunk, rejected_row, record_version, source_record"
            " CASCADE"
        )
        with transaction(engine) as session:
            session.connection().exec_driver_sql(forget)
    assert all(each == found[0] for each in found)
    assert len(found[0][0]) == 3692


@pytest.mark.core
def test_second_importer_of_a_scheme_is_told_to_wait(engine: Engine, tmp_path: Path) -> None:
    with holding(engine, list_of("hef")), pytest.raises(BatchInProgress):
        imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA]))
    [(status,)] = rows(engine, "SELECT status FROM batch")
    assert status == "received"


def test_list_is_free_again_before_its_connection_is_gone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "invalidate", lambda _: None)
    with engine.connect() as other, Session(other) as session:
        with holding(engine, list_of("hef")):
            assert is_held(session, list_of("hef"))
        assert not is_held(session, list_of("hef"))


@pytest.mark.core
def test_writer_who_missed_a_line_writes_none(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        imports.parse_file(engine, "hef", many(tmp_path), interrupted_after(2))
    entry = ledger.Entry(last_row=9, accepted=1, rejected=0, tallies=(), seconds=0.0)
    with transaction(engine) as session:
        before = ledger.kept(session, 1)
        ledger.add(session, 1, before, entry)
        with pytest.raises(BatchInProgress):
            ledger.add(session, 1, before, entry)


@pytest.mark.core
def test_progress_is_readable_while_rows_are_kept(engine: Engine, tmp_path: Path) -> None:
    seen: list[progress.Progress] = []

    def look(batch: int) -> None:
        with transaction(engine) as session:
            seen.append(progress.read(session, batch))

    imports.parse_file(engine, "hef", many(tmp_path), Terms(pace=Pace(1, 5), heard=look))
    imports.link(engine)
    look(1)
    assert [one.rows_read for one in seen] == [4, 9, 12, 12, 12]
    assert seen[0].rows_expected == 12
    assert seen[0].seconds_left is not None
    assert [one.status for one in seen[-2:]] == [BatchStatus.PARSED, BatchStatus.LINKED]
    assert (seen[-1].rows_accepted, seen[-1].rows_rejected) == (9, 3)
    assert seen[-1].records_linked == 9


@pytest.mark.core
def test_problems_are_counted_with_examples(engine: Engine, tmp_path: Path) -> None:
    batch = imports.parse_file(engine, "hef", many(tmp_path), Terms(pace=Pace(1, 2))).batch
    with transaction(engine) as session:
        found = batches.problems(session, batch)
    errors = {tally.code: tally for tally in found if tally.is_error}
    assert Counter({code: tally.cells for code, tally in errors.items()}) == {
        "name.missing": 1,
        "record_number.repeated": 2,
    }
    first = errors["record_number.repeated"].examples[0]
    assert (first.row, first.column, first.value) == (11, "patient_no", "P1")
    assert "row 2" in first.message
    assert "2" in first.message_km


@pytest.mark.core
@pytest.mark.parametrize("table", ["batch", "source_record"])
@pytest.mark.parametrize("what", ["DELETE FROM {0}", "UPDATE {0} SET id = id + 1"])
def test_batches_and_records_stay_for_ever(session: Session, table: str, what: str) -> None:
    with pytest.raises(IntegrityError, match="kept for ever"):
        session.execute(text(what.format(table)))
