import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from registry.errors import UnreadableFile
from registry.tables import Row, head, read
from tests.registry.lists import write_workbook


def test_cells_become_text_as_a_reader_would_write_them(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "list.xlsx",
        ("name", "born", "seen", "phone", "rate", "yes", "none"),
        (
            "សុខ",
            dt.date(1973, 8, 7),
            dt.datetime(1973, 8, 7, 12, 30),  # noqa: DTZ001 - workbooks know no time zone
            85512345678,
            1.5,
            True,
            None,
        ),
    )
    with read(path) as table:
        assert list(table.sheets[0].rows())[1] == Row(
            2, ("សុខ", "1973-08-07", "1973-08-07T12:30:00", "85512345678", "1.5", "True", "")
        )


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["C4"] = "heading"
    sheet["C7"] = "value"
    workbook.save(tmp_path / "list.xlsx")
    with read(tmp_path / "list.xlsx") as table:
        written = [row for row in table.sheets[0].rows() if any(row.cells)]
    assert written == [Row(4, ("heading",)), Row(7, ("value",))]


def test_every_sheet_is_offered_and_an_empty_one_has_no_rows(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("data").append(["a"])
    workbook.save(tmp_path / "list.xlsx")
    with read(tmp_path / "list.xlsx") as table:
        assert [(sheet.name, len(head(sheet))) for sheet in table.sheets] == [
            ("Sheet", 0),
            ("data", 1),
        ]


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", ("a", "b")).rename(tmp_path / "list.csv")
    with read(path) as table:
        assert list(table.sheets[0].rows()) == [Row(1, ("a", "b"))]


def test_a_cut_workbook_is_unreadable(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", *(("a", "b") for _ in range(500)))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnreadableFile, match="damaged or cut short"):
        read(path)


def test_an_archive_of_something_else_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(UnreadableFile, match="without a workbook"):
        read(tmp_path / "list.xlsx")


def test_a_broken_sheet_is_unreadable(tmp_path: Path) -> None:
    whole = write_workbook(tmp_path / "whole.xlsx", ("a", "b"))
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-60] if "sheet1" in name else content)
    with read(broken) as table, pytest.raises(UnreadableFile, match="Sheet1 is damaged"):
        head(table.sheets[0])
