"""What unknown headings may be about."""

from registry.schemes import SchemeAdapter, Statement, adapter
from registry.schemes.fields import Field
from registry.schemes.suggestions import Suggestion
from registry.tables import Table
from tests.registry.list_files import table_of

ROWS = [
    ("P0701070001448", "Sok Dara", "ប្រុស", "05090203", "1/2/1960", "2024-01-01", "x"),
    ("P0701070001449", "Chan Thy", "ស្រី", "5090203", "5/6/1985", "2024-02-01", "y"),
    ("P0701070001450", "Keo Nary", "ស្រី", "50902", "2001", "2025-03-01", "z"),
]


def suggested(*headings: str) -> dict[str, Field]:
    table = table_of(headings, *ROWS)
    found = adapter("hef").recognise(table).suggestions
    return {suggestion.heading: suggestion.field for suggestion in found}


def test_headings_written_almost_as_known_are_suggested() -> None:
    headings = ("patient_no", "patient names", "gendre", "vilage code", "date of brith", "a", "b")
    assert suggested(*headings) == {
        "patient names": Field.NAME_LATIN,
        "gendre": Field.SEX,
        "vilage code": Field.VILLAGE,
        "date of brith": Field.BIRTH_DATE,
    }


def test_cells_speak_where_headings_do_not() -> None:
    assert suggested("A1", "name", "A2", "A3", "A4", "A5", "A6") == {
        "A1": Field.RECORD_NUMBER,
        "A2": Field.SEX,
        "A3": Field.VILLAGE,
        "A4": Field.BIRTH_DATE,
    }


def test_the_columns_of_a_list_without_any_known_heading_are_suggested_too() -> None:
    found = adapter("hef").recognise(table_of(("List",), ("q",) * 7, *ROWS))
    assert found.known == {}
    assert {each.field for each in found.suggestions} >= {Field.RECORD_NUMBER, Field.VILLAGE}


def test_known_headings_need_no_suggestion() -> None:
    table = table_of(("patient_no", "name", "sex", "village", "dob", "registered on", "?"), *ROWS)
    found = adapter("hef").recognise(table)
    assert found.known["sex"] is Field.SEX
    assert found.suggestions == ()
    assert found.unknown == ("?",)


def test_a_field_is_suggested_for_one_heading_only() -> None:
    headings = ("patient_no", "name", "gendre", "A3", "A4", "A5", "gender of person")
    table = table_of(headings, *((*row[:6], row[2]) for row in ROWS))
    found = adapter("hef").recognise(table).suggestions
    assert [each.heading for each in found if each.field is Field.SEX] == ["gendre"]


def test_a_confirmed_suggestion_makes_the_list_readable() -> None:
    table = table_of(("A1", "name", "A2", "A3", "A4", "A5", "A6"), *ROWS)
    hef = adapter("hef")
    confirmed = {each.heading: each.field for each in hef.recognise(table).suggestions}
    first = next(SchemeAdapter(hef.scheme.knowing(confirmed)).parse(table))
    assert isinstance(first, Statement)
    assert first.person.village == "05090203"


def test_an_empty_file_gives_no_suggestion() -> None:
    assert adapter("hef").recognise(Table("list", ())).suggestions == ()


def test_a_suggestion_says_how_sure_it_is() -> None:
    table = table_of(("patient_no", "name", "gendre"), *(row[:3] for row in ROWS))
    (suggestion,) = adapter("hef").recognise(table).suggestions
    assert suggestion == Suggestion("gendre", Field.SEX, suggestion.confidence)
    assert 0.9 < suggestion.confidence <= 1
