"""Rows as lines for the database."""

import datetime as dt
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registry import schemes
from registry.columns import REJECTED_COLUMNS, VALUE_COLUMNS
from registry.copying import ABSENT, copied_field, copy_line, field_at
from registry.lists.parsing import ListHead, ListParser, ParsedRows, adapter_of
from registry.lists.relating import unpacked
from registry.schemes.fields import VOCABULARY, Field
from registry.schemes.headings import ADDED, Headings, find_headings
from registry.sealer import DataKeys, Sealer
from registry.tables import Row, Rows
from tests.registry.lists import naive_parsing
from tests.registry.small_lists import DARA, HEADINGS, NAMELESS, SOKHA

FIELDS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1)


def read_line(line: str) -> list[str | None]:
    """The slow twin: a line of COPY's text format, read letter by letter."""
    meaning = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    fields: list[str | None] = []
    for field in line.removesuffix("\n").split("\t"):
        letters = iter(field)
        text = (
            "".join(meaning[next(letters)] if one == "\\" else one for one in letters)
            if field != r"\N"
            else None
        )
        fields.append(text)
    return fields


@given(FIELDS)
def test_line_of_copy_reads_back_as_it_was(fields: list[str | None]) -> None:
    assert read_line(copy_line(fields)) == fields


@given(FIELDS)
def test_fields_of_the_binary_format_are_found_by_their_place(fields: list[str | None]) -> None:
    written = [None if each is None else each.encode() for each in fields]
    whole = b"".join([ABSENT if each is None else copied_field(each) for each in written])
    assert [field_at(whole, place) for place in range(len(fields))] == written


KEYS = DataKeys({1: b"s" * 32}, 1, b"m" * 32, "e" * 16)
SEALER = Sealer(KEYS)
AT = VALUE_COLUMNS.index


def opened(sealed: bytes | None, what: str) -> Any:
    """What is sealed; None where nothing is."""
    return None if sealed is None else json.loads(SEALER.open(sealed, what))


def fields(values: bytes) -> list[Any]:
    """The fields of a statement, with what is sealed under random nonces opened."""
    found: list[Any] = [field_at(values, place) for place in range(len(VALUE_COLUMNS))]
    for name, what in (("as_sent", "as_sent"), ("warnings", "problems")):
        found[AT(name)] = opened(found[AT(name)], what)
    return found


def rejections(rows: ParsedRows) -> list[list[Any]]:
    """The rejected rows, with what is sealed opened."""
    found: list[list[Any]] = [read_line(line) for line in rows.rejections.decode().splitlines()]
    for line in found:
        for name, what in (("as_sent", "as_sent"), ("problems", "problems")):
            at = REJECTED_COLUMNS.index(name)
            line[at] = opened(bytes.fromhex(line[at].removeprefix("\\x")), what)
    return found


def plain(rows: ParsedRows) -> tuple[Any, ...]:
    """Rows with what is sealed under random nonces opened."""
    stated = rows.statements
    said = [fields(values) for values in stated.values]
    counts = (rows.last_row, rows.accepted, rows.rejected)
    heads = (list(stated.rows), list(stated.numbers))
    return (*counts, *heads, said, rejections(rows), rows.tallies, list(unpacked(rows.relatives)))


def head() -> ListHead:
    headings = find_headings(schemes.adapter("hef").scheme, [Row(1, HEADINGS)])
    return ListHead(7, "hef", headings, dt.date(2026, 11, 22), KEYS)


def test_rows_are_counted_and_each_has_its_line() -> None:
    parsed = ListParser(head()).parse([Row(2, SOKHA), Row(3, NAMELESS), Row(4, DARA)])
    assert (parsed.accepted, parsed.rejected, parsed.last_row) == (2, 1, 4)
    stated = parsed.statements
    assert (list(stated.rows), stated.numbers) == ([2, 4], ["P1", "P3"])
    [rejected] = rejections(parsed)
    assert rejected[3][0]["code"] == "name.missing"


def test_cell_that_no_database_takes_is_made_storable() -> None:
    broken = ("P9", "So\x00k", "Kha\ud800", *SOKHA[3:])
    parsed = ListParser(head()).parse([Row(2, broken)])
    [values] = parsed.statements.values
    assert fields(values)[AT("as_sent")]["last_name"] == "Sok"
    assert b"Kha?" in values or b"kha" in values


WORDS: dict[Field, tuple[str, ...]] = {
    Field.RECORD_NUMBER: ("P0000000000001", "P1", "p 2", "1001D000001", "៣", "05090203-8107-01"),
    Field.SEX: ("M", "ស្រី", "2", "x", "third"),
    Field.BIRTH_DATE: (
        "1980-02-03",
        "០៤/០៨/២០០៦",
        "31/2/1990",
        "2030-01-01",
        "1700",
        "2523",
        "May",
    ),
    Field.BIRTH_YEAR: ("1980", "1981", "2030", "no"),
    Field.AGE: ("44", "៥", "400", "old"),
    Field.VILLAGE: ("05090203", "5090203", "VL0509", "99999999", "far"),
    Field.NATIONAL_ID: ("068293624", "68 293 624(01)", "111111111", "12"),
    Field.EQUITY_CARD: ("05090203-8107", "5090203-8107", "card"),
    Field.PHONE: ("012 345 678", "+85512345678", "1", "012345678 / 011222333"),
    Field.RELATIONSHIP: ("head", "កូន", "friend"),
    Field.CATEGORY: ("1", "poor 2", "child", "ធ្ងន់", "worker", "none of them"),
    Field.VALID_FROM: ("2024", "2024-05", "1/6/2024", "soon"),
    Field.VALID_UNTIL: ("2023", "2026-12", "30/2/2024"),
    Field.REGISTERED_ON: ("2024-03-25", "2023", "2030-01-01", "1/1/70"),
}
NAMES = ("Sok", "សុខ ដារ៉ា", "Lok Sokha សុខា", "12", "sux t\u00adara", "ចាន់", "Chan\u200b Dara")
ODD = ("", "", " ", "-", "n/a", 'a "b"', "back\\slash", r"\\N", "two\nlines", "tab\there", "\x01",
       "half \ud800", "a\x00b", "\u200b", "គ្មាន")  # fmt: skip
TODAY = dt.date(2026, 11, 22)


@st.composite
def lists(draw: st.DrawFn) -> tuple[ListHead, list[Row]]:
    """Rows under some of a scheme's headings, as careless people write them."""
    scheme = adapter_of(draw(st.sampled_from(schemes.codes())), None).scheme
    known = st.lists(st.sampled_from(sorted(VOCABULARY)), unique=True, max_size=9)
    named = draw(st.sampled_from(["family_latin", "name_khmer", "given_khmer", "name_latin"]))
    fields = dict.fromkeys([Field.RECORD_NUMBER, Field(named), *draw(known)])
    columns = {field: place for place, field in enumerate(draw(st.permutations(list(fields))))}
    more = draw(st.lists(st.sampled_from([ADDED[0], "other", 'a "quoted" \\ one']), unique=True))
    names = [*sorted(columns, key=lambda field: columns[field]), *more]
    head = ListHead(7, scheme.code, Headings(1, tuple(names), columns), TODAY, KEYS, None, 1)
    words = [*(WORDS.get(field, NAMES) for field in columns), *[NAMES] * len(more)]
    cells = [st.sampled_from([*some, *ODD]) for some in words]
    row = st.tuples(*cells).flatmap(
        lambda whole: st.sampled_from(
            [whole, whole, whole, whole[:-1], (*whole, ""), (*whole, "x")]
        )
    )
    rows = draw(st.lists(row, min_size=1, max_size=12))
    first = draw(st.sampled_from([1, 2, 5]))
    return head, [Row(number, each) for number, each in enumerate(rows, start=first)]


@settings(max_examples=50, deadline=None)
@given(lists())
def test_many_rows_are_read_as_each_alone(given_list: tuple[ListHead, list[Row]]) -> None:
    head, rows = given_list
    expected = plain(naive_parsing.parse(head, rows))
    parser = ListParser(head)
    assert plain(parser.parse(rows)) == expected
    assert plain(parser.parse_packed([Rows.of(rows[:5]), Rows.of(rows[5:])])) == expected


def test_no_number_of_a_person_stands_in_a_line() -> None:
    row = dict(zip(HEADINGS, SOKHA, strict=True)) | {"national_id": "12345678", "phone": "1234567"}
    parsed = ListParser(head()).parse(
        [Row(2, tuple(row.values())), Row(3, (*row.values(), "one too many"))]
    )
    assert (parsed.accepted, parsed.rejected) == (1, 1)
    lines = b"".join(parsed.statements.values) + parsed.rejections
    assert b"234567" not in lines
    assert b"234567".hex().encode() not in lines
