"""Rows as lines for the database."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registry import schemes
from registry.columns import REJECTED_COLUMNS, STATEMENT_COLUMNS
from registry.copying import copied_field, copy_line
from registry.lists.parsing import ListHead, ListParser, ParsedRows, adapter_of
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
def test_fields_of_a_line_are_read_as_its_slow_twin_reads_them(fields: list[str | None]) -> None:
    line = copy_line(fields)
    assert [copied_field(field) for field in line[:-1].split("\t")] == read_line(line)


KEYS = DataKeys({1: b"s" * 32}, 1, b"m" * 32, "e" * 16)
SEALER = Sealer(KEYS)
AT = STATEMENT_COLUMNS.index


def opened(field: str | None, what: str) -> Any:
    """What is sealed in a field; None where nothing is."""
    if field is None:
        return None
    return json.loads(SEALER.open(bytes.fromhex(field.removeprefix("\\x")), what))


def plain(rows: ParsedRows) -> ParsedRows:
    """Rows with what is sealed under random nonces opened."""
    statements = [read_line(line) for line in rows.statements.decode().splitlines()]
    rejections = [read_line(line) for line in rows.rejections.decode().splitlines()]
    for lines, sent, wrong in (
        (statements, AT("as_sent"), AT("warnings")),
        (rejections, REJECTED_COLUMNS.index("as_sent"), REJECTED_COLUMNS.index("problems")),
    ):
        for line in lines:
            line[sent] = str(opened(line[sent], "as_sent"))
            line[wrong] = str(opened(line[wrong], "problems"))
    return replace(rows, statements=repr(statements).encode(), rejections=repr(rejections).encode())


def head() -> ListHead:
    headings = find_headings(schemes.adapter("hef").scheme, [Row(1, HEADINGS)])
    return ListHead(7, "hef", headings, dt.date(2026, 11, 22), KEYS)


def test_rows_are_counted_and_each_has_its_line() -> None:
    parsed = ListParser(head()).parse([Row(2, SOKHA), Row(3, NAMELESS), Row(4, DARA)])
    assert (parsed.accepted, parsed.rejected, parsed.last_row) == (2, 1, 4)
    lines = [read_line(line) for line in parsed.statements.decode().splitlines()]
    assert [line[:3] for line in lines] == [["7", "2", "P1"], ["7", "4", "P3"]]
    [rejected] = [read_line(line) for line in parsed.rejections.decode().splitlines()]
    assert opened(rejected[3], "problems")[0]["code"] == "name.missing"


def test_cell_that_no_database_takes_is_made_storable() -> None:
    broken = ("P9", "So\x00k", "Kha\ud800", *SOKHA[3:])
    parsed = ListParser(head()).parse([Row(2, broken)])
    [line] = [read_line(line) for line in parsed.statements.decode().splitlines()]
    assert opened(line[AT("as_sent")], "as_sent")["last_name"] == "Sok"
    assert "\x00" not in parsed.statements.decode()


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
    lines = parsed.statements + parsed.rejections
    assert b"234567" not in lines
    assert b"234567".hex().encode() not in lines
