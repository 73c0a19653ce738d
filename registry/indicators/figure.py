"""A figure: a table of counts with its definition, for pages, spreadsheets and systems."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from registry.indicators import suppression


class Mark(StrEnum):
    """What stands where a count is not shown."""

    HIDDEN = "hidden"


Value = int | float | Mark | None
"""A count, a share from 0 to 1, hidden, or None where it is not known."""


@dataclass(frozen=True)
class Words:
    """A sentence in English and in Khmer."""

    en: str
    km: str


@dataclass(frozen=True)
class Line:
    """A row of a figure: the codes that it is about, and its values in the order of the columns."""

    about: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Figure:
    """A table of counts.

    Attributes:
        code: stable name.
        about: what the codes of a line are, as `("scheme",)`.
        columns: what the values of a line are.
        counts: columns that count people, of which small ones are hidden.
        shares: pairs of a share column and the count it is the share of.
    """

    code: str
    title: Words
    definition: Words
    about: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    counts: frozenset[str] = frozenset()
    shares: tuple[tuple[str, str], ...] = ()

    def for_the_public(self) -> "Figure":
        """With small counts of people hidden, and the shares that would tell them."""
        places = [at for at, name in enumerate(self.columns) if name in self.counts]
        if not places or not self.lines:
            return self
        counts = np.array(
            [[_number(line.values[at]) for at in places] for line in self.lines], np.int64
        )
        mask = suppression.hidden(counts)
        lines = [
            self._masked(line, {places[at] for at in np.flatnonzero(row)})
            for line, row in zip(self.lines, mask, strict=True)
        ]
        return replace(self, lines=tuple(lines))

    def _masked(self, line: Line, hidden: set[int]) -> Line:
        told = {self.columns[at] for at in hidden}
        names = {name for name, of in self.shares if of in told} | told
        values = (
            Mark.HIDDEN if name in names else value
            for name, value in zip(self.columns, line.values, strict=True)
        )
        return Line(line.about, tuple(values))

    def as_csv(self) -> str:
        """The table as CSV, with its headings; a value that is not known is an empty cell."""
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerow([*self.about, *self.columns])
        rows.writerows([*line.about, *map(_cell, line.values)] for line in self.lines)
        return written.getvalue()


def lines(rows: Iterable[tuple[Sequence[str], Sequence[Value]]]) -> tuple[Line, ...]:
    """Lines from pairs of codes and values."""
    return tuple(Line(tuple(about), tuple(values)) for about, values in rows)


def _number(value: Value) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
