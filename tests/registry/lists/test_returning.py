"""A batch's rows as its sender gets them back, from what is stored."""

from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from registry.database import transaction
from registry.errors import Conflict
from registry.lists import batches, imports, returning
from registry.lists.batches import Batch
from registry.schemes.headings import ADDED
from tests.registry import sealed_rows
from tests.registry.small_lists import DARA, HEADINGS, NAMELESS, SOKHA, csv_of

LIST = (SOKHA, ("P5", *NAMELESS[1:]), DARA, SOKHA, ("P6", *DARA[1:5], "31/02/1999", *DARA[6:]))


def taken(engine: Engine, folder: Path) -> Batch:
    path = csv_of(folder / "hef.csv", ("A list of patients",), HEADINGS, *LIST)
    return imports.parse_file(engine, "hef", path).batch


def opened(path: Path) -> list[tuple[str, ...]]:
    workbook = openpyxl.load_workbook(path)
    cells = workbook.worksheets[0].iter_rows(values_only=True)
    found = [tuple(str(value or "") for value in row) for row in cells]
    workbook.close()
    return found


def test_rejected_rows_come_back_in_the_order_of_the_file(engine: Engine, tmp_path: Path) -> None:
    batch = taken(engine, tmp_path)
    with transaction(engine) as session:
        assert returning.write_rejected(session, batch, tmp_path / "back.xlsx") == 2
    head, nameless, repeated = opened(tmp_path / "back.xlsx")
    assert head == (*HEADINGS, *ADDED)
    assert nameless[: len(HEADINGS)] == LIST[1]
    assert repeated[: len(HEADINGS)] == SOKHA
    assert [nameless[-4], repeated[-4]] == ["4", "6"]
    assert "The row has no name." in nameless[-2]
    assert "ជួរនេះគ្មានឈ្មោះ" in nameless[-1]
    assert "already used in row 3" in repeated[-2]


def test_all_rows_come_back_with_their_warnings(engine: Engine, tmp_path: Path) -> None:
    batch = taken(engine, tmp_path)
    with transaction(engine) as session:
        assert returning.write_all(session, batch, tmp_path / "back.xlsx") == 5
    found = opened(tmp_path / "back.xlsx")[1:]
    assert [row[: len(HEADINGS)] for row in found] == list(LIST)
    assert [row[-3].split()[0] for row in found] == [
        "taken", "rejected", "taken", "rejected", "taken",
    ]  # fmt: skip
    assert "birth date 31/02/1999 cannot be" in found[4][-2]
    assert found[0][-2] == "patient_no: The record number P1 does not have the usual form."


def test_corrected_workbook_is_taken_and_the_rest_changes_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    batch = taken(engine, tmp_path)
    with transaction(engine) as session:
        returning.write_all(session, batch, tmp_path / "back.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet = workbook.worksheets[0]
    sheet.cell(3, 2).value = "Keo"
    sheet.cell(5, 1).value = "P7"
    workbook.save(tmp_path / "corrected.xlsx")
    again = imports.parse_file(engine, "hef", tmp_path / "corrected.xlsx").batch
    assert (again.records_new, again.records_unchanged, again.rows_rejected) == (2, 3, 0)
    assert again.records_changed == 0
    sent = sealed_rows.opened(engine, "SELECT as_sent FROM record_version", as_sent="as_sent")
    assert sent
    assert not any("What is wrong" in cells for (cells,) in sent)


def test_rows_of_a_list_that_was_not_read_cannot_all_come_back(
    engine: Engine, tmp_path: Path
) -> None:
    path = csv_of(tmp_path / "hef.csv", HEADINGS, SOKHA)
    batch = imports.receive(engine, "hef", path)
    with transaction(engine) as session:
        found = batches.find(session, batch.id)
        with pytest.raises(Conflict, match="not all read"):
            returning.write_all(session, found, tmp_path / "back.xlsx")
        assert returning.write_rejected(session, found, tmp_path / "back.xlsx") == 0
