from pathlib import Path

import pytest

from registry.errors import UnreadableFile
from registry.tables import LIMITS, Row, read
from registry.tables.opening import open_table
from tests.registry.tables.old_workbooks import write_xls


def test_texts_numbers_and_dates_of_an_old_workbook_become_text(tmp_path: Path) -> None:
    path = write_xls(
        tmp_path / "list.xls",
        ("name", "phone", "rate", "born"),
        ("សុខ", 85512345678.0, 1.5, 26883.0),
        date_columns=(3,),
    )
    with open_table(path, LIMITS) as table:
        (sheet,) = table.sheets
        assert sheet.name == "List"
        assert list(sheet.rows()) == [
            Row(1, ("name", "phone", "rate", "born")),
            Row(2, ("សុខ", "85512345678", "1.5", "1973-08-07")),
        ]


def test_an_old_workbook_is_read_in_its_own_process_too(tmp_path: Path) -> None:
    with read(write_xls(tmp_path / "list", ("a", "b"), ("1", "2"))) as table:
        assert [row.cells for row in table.sheets[0].rows()] == [("a", "b"), ("1", "2")]


def test_no_characters_are_left_out(tmp_path: Path) -> None:
    with open_table(write_xls(tmp_path / "list.xls", ("a\x00b",)), LIMITS) as table:
        assert table.sheets[0].head == (Row(1, ("ab",)),)


def test_a_cut_old_workbook_is_unreadable(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "list.xls", *(("some text", "other text") for _ in range(500)))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(UnreadableFile, match="damaged"), open_table(path, LIMITS) as table:
        list(table.sheets[0].rows())
