"""The workbook that an administrator gets back, opened again."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from registry.lists.corrections import MarkedRow, write_corrections
from registry.schemes import RejectedRow, Statement, adapter
from registry.schemes.headings import ADDED
from registry.schemes.problems import CellProblem
from registry.tables import read
from tests.registry.list_files import table_of

HEADINGS = ("patient_no", "name", "sex", "dob", "Note")
ROWS = (
    ("P0701070001448", "Sok Dara", "F", "1975-02-03", "0012"),
    ("P0701070001448", "Chan Thy", "?3", "1975-02-30", "=1+1"),
    ("P0701070001450", "សុខ ដារា", "ស", "", "+cmd|' /C calc'!A0"),
    ("", "-", "F", "1975", "@SUM(A1)\x0b"),
)
TODAY = dt.date(2026, 6, 30)


def parsed() -> list[Statement | RejectedRow]:
    return list(adapter("hef").parse(table_of(HEADINGS, *ROWS), today=TODAY))


def written(path: Path, *, only_rejected: bool = False) -> list[tuple[str, ...]]:
    rows = (MarkedRow.of(row) for row in parsed())
    write_corrections(path, HEADINGS, rows, only_rejected=only_rejected)
    workbook = openpyxl.load_workbook(path)
    found = [
        tuple(str(value or "") for value in row)
        for row in workbook.worksheets[0].iter_rows(values_only=True)
    ]
    workbook.close()
    return found


def test_the_same_rows_come_back_in_the_same_order(tmp_path: Path) -> None:
    head, *rows = written(tmp_path / "corrections.xlsx")
    assert head == (*HEADINGS, *ADDED)
    assert [row[: len(HEADINGS)] for row in rows[:3]] == list(ROWS[:3])
    assert rows[3][4] == "@SUM(A1)"
    assert [row[len(HEADINGS)] for row in rows] == ["2", "3", "4", "5"]


def test_what_is_wrong_stands_beside_the_row_in_both_languages(tmp_path: Path) -> None:
    _, sound, repeated, _, nameless = written(tmp_path / "corrections.xlsx")
    assert sound[-2:] == ("", "")
    assert repeated[-2].splitlines() == [
        "patient_no: The record number P0701070001448 is already used in row 2.",
        "sex: The sex ?3 is not known: write male or female.",
        "dob: The birth date 1975-02-30 cannot be: there is no such day, or it is too long ago.",
    ]
    assert repeated[-1].splitlines()[0] == ("patient_no: លេខកំណត់ត្រា P0701070001448 មានរួចហើយនៅជួរទី 2។")
    assert len(repeated[-1].splitlines()) == len(repeated[-2].splitlines())
    assert "patient_no: The row has no record number." in nameless[-2]
    assert sound[-3].startswith("taken")
    assert repeated[-3].startswith("rejected")


def test_only_the_rejected_rows_come_back_when_asked(tmp_path: Path) -> None:
    _, *rows = written(tmp_path / "corrections.xlsx", only_rejected=True)
    assert [row[len(HEADINGS)] for row in rows] == ["3", "5"]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    written(tmp_path / "corrections.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "corrections.xlsx")
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert {cell.number_format for cell in cells} == {"@"}
    workbook.close()


def test_wrong_cells_are_coloured(tmp_path: Path) -> None:
    written(tmp_path / "corrections.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "corrections.xlsx")
    sheet = workbook.worksheets[0]
    coloured = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFF2B3"]  # fmt: skip  # noqa: E501
    assert coloured == ["A3", "C3", "D3", "A5", "B5"]
    workbook.close()


def test_the_workbook_can_be_sent_again(tmp_path: Path) -> None:
    written(tmp_path / "corrections.xlsx")
    with read(tmp_path / "corrections.xlsx") as table:
        again = list(adapter("hef").parse(table, today=TODAY))
    first = parsed()
    assert [type(row) for row in again] == [type(row) for row in first]
    assert isinstance(again[0], Statement)
    assert isinstance(first[0], Statement)
    assert again[0].person == first[0].person
    assert again[0].as_sent == first[0].as_sent


@pytest.mark.parametrize("only_rejected", [True, False])
def test_a_list_without_rows_gives_its_headings(tmp_path: Path, *, only_rejected: bool) -> None:
    path = tmp_path / "corrections.xlsx"
    assert write_corrections(path, HEADINGS, (), only_rejected=only_rejected) == 0
    with read(path) as table:
        assert table.sheets[0].head[0].cells == (*HEADINGS, *ADDED)


def test_remarks_of_several_rows_stand_with_the_others(tmp_path: Path) -> None:
    remark = CellProblem("dob", "1975", "birth_date.before_mother", "3")
    rows = [MarkedRow.of(parsed()[0], (remark,))]
    write_corrections(tmp_path / "c.xlsx", HEADINGS, rows, only_rejected=False)
    with read(tmp_path / "c.xlsx") as table:
        assert "earlier than that of the mother" in table.sheets[0].head[1].cells[-2]
