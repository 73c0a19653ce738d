"""What an adapter takes, flags and rejects, row by row."""

import datetime as dt
from pathlib import Path

import pytest

from registry.errors import UnknownScheme, UnreadableFile, WrongHeadings
from registry.schemes import RejectedRow, Statement, adapter, codes
from registry.schemes.problems import SENTENCES
from registry.tables import Table, read
from tests.registry.list_files import SAMPLES, ListSheet, table_of

TODAY = dt.date(2026, 6, 30)
HEADINGS = ("patient_no", "last_name", "first_name", "sex", "dob", "age_years", "registered_on")
SOUND = ("P0701070001448", "Im", "Piseisoung", "F", "1975-02-03", "", "2025-06-14")


def taken(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> list[Statement]:
    parsed = list(adapter("hef").parse(table_of(headings, *rows), today=TODAY))
    statements = [row for row in parsed if isinstance(row, Statement)]
    assert len(statements) == len(parsed)
    return statements


def rejected(*rows: tuple[str, ...]) -> list[RejectedRow]:
    parsed = adapter("hef").parse(table_of(HEADINGS, *rows), today=TODAY)
    return [row for row in parsed if isinstance(row, RejectedRow)]


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(heading, cell) for heading, cell in zip(HEADINGS, SOUND, strict=True))


def codes_of(row: Statement | RejectedRow) -> list[str]:
    problems = row.warnings if isinstance(row, Statement) else row.problems
    return [problem.code for problem in problems]


def test_a_sound_row_becomes_a_statement_that_keeps_what_was_sent() -> None:
    (statement,) = taken(SOUND)
    assert statement.row == 2
    assert statement.scheme_record_id == "P0701070001448"
    assert statement.as_sent == dict(zip(HEADINGS, SOUND, strict=True))
    assert statement.person.family_latin == "im"
    assert statement.person.birth_date == "1975-02-03"
    assert statement.person.stated_on == "2025-06-14"
    assert statement.enrolment.valid_from == dt.date(2025, 6, 14)
    assert statement.warnings == ()


def test_headings_stand_in_any_order_beside_unknown_ones_under_title_rows() -> None:
    headings = ("Note", *reversed(HEADINGS))
    rows = [("Patients of 2025",), (), headings, ("new", *reversed(SOUND))]
    (statement,) = adapter("hef").parse(table_of(*rows), today=TODAY)
    assert isinstance(statement, Statement)
    assert statement.row == 4
    assert statement.person.sex == "female"
    assert statement.as_sent["Note"] == "new"


def test_headings_in_two_languages_are_known_by_either() -> None:
    headings = ("Patient No (លេខអ្នកជំងឺ)", "គោត្តនាម / Family name", "first_name")
    (statement,) = taken(("P0701070001448", "អ៊ឹម", "Piseisoung"), headings=headings)
    assert statement.person.family_khmer == "អ៊ឹម"


def test_headings_that_repeat_or_are_missing_keep_their_cells_apart() -> None:
    headings = ("patient_no", "name", "Note", "Note", "")
    (statement,) = taken(("P0701070001448", "Im", "a", "b", "c"), headings=headings)
    assert statement.as_sent["Note"] == "a"
    assert statement.as_sent["Note (4)"] == "b"
    assert statement.as_sent["column 5"] == "c"


def test_blank_rows_say_nothing_but_count() -> None:
    statements = taken(("",) * 7, SOUND, (" ", "\t"), changed(patient_no="P0701070001449"))
    assert [statement.row for statement in statements] == [3, 5]


def test_a_row_without_a_record_number_is_rejected() -> None:
    (row,) = rejected(changed(patient_no=" "))
    assert codes_of(row) == ["record_number.missing"]
    assert row.problems[0].column == "patient_no"


def test_a_record_number_twice_is_rejected_the_second_time() -> None:
    (row,) = rejected(SOUND, changed(first_name="Dara"))
    assert row.row == 3
    assert codes_of(row) == ["record_number.repeated"]
    assert row.problems[0].message == ("The record number P0701070001448 is already used in row 2.")


def test_a_rejected_row_does_not_take_its_record_number() -> None:
    parsed = list(
        adapter("hef").parse(
            table_of(HEADINGS, changed(last_name="", first_name=""), SOUND), today=TODAY
        )
    )
    assert isinstance(parsed[0], RejectedRow)
    assert isinstance(parsed[1], Statement)


def test_a_row_without_any_name_is_rejected() -> None:
    (row,) = rejected(changed(last_name="-", first_name=""))
    assert codes_of(row) == ["name.missing"]


def test_legacy_text_is_rejected_before_its_warnings() -> None:
    headings = ("patient_no", "sex", "name_kh")
    (row,) = adapter("hef").parse(table_of(headings, ("P0701070001448", "?3", "cnÞ½ suxPab")))
    assert isinstance(row, RejectedRow)
    assert codes_of(row) == ["text.legacy_encoding", "sex.unknown"]


def test_a_row_with_too_many_cells_is_rejected() -> None:
    (row,) = rejected((*SOUND, "shifted"))
    assert codes_of(row) == ["row.too_many_cells"]


def test_a_short_row_is_taken_and_flagged() -> None:
    (statement,) = taken(SOUND[:4])
    assert codes_of(statement) == ["row.too_few_cells"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"patient_no": "0701"}, "record_number.pattern"),
        ({"sex": "woman or man"}, "sex.unknown"),
        ({"dob": "1975-02-30"}, "birth_date.impossible"),
        ({"dob": "soon"}, "birth_date.unreadable"),
        ({"dob": "2026-07-01"}, "birth_date.future"),
        ({"dob": "1875-07-01"}, "birth_date.impossible"),
        ({"dob": "2025-06-15"}, "birth_date.after_statement"),
        ({"dob": "", "age_years": "many"}, "age.impossible"),
        ({"dob": "", "age_years": "30", "registered_on": ""}, "age.undated"),
        ({"registered_on": "yesterday"}, "registered_on.unreadable"),
        ({"registered_on": "2027-01-01"}, "registered_on.future"),
    ],
)
def test_doubtful_cells_are_flagged_and_the_row_taken(cells: dict[str, str], code: str) -> None:
    (statement,) = taken(changed(**cells))
    assert codes_of(statement) == [code]


def test_latin_under_a_khmer_heading_is_flagged_and_khmer_under_an_english_one_is_not() -> None:
    headings = ("patient_no", "ឈ្មោះ", "name")
    latin, khmer = taken(
        ("P0701070001448", "Sok Dara", ""),
        ("P0701070001449", "", "សុខ ដារា"),
        headings=headings,
    )
    assert codes_of(latin) == ["name.script"]
    assert latin.person.name_latin == "sok dara"
    assert codes_of(khmer) == []
    assert khmer.person.name_khmer == "សុខ ដារា"


def test_an_age_counts_from_the_day_of_registration() -> None:
    (statement,) = taken(changed(dob="", age_years="50"))
    assert statement.person.birth_date == "1975~"


def test_an_end_before_the_start_is_flagged() -> None:
    headings = ("patient_no", "name", "start date", "end date")
    (statement,) = taken(("P0701070001448", "Im", "2025-01-02", "2024"), headings=headings)
    assert codes_of(statement) == ["valid_until.before_start"]
    assert statement.enrolment.valid_until == dt.date(2024, 12, 31)


@pytest.mark.parametrize("wrong", codes())
@pytest.mark.parametrize("right", codes())
def test_the_list_of_another_scheme_is_refused_by_name(wrong: str, right: str) -> None:
    (path,) = SAMPLES.glob(f"{right}.*")
    with read(path) as table:
        if wrong == right:
            assert next(iter(adapter(wrong).parse(table))).row > 1
            return
        with pytest.raises(WrongHeadings, match=f"looks like a list of {right}"):
            adapter(wrong).parse(table)


def test_a_table_of_something_else_is_refused_with_what_was_expected() -> None:
    with pytest.raises(WrongHeadings, match=r"record number \(as patient no\) or a name"):
        adapter("hef").parse(table_of(("item", "price"), ("rice", "2")))


def test_wrong_headings_are_an_unreadable_file() -> None:
    assert issubclass(WrongHeadings, UnreadableFile)


def test_the_sheet_that_fits_is_chosen() -> None:
    notes = ListSheet("notes", (("how to fill in",),))
    data = ListSheet("data", (HEADINGS, SOUND))
    (statement,) = adapter("hef").parse(Table("list", (notes, data)), today=TODAY)
    assert statement.row == 2


def test_an_unknown_scheme_is_named() -> None:
    with pytest.raises(UnknownScheme, match="no scheme pension"):
        adapter("pension")


def test_every_problem_is_told_in_both_languages() -> None:
    for english, khmer in SENTENCES.values():
        assert english.endswith(".")
        assert khmer.endswith("។")
        assert english.count("{") == khmer.count("{")


def test_a_file_of_headings_alone_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(",".join(HEADINGS), encoding="utf-8")
    with read(path) as table:
        assert list(adapter("hef").parse(table)) == []


def test_a_problem_is_told_whole() -> None:
    (row,) = rejected(changed(last_name="", first_name=""))
    assert row.problems[0].as_json() == {
        "column": "last_name",
        "value": "",
        "code": "name.missing",
        "message": "The row has no name.",
        "message_km": "ជួរនេះគ្មានឈ្មោះ។",
    }


RARER = [
    ("birth_date.conflict", {"dob": "1990-05-04", "year of birth": "1991"}),
    ("relationship.unknown", {"relationship": "godmother"}),
    ("valid_from.unreadable", {"valid from": "soon"}),
    ("valid_from.impossible", {"valid from": "30/02/2026"}),
    ("valid_until.unreadable", {"valid until": "later"}),
    ("valid_until.impossible", {"valid until": "31/04/2026"}),
    ("valid_until.before_start", {"valid from": "2026-02-01", "valid until": "2026-01-31"}),
    ("registered_on.impossible", {"registered on": "31/11/2025"}),
    ("registered_on.future", {"registered on": "2026-07-01"}),
    ("birth_date.future", {"dob": "01/07/2026"}),
    ("birth_date.impossible", {"dob": "1899-12-31"}),
    ("birth_date.impossible", {"dob": "29/02/2023"}),
    ("birth_date.after_statement", {"dob": "2026-06-30", "registered on": "2026-06-29"}),
]


@pytest.mark.parametrize(("code", "cells"), RARER)
def test_wrong_cell_is_flagged_and_its_row_taken(code: str, cells: dict[str, str]) -> None:
    headings, row = ("patient_no", "name", *cells), ("P0701070001448", "Sok Dara", *cells.values())
    (statement,) = taken(row, headings=headings)
    assert codes_of(statement) == [code]
    [problem] = statement.warnings
    assert problem.column in cells
    assert problem.value == cells[problem.column]
    assert problem.value in problem.message
    assert problem.value in problem.message_km


@pytest.mark.parametrize(
    "cells",
    [
        {"dob": "2026-06-30"},
        {"dob": "1901-01-01"},
        {"dob": "2026"},
        {"dob": "06/2026"},
        {"valid from": "2026-02-01", "valid until": "2026-02-01"},
        {"dob": "2026-06-29", "registered on": "2026-06-29"},
    ],
)
def test_value_at_the_edge_is_in_order(cells: dict[str, str]) -> None:
    headings, row = ("patient_no", "name", *cells), ("P0701070001448", "Sok Dara", *cells.values())
    (statement,) = taken(row, headings=headings)
    assert codes_of(statement) == []
