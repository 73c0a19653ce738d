import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from registry.errors import UnreadableFile
from registry.tables import LIMITS, Row
from registry.tables.opening import open_table
from tests.registry.list_files import SAMPLES, write_workbook
from tests.registry.tables.workbooks import (
    CONTENTS,
    MAIN,
    row_xml,
    sheet_xml,
    texts_xml,
    write_xlsx,
)


def rows_of(path: Path) -> list[Row]:
    with open_table(path, LIMITS) as table:
        return list(table.sheets[0].rows())


def cells_of(path: Path) -> tuple[str, ...]:
    (row,) = rows_of(path)
    return row.cells


def test_cells_become_text_as_a_reader_would_write_them(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "list.xlsx",
        (
            "សុខ",
            dt.date(1973, 8, 7),
            dt.datetime(1973, 8, 7, 12, 30),  # noqa: DTZ001 - workbooks know no time zone
            dt.time(3, 4),
            85512345678,
            1.5,
            True,
            "a\nb",
            " blank ",
        ),
    )
    assert cells_of(path) == (
        "សុខ",
        "1973-08-07",
        "1973-08-07T12:30:00",
        "03:04:00",
        "85512345678",
        "1.5",
        "TRUE",
        "a\nb",
        " blank ",
    )


@pytest.mark.parametrize("name", ["idpoor", "nssf"])
def test_the_samples_read_as_another_reader_reads_them(name: str) -> None:
    path = SAMPLES / f"{name}.xlsx"
    workbook = openpyxl.load_workbook(path, read_only=True)
    expected = [
        tuple("" if cell is None else _text(cell) for cell in cells)
        for cells in workbook.worksheets[0].iter_rows(values_only=True)
        if any(cells)
    ]
    workbook.close()
    width = max(map(len, expected))
    found = [row.cells + ("",) * (width - len(row.cells)) for row in rows_of(path)]
    assert found == expected


def _text(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else str(cell)


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["C4"] = "heading"
    sheet["B7"] = "value"
    workbook.save(tmp_path / "list.xlsx")
    assert rows_of(tmp_path / "list.xlsx") == [
        Row(4, ("", "", "heading")),
        Row(7, ("", "value", "")),
    ]


def test_every_sheet_is_offered_and_an_empty_one_has_no_rows(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("data").append(["a"])
    workbook.save(tmp_path / "list.xlsx")
    with open_table(tmp_path / "list.xlsx", LIMITS) as table:
        found = [(sheet.name, len(sheet.head)) for sheet in table.sheets]
    assert found == [("Sheet", 0), ("data", 1)]


def test_a_chart_sheet_is_no_sheet_of_rows(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("chart")
    workbook.save(tmp_path / "list.xlsx")
    with open_table(tmp_path / "list.xlsx", LIMITS) as table:
        assert [sheet.name for sheet in table.sheets] == ["Sheet"]


def test_shared_texts_join_their_runs_and_leave_out_how_they_sound(tmp_path: Path) -> None:
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><t>សុខ </t></r><r><t>ដារា</t></r>'
        "<rPh><t>sok</t></rPh></si></sst>"
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert cells_of(write_xlsx(tmp_path / "list.xlsx", row, texts=texts)) == ("សុខ ដារា",)


def test_escaped_characters_are_put_back_and_no_characters_left_out(tmp_path: Path) -> None:
    row = row_xml(1, "a_x0041_b_x0000_c_xD800_d_x000A_")
    assert cells_of(write_xlsx(tmp_path / "list.xlsx", row)) == ("aAbcd\n",)


@pytest.mark.parametrize(
    ("number", "style", "contents", "expected"),
    [
        ("26883", "1", CONTENTS, "1973-08-07"),
        ("26883.5", "1", CONTENTS, "1973-08-07T12:00:00"),
        ("0.5", "1", CONTENTS, "12:00:00"),
        ("59", "1", CONTENTS, "1900-02-28"),
        ("61", "1", CONTENTS, "1900-03-01"),
        ("26883", "2", CONTENTS, "1973-08-07"),
        ("26883", "3", CONTENTS, "26883"),
        ("26883", "0", CONTENTS, "26883"),
        ("-5", "1", CONTENTS, "-5"),
        ("99999999", "1", CONTENTS, "99999999"),
        ("25421", "1", CONTENTS.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'),
         "1973-08-07"),
    ],
)  # fmt: skip
def test_dates_are_numbers_in_a_style_that_shows_dates(
    tmp_path: Path, number: str, style: str, contents: str, expected: str
) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[$-4]dd/mm/yyyy"/>'
        '<numFmt numFmtId="165" formatCode="&quot;day&quot; 0 [Red]"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
        "</cellXfs></styleSheet>"
    )
    row = f'<row r="1"><c r="A1" s="{style}"><v>{number}</v></c></row>'
    path = write_xlsx(tmp_path / "list.xlsx", row, styles=styles, contents=contents)
    assert cells_of(path) == (expected,)


def test_formulas_show_their_result_or_themselves(tmp_path: Path) -> None:
    row = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1</f><v>two</v></c>'
        '<c r="C1"><f>SUM(A1)</f></c><c r="D1" t="e"><v>#REF!</v></c></row>'
    )
    assert cells_of(write_xlsx(tmp_path / "list.xlsx", row)) == ("2", "two", "=SUM(A1)", "#REF!")


def test_cells_without_references_follow_one_another(tmp_path: Path) -> None:
    row = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert rows_of(write_xlsx(tmp_path / "list.xlsx", row)) == [
        Row(1, ("1", "2")),
        Row(2, ("3", "")),
    ]


def test_a_namespace_may_have_a_prefix(tmp_path: Path) -> None:
    sheet = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace("<", "<x:")
    sheet = sheet.replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    assert cells_of(write_xlsx(tmp_path / "list.xlsx", sheet.encode())) == ("1",)


def test_a_text_that_is_not_there_is_damage(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'
    path = write_xlsx(tmp_path / "list.xlsx", row, texts=texts_xml("one"))
    with pytest.raises(UnreadableFile, match="damaged"):
        rows_of(path)


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", ("a", "b")).rename(tmp_path / "list.csv")
    assert cells_of(path) == ("a", "b")


def test_a_cut_workbook_is_unreadable(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", *(("a", "b") for _ in range(500)))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnreadableFile, match="damaged or cut short"):
        rows_of(path)


def test_an_archive_of_something_else_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(UnreadableFile, match="without a workbook"):
        rows_of(tmp_path / "list.xlsx")
