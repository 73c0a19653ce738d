"""Whole lists and lists of changes; trials of both."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.database import transaction
from registry.errors import BatchCancelled, Conflict
from registry.lists import batches, imports
from registry.lists.batches import BatchStatus, Mode
from registry.lists.imports import Terms
from registry.people import partition
from tests.registry.lists.test_imports import everything, rows
from tests.registry.small_lists import DARA, NAMELESS, SOKHA, SOKHA_AGAIN, hef

WHOLE = Terms(mode=Mode.SNAPSHOT, hold_share=1.0)
CAREFUL = Terms(mode=Mode.SNAPSHOT, hold_share=0.2)


def sp_ids(engine: Engine) -> dict[str, str]:
    with transaction(engine) as session:
        return {number: sp_id for _, number, sp_id in partition.rows(session)}


@pytest.mark.core
def test_list_of_changes_ends_nothing(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]))
    batch = imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA], "later.csv")).batch
    assert batch.records_ending == 0
    assert rows(engine, "SELECT count(*) FROM record_version WHERE superseded_at IS NULL") == [(2,)]


@pytest.mark.core
def test_absent_record_of_a_whole_list_ends_and_keeps_its_history(
    engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]), WHOLE)
    imports.link(engine)
    before = sp_ids(engine)
    batch = imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA], "later.csv"), WHOLE).batch
    imports.link(engine)
    assert (batch.records_unchanged, batch.records_ending) == (1, 1)
    assert sp_ids(engine) == {"P1": before["P1"]}
    [(departed_in, is_current)] = rows(
        engine,
        "SELECT departed_in, superseded_at IS NULL FROM record_version v"
        " JOIN source_record r ON r.id = v.record_id WHERE scheme_record_id = 'P3'",
    )
    assert (departed_in, is_current) == (batch.id, False)
    kept = rows(engine, "SELECT sp_id FROM person WHERE merged_into IS NULL ORDER BY 1")
    assert kept == sorted((sp_id,) for sp_id in before.values())


@pytest.mark.core
def test_record_that_comes_back_is_the_same_person_again(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]), WHOLE)
    imports.link(engine)
    before = sp_ids(engine)
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA], "second.csv"), WHOLE)
    imports.link(engine)
    back = hef(tmp_path, [DARA, SOKHA], "third.csv")
    batch = imports.parse_file(engine, "hef", back, WHOLE).batch
    linked = imports.link(engine)
    assert (batch.records_new, batch.records_unchanged, batch.records_ending) == (1, 1, 0)
    assert linked.new_persons == 0
    assert sp_ids(engine) == before


@pytest.mark.core
def test_other_schemes_do_not_end(engine: Engine, tmp_path: Path, samples: Path) -> None:
    imports.parse_file(engine, "disability", samples / "disability.csv")
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA]), WHOLE)
    current = rows(
        engine,
        "SELECT scheme, count(*) FROM record_version v JOIN source_record r ON r.id = record_id"
        " WHERE superseded_at IS NULL GROUP BY 1 ORDER BY 1",
    )
    assert current == [("disability", 362), ("hef", 1)]


@pytest.mark.core
def test_record_whose_row_is_rejected_does_not_end(engine: Engine, tmp_path: Path) -> None:
    named = (*NAMELESS[:1], "Chea", "Bopha", *NAMELESS[3:])
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, named]), WHOLE)
    later = hef(tmp_path, [SOKHA, NAMELESS], "later.csv")
    batch = imports.parse_file(engine, "hef", later, WHOLE).batch
    assert (batch.rows_rejected, batch.records_ending) == (1, 0)


@pytest.mark.core
def test_whole_list_that_ends_too_much_is_held_until_confirmed(
    engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA]), CAREFUL)
    imports.link(engine)
    before = everything(engine)
    file = hef(tmp_path, [SOKHA, SOKHA_AGAIN], "later.csv")
    held = imports.parse_file(engine, "hef", file, CAREFUL).batch
    assert (held.status, held.records_ending) == (BatchStatus.HELD, 1)
    assert everything(engine) == before
    assert imports.parse_file(engine, "hef", file, CAREFUL).batch.status == BatchStatus.HELD
    confirmed = imports.confirm(engine, held.id, CAREFUL)
    assert (confirmed.status, confirmed.records_ending) == (BatchStatus.PARSED, 1)
    imports.link(engine)
    assert set(sp_ids(engine)) == {"P1", "P2"}


@pytest.mark.core
def test_cancelled_batch_takes_nothing_and_may_be_sent_again(
    engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]), CAREFUL)
    file = hef(tmp_path, [SOKHA], "later.csv")
    held = imports.parse_file(engine, "hef", file, CAREFUL).batch
    with transaction(engine) as session:
        batches.cancel(session, batches.find(session, held.id), datetime.now(UTC))
    with pytest.raises(Conflict):
        imports.confirm(engine, held.id, CAREFUL)
    assert rows(engine, "SELECT count(*) FROM staged_chunk") == [(0,)]
    again = imports.parse_file(engine, "hef", file, WHOLE).batch
    assert again.id != held.id
    assert again.status == BatchStatus.PARSED


@pytest.mark.core
def test_batch_cancelled_while_it_is_read_stops(engine: Engine, samples: Path) -> None:
    def cancel(number: int) -> None:
        with transaction(engine) as session:
            batches.cancel(session, batches.find(session, number), datetime.now(UTC))

    with pytest.raises(BatchCancelled):
        imports.parse_file(engine, "hef", samples / "hef.csv", Terms(heard=cancel))
    assert rows(engine, "SELECT count(*) FROM staged_chunk") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM record_version") == [(0,)]


@pytest.mark.core
def test_trial_says_what_would_come_of_a_list_and_writes_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA]), CAREFUL)
    before = everything(engine), rows(engine, "SELECT batch::text FROM batch")
    changed = (*SOKHA[:-1], "2026-03-04")
    file = hef(tmp_path, [changed, SOKHA_AGAIN, NAMELESS, SOKHA_AGAIN], "later.csv")
    trial = imports.try_out(engine, "hef", file, CAREFUL)
    assert (everything(engine), rows(engine, "SELECT batch::text FROM batch")) == before
    assert trial.is_held
    counts = trial.batch
    assert (counts.rows_read, counts.rows_rejected) == (4, 2)
    assert (counts.records_new, counts.records_changed, counts.records_unchanged) == (0, 1, 1)
    assert counts.records_ending == 1
    assert [(tally.code, tally.cells) for tally in trial.problems if tally.is_error] == [
        ("name.missing", 1),
        ("record_number.repeated", 1),
    ]
    real = imports.parse_file(engine, "hef", file, replace(CAREFUL, hold_share=1.0)).batch
    assert (real.records_changed, real.records_ending, real.rows_rejected) == (1, 1, 2)


@pytest.mark.core
def test_order_of_columns_is_not_content(engine: Engine, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA, DARA])
    imports.parse_file(engine, "hef", file)
    lines = [line.split(",")[::-1] for line in file.read_text("utf-8").splitlines()]
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join(map(",".join, lines)) + "\n", "utf-8")
    batch = imports.parse_file(engine, "hef", turned).batch
    assert (batch.records_changed, batch.records_unchanged) == (0, 2)
