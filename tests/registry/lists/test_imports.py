"""A list's way from its file to links."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry.database import transaction
from registry.errors import UnreadableFile, WrongHeadings
from registry.lists import imports
from registry.lists.batches import BatchStatus
from registry.people import partition
from tests.registry.sealed_rows import opened
from tests.registry.small_lists import DARA, NAMELESS, SOKHA, SOKHA_AGAIN, hef


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with transaction(engine) as session:
        return [tuple(row) for row in session.execute(text(query))]


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = ("source_record", "record_version", "link", "person", "review", "rejected_row")
    query = "SELECT {0}::text FROM {0} ORDER BY 1"
    return {table: rows(engine, query.format(table)) for table in tables}


@pytest.mark.core
def test_rows_are_accepted_or_rejected_and_none_is_lost(engine: Engine, tmp_path: Path) -> None:
    batch = imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, NAMELESS, DARA])).batch
    assert (batch.rows_read, batch.rows_accepted, batch.rows_rejected) == (3, 2, 1)
    [(row, problems)] = opened(
        engine, "SELECT row, problems FROM rejected_row", problems="problems"
    )
    assert row == 3
    assert isinstance(problems, list)
    assert problems[0]["code"] == "name.missing"


@pytest.mark.core
def test_same_file_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA])
    imports.parse_file(engine, "hef", file)
    imports.link(engine)
    before = everything(engine)
    again = imports.parse_file(engine, "hef", file)
    assert again.is_known
    assert again.batch.status == BatchStatus.LINKED
    assert everything(engine) == before


@pytest.mark.core
def test_changed_row_supersedes_and_the_same_row_does_not(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]))
    older = (*DARA[:-1], "2026-03-04")
    batch = imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, older], "later.csv")).batch
    assert (batch.records_new, batch.records_changed, batch.records_unchanged) == (0, 1, 1)
    versions = rows(
        engine,
        "SELECT stated_on, superseded_at IS NULL FROM record_version v"
        " JOIN source_record r ON r.id = v.record_id WHERE scheme_record_id = 'P3' ORDER BY v.id",
    )
    assert versions == [("2025-01-02", False), ("2026-03-04", True)]


@pytest.mark.core
def test_every_record_is_linked_to_one_person(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA]))
    imports.link(engine)
    with transaction(engine) as session:
        linked = {number: sp_id for _, number, sp_id in partition.rows(session)}
    assert set(linked) == {"P1", "P2", "P3"}
    assert linked["P3"] not in {linked["P1"], linked["P2"]}


@pytest.mark.core
def test_linking_again_leaves_persons_and_links_as_they_are(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA]))
    imports.link(engine)
    before = everything(engine)
    linked = imports.link(engine)
    assert linked.new_persons == 0
    assert everything(engine) == before


@pytest.mark.core
def test_unreadable_file_takes_nothing_and_says_so(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "hef.csv"
    file.write_bytes(b"")
    with pytest.raises(UnreadableFile):
        imports.parse_file(engine, "hef", file)
    assert rows(engine, "SELECT count(*) FROM source_record") == [(0,)]
    [(status, error)] = rows(engine, "SELECT status, error FROM batch")
    assert status == "failed"
    assert error


@pytest.mark.core
def test_failed_file_may_be_sent_again(engine: Engine, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA])
    with pytest.raises(WrongHeadings):
        imports.parse_file(engine, "idpoor", file)
    with pytest.raises(WrongHeadings):
        imports.parse_file(engine, "idpoor", file)
    assert rows(engine, "SELECT status FROM batch") == [("failed",), ("failed",)]


@pytest.mark.core
def test_file_cut_in_a_quoted_cell_takes_nothing(engine: Engine, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA, DARA])
    file.write_text(file.read_text("utf-8") + 'P9,"Sok\n', "utf-8")
    with pytest.raises(UnreadableFile):
        imports.parse_file(engine, "hef", file)
    assert rows(engine, "SELECT count(*) FROM record_version") == [(0,)]
