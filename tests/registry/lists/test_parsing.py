"""Rows as lines for the database."""

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from registry import schemes
from registry.copying import copy_line
from registry.lists.parsing import ListHead, parse
from registry.schemes.headings import find_headings
from registry.tables import Row
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


def head() -> ListHead:
    headings = find_headings(schemes.adapter("hef").scheme, [Row(1, HEADINGS)])
    return ListHead(7, "hef", headings, dt.date(2026, 11, 22))


def test_rows_are_counted_and_each_has_its_line() -> None:
    parsed = parse(head(), [Row(2, SOKHA), Row(3, NAMELESS), Row(4, DARA)])
    assert (parsed.accepted, parsed.rejected, parsed.last_row) == (2, 1, 4)
    lines = [read_line(line) for line in parsed.statements.decode().splitlines()]
    assert [line[:3] for line in lines] == [["7", "2", "P1"], ["7", "4", "P3"]]
    [rejected] = [read_line(line) for line in parsed.rejections.decode().splitlines()]
    assert json.loads(rejected[3] or "")[0]["code"] == "name.missing"


def test_cell_that_no_database_takes_is_made_storable() -> None:
    broken = ("P9", "So\x00k", "Kha\ud800", *SOKHA[3:])
    parsed = parse(head(), [Row(2, broken)])
    [line] = [read_line(line) for line in parsed.statements.decode().splitlines()]
    assert json.loads(line[4] or "")["last_name"] == "Sok"
    assert "\x00" not in parsed.statements.decode()
