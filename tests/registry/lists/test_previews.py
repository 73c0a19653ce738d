"""What a sender sees of a list before it is sent."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.errors import UnreadableFile
from registry.lists import layouts
from registry.lists.batches import Batch
from registry.lists.previews import MOST, Draft, Preview, preview
from registry.schemes.fields import Field
from registry.schemes.layout import PLAIN, Layout
from tests.registry.list_files import write_workbook
from tests.registry.small_lists import HEADINGS, NAMELESS, SOKHA, csv_of

TODAY = dt.date(2026, 11, 25)


def look(session: Session, path: Path, said: Layout = PLAIN) -> Preview:
    return preview(session, Draft("hef", path, said), TODAY)


def fields(shown: Preview) -> dict[str, Field | None]:
    return {column.heading: column.field for column in shown.columns}


def test_rows_are_shown_as_they_would_be_taken(session: Session, tmp_path: Path) -> None:
    shown = look(session, csv_of(tmp_path / "list.csv", HEADINGS, SOKHA, NAMELESS))
    assert shown.complaint is None
    assert (shown.heading_row, [row.number for row in shown.rows]) == (1, [2, 3])
    sokha, nameless = shown.rows
    assert sokha.person is not None
    assert sokha.person.birth_date == "1990-05-04"
    assert sokha.cells == SOKHA
    assert nameless.person is None
    assert nameless.problems[0].code == "name.missing"


def test_nothing_is_kept(session: Session, tmp_path: Path) -> None:
    look(session, csv_of(tmp_path / "list.csv", HEADINGS, SOKHA), Layout(headings={"sex": None}))
    assert session.scalar(select(func.count()).select_from(Batch)) == 0
    assert layouts.remembered(session, "hef") == PLAIN


def test_only_the_first_rows_are_shown(session: Session, tmp_path: Path) -> None:
    many = [(f"P{number}", *SOKHA[1:]) for number in range(MOST + 50)]
    assert len(look(session, csv_of(tmp_path / "list.csv", HEADINGS, *many)).rows) == MOST


def test_unknown_headings_come_with_a_suggestion(session: Session, tmp_path: Path) -> None:
    strange = ("patient_no", "last_name", "first_name", "name_kh", "gendre", *HEADINGS[5:])
    shown = look(session, csv_of(tmp_path / "list.csv", strange, SOKHA))
    [column] = [column for column in shown.columns if column.heading == "gendre"]
    assert (column.field, column.suggested, column.is_confirmed) == (None, Field.SEX, False)
    again = look(session, tmp_path / "list.csv", Layout(headings={"gendre": Field.SEX}))
    [column] = [column for column in again.columns if column.heading == "gendre"]
    assert (column.field, column.suggested, column.is_confirmed) == (Field.SEX, None, True)


def test_what_was_confirmed_for_the_scheme_is_shown(session: Session, tmp_path: Path) -> None:
    now = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    layouts.remember(session, "hef", Layout(headings={"Ref": Field.RECORD_NUMBER}), "Dara", now)
    shown = look(session, csv_of(tmp_path / "list.csv", ("Ref", *HEADINGS[1:]), SOKHA))
    assert fields(shown)["Ref"] is Field.RECORD_NUMBER
    assert shown.rows[0].person is not None


def test_list_that_would_be_refused_is_shown_with_the_reason(
    session: Session, tmp_path: Path
) -> None:
    strange = tuple(f"Q{place}" for place in range(len(HEADINGS)))
    shown = look(session, csv_of(tmp_path / "list.csv", strange, SOKHA, NAMELESS))
    assert shown.complaint is not None
    assert "No column of the file is headed" in shown.complaint
    assert [row.cells for row in shown.rows] == [SOKHA, NAMELESS]
    assert all(row.person is None for row in shown.rows)
    assert tuple(fields(shown)) == strange


def test_sheet_and_heading_row_may_be_changed(session: Session, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", ("Title",), HEADINGS, SOKHA, sheet="May")
    assert look(session, path, Layout(sheet="May", heading_row=2)).complaint is None
    shown = look(session, path, Layout(heading_row=1))
    assert (shown.sheets, shown.sheet, shown.heading_row) == (("May",), "May", 1)
    assert shown.complaint is not None
    with pytest.raises(UnreadableFile, match="no sheet June"):
        look(session, path, Layout(sheet="June"))


def test_text_that_is_not_in_unicode_is_shown_in_what_it_may_be(
    session: Session, tmp_path: Path
) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, ("P1", "Andr\u00e9", "Kha", "", *SOKHA[4:]))
    path.write_bytes((path.read_text("utf-8") + "\n" * 400).encode("cp1252"))
    shown = look(session, path)
    assert shown.encoding_to_confirm == "cp1252"
    assert shown.rows[0].cells[1] == "Andr\u00e9"
    assert look(session, path, Layout(encoding="cp1252")).encoding_to_confirm is None
