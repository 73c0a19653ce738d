"""Which rows of a list say how somebody is related to others, found while they are parsed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

import orjson

from registry.lists.sent_rows import storable
from registry.schemes.columns import Cells, ReadRows
from registry.schemes.cross_rows import RELATED, Relative
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.statements import Statement

_RELATING: Final = frozenset({Field.RELATIONSHIP, Field.CATEGORY})
"""Columns that may say how a person is related to the head of the household."""


class Relating:
    """Finds such rows under one heading row."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._columns = headings.columns
        self._may_relate = not _RELATING.isdisjoint(headings.columns)
        self._points_to_mothers = Field.MOTHER in headings.columns

    def relatives(
        self, rows: Sequence[int], cells: Cells, found: ReadRows, but: Collection[int]
    ) -> list[Relative]:
        """What rows say of it, but for those at some places.

        Args:
            rows: their numbers.
            cells: as they were sent, column by column.
            found: what they say.
            but: places that are left out.
        """
        count = len(rows)
        household, relationship, mother, sex, birth_date = (
            found.person.get(name) or [None] * count
            for name in ("household", "relationship", "mother", "sex", "birth_date")
        )
        return [
            _storable(
                Relative(
                    rows[at], found.numbers[at], household[at], relationship[at], mother[at],
                    sex[at], birth_date[at], *self._cells(cells, at),
                )
            )
            for at in self._places(relationship, mother, sex)
            if at not in but
        ]  # fmt: skip

    def relatives_alone(self, statement: Statement) -> list[Relative]:
        """The same of a row that was read alone: one or none."""
        one = Relative.of(statement, self._headings)
        is_told = self._places([one.relationship], [one.mother], [one.sex])
        return [_storable(one)] if is_told else []

    def _places(
        self,
        relationship: Sequence[str | None],
        mother: Sequence[str | None],
        sex: Sequence[str | None],
    ) -> list[int]:
        if self._points_to_mothers:
            return [
                at for at, said in enumerate(zip(relationship, mother, sex, strict=True))
                if said[0] in RELATED or said[1] is not None or said[2] == "female"
            ]  # fmt: skip
        if self._may_relate:
            return [at for at, said in enumerate(relationship) if said in RELATED]
        return []

    def _cells(self, cells: Cells, at: int) -> tuple[str, str]:
        places = map(self._columns.get, (Field.RELATIONSHIP, Field.BIRTH_DATE))
        relationship, birth_date = ("" if place is None else cells[place][at] for place in places)
        return relationship, birth_date


def packed(relatives: Iterable[Relative]) -> bytes:
    """Such rows as JSON, in which they come from another process in less time than as objects."""
    return orjson.dumps([tuple(one) for one in sorted(relatives)])


def unpacked(told: bytes) -> Iterator[Relative]:
    """The rows that were packed."""
    return (Relative(*one) for one in orjson.loads(told))


def _storable(one: Relative) -> Relative:
    """The same without what the database does not take."""
    if "".join(filter(None, one[1:])).isprintable():
        return one
    return Relative(*map(storable, one))
