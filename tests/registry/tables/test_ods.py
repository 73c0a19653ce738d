from pathlib import Path

import pytest

from registry.errors import UnreadableFile
from registry.tables import LIMITS, Row
from registry.tables.opening import open_table
from tests.registry.tables.workbooks import write_ods


def rows_of(path: Path, place: int = 0) -> list[Row]:
    with open_table(path, LIMITS) as table:
        return list(table.sheets[place].rows())


def text(content: str, **repeated: int) -> str:
    columns = repeated.get("columns", 1)
    return (
        f'<table:table-cell table:number-columns-repeated="{columns}" '
        f'office:value-type="string"><text:p>{content}</text:p></table:table-cell>'
    )


def sheet(rows: str, name: str = "List") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def test_every_kind_of_cell_becomes_text(tmp_path: Path) -> None:
    cells = (
        text("សុខ <text:span>ដារា</text:span>")
        + '<table:table-cell office:value-type="float" office:value="85512345678"/>'
        '<table:table-cell office:value-type="float" office:value="1.5"/>'
        '<table:table-cell office:value-type="date" office:date-value="1973-08-07"/>'
        '<table:table-cell office:value-type="date" office:date-value="1973-08-07T00:00:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        "<table:covered-table-cell/>"
        '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p>'
        "<text:p>c<text:tab/>d</text:p></table:table-cell>"
    )
    path = write_ods(tmp_path / "list.ods", sheet(f"<table:table-row>{cells}</table:table-row>"))
    assert rows_of(path) == [
        Row(
            1,
            (
                "សុខ ដារា",
                "85512345678",
                "1.5",
                "1973-08-07",
                "1973-08-07",
                "TRUE",
                "",
                "a  b\nc\td",
            ),
        )
    ]


def test_notes_beside_a_cell_are_not_its_text(tmp_path: Path) -> None:
    cell = (
        "<table:table-cell><office:annotation><text:p>check</text:p></office:annotation>"
        "<text:p>value</text:p></table:table-cell>"
    )
    path = write_ods(tmp_path / "list.ods", sheet(f"<table:table-row>{cell}</table:table-row>"))
    assert rows_of(path) == [Row(1, ("value",))]


def test_repeated_rows_and_columns_keep_their_places(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{text("a", columns=2)}'
        f'<table:table-cell table:number-columns-repeated="2"/>{text("b")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    cells = ("a", "a", "", "", "b")
    assert rows_of(write_ods(tmp_path / "list.ods", sheet(rows))) == [Row(4, cells), Row(5, cells)]


def test_sheets_are_read_apart(tmp_path: Path) -> None:
    first = sheet(f"<table:table-row>{text('a')}</table:table-row>", "first")
    second = sheet(f"<table:table-row>{text('b')}</table:table-row>", "second")
    path = write_ods(tmp_path / "list.ods", first + second)
    with open_table(path, LIMITS) as table:
        assert [each.name for each in table.sheets] == ["first", "second"]
    assert rows_of(path, 1) == [Row(1, ("b",))]


def test_a_row_repeated_beyond_reason_is_refused(tmp_path: Path) -> None:
    row = f'<table:table-row table:number-rows-repeated="900000">{text("a")}</table:table-row>'
    with pytest.raises(UnreadableFile, match="Row 1 is repeated 900,000 times"):
        rows_of(write_ods(tmp_path / "list.ods", sheet(row)))
