"""Which column of a list is about what, by the meaning of its heading."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from registry.schemes.fields import NAME_FIELDS, VOCABULARY, Field
from registry.schemes.layout import NOTHING_CONFIRMED, Confirmed
from registry.schemes.scheme import Scheme
from registry.schemes.values.plain import fold
from registry.tables import Row

ADDED: Final = (
    "Row in your file · ជួរក្នុងឯកសាររបស់អ្នក",
    "Taken? · បានទទួលឬទេ",
    "What is wrong",
    "អ្វីដែលខុស",
)
"""Headings of the columns that the registry adds to rows it gives back; they say nothing to it."""
Known = tuple[tuple[bool, int], Field]
"""How sure a heading is, surer ones first, and what it is about."""
PIECES = re.compile(r"[\n\r/|()\[\]]+")


@dataclass(frozen=True)
class Headings:
    """The heading row of a list and what its columns are about.

    Attributes:
        row: number of the heading row.
        names: heading of each column, all different and none empty.
        columns: field → index of its column.
    """

    row: int
    names: tuple[str, ...]
    columns: Mapping[Field, int]

    @property
    def is_complete(self) -> bool:
        """Whether rows under these headings can be told apart and have a name."""
        named = any(field in self.columns for field in NAME_FIELDS)
        return named and Field.RECORD_NUMBER in self.columns

    def name_of(self, field: Field) -> str:
        """The heading of the column that is about a field; "" where none is."""
        index = self.columns.get(field)
        return "" if index is None else self.names[index]


def find_headings(
    scheme: Scheme, rows: Iterable[Row], confirmed: Confirmed = NOTHING_CONFIRMED
) -> Headings:
    """The row that says most of what this scheme's headings say; ties: the earliest.

    Args:
        scheme: whose list it should be.
        rows: the first rows of a sheet, title rows included.
        confirmed: what somebody says of headings, which comes before all that is known of them.
    """
    meant = {fold(heading): meaning for heading, meaning in confirmed.items()}
    found = [_read_headings(scheme, row, meant) for row in rows]
    nothing = Headings(0, (), MappingProxyType({}))
    return max(found, key=_rank, default=nothing)


def widest(rows: Iterable[Row]) -> Headings:
    """The row with most cells that say anything, as headings of which none is known."""
    row = max(rows, key=lambda row: sum(map(bool, row.cells)), default=Row(0, ()))
    return Headings(row.number, _distinct(row.cells), MappingProxyType({}))


def _rank(headings: Headings) -> tuple[bool, int]:
    return headings.is_complete, len(headings.columns)


def _read_headings(scheme: Scheme, row: Row, confirmed: Confirmed) -> Headings:
    known = _meanings(scheme.code, tuple(scheme.headings.items()))
    names = _distinct(row.cells)
    columns: dict[Field, int] = {}
    for index, name in enumerate(names):
        meaning = confirmed.get(fold(name))
        if meaning is not None:
            columns.setdefault(meaning, index)
    told = [
        (known[key], index)
        for index, cell in enumerate(row.cells)
        if fold(names[index]) not in confirmed and (key := _key(cell, known)) is not None
    ]
    for (_, meaning), index in sorted(told):
        columns.setdefault(meaning, index)
    return Headings(row.number, names, MappingProxyType(columns))


def _key(cell: str, known: Mapping[str, Known]) -> str | None:
    """Under what a heading is known, as a whole or by one of its pieces: `Sex (ភេទ)`."""
    if not cell or fold(cell) in known:
        return fold(cell) if cell else None
    pieces = (fold(piece) for piece in PIECES.split(cell) if piece.strip())
    return next((piece for piece in pieces if piece in known), None)


@cache
def _meanings(_code: str, own: tuple[tuple[Field, str], ...]) -> Mapping[str, Known]:
    """Folded heading → what is known of it; a scheme's own headings win over the vocabulary."""
    known: dict[str, Known] = {}
    for is_general, entries in ((True, VOCABULARY.items()), (False, own)):
        for field, row in entries:
            for place, heading in enumerate(row.split("|")):
                known[fold(heading)] = (is_general, place), field
    return known


def _distinct(cells: Iterable[str]) -> tuple[str, ...]:
    """Headings made different from one another, the nameless ones named by their place."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)
