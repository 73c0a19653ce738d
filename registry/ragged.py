"""Rows with arrays of numbers, as PostgreSQL's COPY takes them in its binary format.

Rows are made thousands at a time: no Python object is made for each of their fields. All is counted
in words of four bytes, for that is what every field is a multiple of.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from registry.copying import END, HEAD

Numbers = npt.NDArray[np.int64]
Words = npt.NDArray[Any]

_WORD: Final = np.dtype(">u4")
_BIGINT: Final = 20
"""The number that PostgreSQL has for the type."""
_ROWS_AT_ONCE: Final = 10_000


class Ragged(NamedTuple):
    """An array of bigints a row: row `r` has `numbers[starts[r]:starts[r + 1]]`.

    int64[numbers], and int64[rows + 1].
    """

    numbers: Numbers
    starts: Numbers


Column = Ragged | npt.NDArray[Any]
"""A column: arrays, or values of a fixed length; int64[rows] are bigints, all others bytes."""


class _Fields(NamedTuple):
    """The fields of a column, as words end to end: that of row `r` at `starts[r]:starts[r + 1]`."""

    words: Words
    starts: Numbers


def packed(columns: Sequence[Column]) -> Iterator[bytes]:
    """The rows of these columns, and what stands before and after them."""
    size = len(columns[0].starts) - 1 if isinstance(columns[0], Ragged) else len(columns[0])
    yield HEAD
    for first in range(0, size, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, size)
        yield _rows([_fields(column, first, last) for column in columns])
    yield END


def _rows(columns: Sequence[_Fields]) -> bytes:
    lengths = [np.diff(column.starts) for column in columns]
    ends = np.cumsum(np.sum(lengths, axis=0) + len(columns))
    words = np.empty(int(ends[-1]), _WORD)
    starts = np.append(0, ends[:-1])
    at = starts.copy()
    for column, length in zip(columns, lengths, strict=True):
        words[at] = length * _WORD.itemsize
        place = np.repeat(at + 1 - column.starts[:-1], length)
        words[place + np.arange(place.size)] = column.words
        at += 1 + length
    head, raw = len(columns).to_bytes(2), words.tobytes()
    bounds = zip((starts * 4).tolist(), (ends * 4).tolist(), strict=True)
    return b"".join([head + raw[start:end] for start, end in bounds])


def _fields(column: Column, first: int, last: int) -> _Fields:
    if isinstance(column, Ragged):
        return _arrays(column, first, last)
    rows = np.ascontiguousarray(column[first:last])
    if rows.dtype == np.int64:
        rows = rows.astype(">i8")
    words = rows.view(np.uint8).view(_WORD)
    return _Fields(words, np.arange(len(rows) + 1) * (rows.dtype.itemsize // _WORD.itemsize))


def _arrays(column: Ragged, first: int, last: int) -> _Fields:
    """Each as its dimensions, of which an empty one has none, and then its numbers."""
    ends = column.starts[first : last + 1]
    counts = np.diff(ends)
    starts = np.append(0, np.cumsum(np.where(counts > 0, 5, 3) + 3 * counts))
    words = np.zeros(int(starts[-1]), _WORD)
    some, at = counts > 0, starts[:-1]
    words[at[some]] = words[at[some] + 4] = 1
    words[at + 2] = _BIGINT
    words[at[some] + 3] = counts[some]
    place = np.repeat(at + 5 - 3 * (ends[:-1] - ends[0]), counts)
    place += 3 * np.arange(place.size)
    numbers = column.numbers[ends[0] : ends[-1]].astype(">i8").view(_WORD).reshape(-1, 2)
    words[place] = np.dtype(np.int64).itemsize
    words[place + 1], words[place + 2] = numbers.T
    return _Fields(words, starts)
