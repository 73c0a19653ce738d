"""Many rows at once out of the database, and many numbers into a question.

Rows come by COPY and are read as columns, so that no Python object is made for each.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import RawIOBase
from itertools import chain
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.errors import EmptyDataError
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.beside import beside
from registry.copying import END, HEAD
from registry.database import copied_out, copy_binary, copy_out
from registry.ragged import Column, packed

Numbers = npt.NDArray[np.int64]
Alike = npt.NDArray[np.int64 | np.float64] | bytes | None
"""A column of numbers, or what all rows have in the binary format of COPY; None for NULL."""
_ROWS_AT_ONCE: Final = 10_000
_ABSENT: Final = -1


@contextmanager
def asked(session: Session, numbers: Numbers) -> Iterator[None]:
    """Let a question join `asked(number)` while the block lasts; one at a time."""
    session.execute(text("CREATE TEMPORARY TABLE asked (number bigint) ON COMMIT DROP"))
    write_numbers(session, "asked", ("number",), [numbers])
    session.execute(text("ANALYZE asked"))
    yield
    session.execute(text("DROP TABLE asked"))


def read_numbers(session: Session, query: str, *, width: int = 1) -> Numbers:
    """The answer to a query of so many columns of bigints: int64[rows, width]."""
    rows = read_columns(session, query, [np.dtype(">i8")] * width)
    return np.column_stack([column.astype(np.int64) for column in rows])


def read_columns(
    session: Session, query: str, types: Sequence[np.dtype[Any]]
) -> list[npt.NDArray[Any]]:
    """The answer to a query, column by column: values of a fixed number of bytes, none absent.

    Rows come as PostgreSQL holds them, all of one length, so that none is looked at.
    """
    row = _row(types)
    content = copied_out(session, query, "binary").getbuffer()
    size, rest = divmod(content.nbytes - len(HEAD) - len(END), row.itemsize)
    if rest:
        raise ValueError(f"not of {row.itemsize} bytes a row: {query}")
    rows = np.frombuffer(content, row, size, len(HEAD))
    return [rows[f"value {number}"] for number in range(len(types))]


def read_texts(
    session: Session, query: str, columns: Sequence[str], *, numbers: Sequence[str] = ()
) -> pd.DataFrame:
    """The answer to a query as text by column, equal texts kept once; NULL and "" are None.

    Some columns may be `numbers`: bigints, none absent.
    """
    types = {column: np.int64 if column in numbers else "category" for column in columns}
    with _sent(session, query, "csv") as content:
        return _parsed(content, types)


def _parsed(content: BinaryIO, types: dict[str, Any]) -> pd.DataFrame:
    try:
        return pd.read_csv(
            content, header=None, names=list(types), dtype=types, keep_default_na=False,
            na_values=[""], encoding="utf-8",
        )  # fmt: skip
    except EmptyDataError:
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in types.items()})


def write_numbers(
    session: Session, table: str, names: Sequence[str], columns: Sequence[Numbers]
) -> None:
    """Write rows of bigints into a table: int64[rows] for each column.

    It is for sessions that see everything: see `registry.database.NARROWED`.
    """
    write_alike(session, table, dict(zip(names, columns, strict=True)))


def write_alike(session: Session, table: str, columns: Mapping[str, Alike]) -> None:
    """Write rows that are all of one length, column by column; one column at least has numbers.

    It is for sessions that see everything, as `write_numbers` is.
    """
    parts = chain([HEAD], map(_packed, _slices(list(columns.values()))), [END])
    copy_binary(session, table, list(columns), _Parts(parts))


def write_columns(
    session: Session, table: str, names: Sequence[str], columns: Sequence[Column]
) -> None:
    """Write rows of bigints, arrays of them, and bytes of a fixed number, column by column.

    It is for sessions that see everything, as `write_numbers` is.
    """
    copy_binary(session, table, names, _Parts(packed(columns)))


class _Parts(RawIOBase):
    """Parts of a content, each made when it is read; a reading never goes beyond a part."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts, self._part, self._at = parts, b"", 0

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._part):
            self._part, self._at = next(self._parts, b""), 0
        start = self._at
        self._at = len(self._part) if size < 0 else min(start + size, len(self._part))
        return self._part[start : self._at]


def _slices(columns: Sequence[Alike]) -> Iterator[list[Alike]]:
    size = next(len(column) for column in columns if isinstance(column, np.ndarray))
    for start in range(0, size, _ROWS_AT_ONCE):
        yield [
            column[start : start + _ROWS_AT_ONCE] if isinstance(column, np.ndarray) else column
            for column in columns
        ]


def _packed(columns: Sequence[Alike]) -> bytes:
    size = next(len(column) for column in columns if isinstance(column, np.ndarray))
    types = [
        column.dtype.newbyteorder(">") if isinstance(column, np.ndarray)
        else np.dtype(f"V{len(column or b'')}")
        for column in columns
    ]  # fmt: skip
    rows = np.empty(size, _row(types))
    rows["columns"] = len(columns)
    for number, (column, kind) in enumerate(zip(columns, types, strict=True)):
        rows[f"length {number}"] = _ABSENT if column is None else kind.itemsize
        if column is not None:
            rows[f"value {number}"] = column
    return rows.tobytes()


def _row(types: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """A row in the binary format of COPY, of values of these types."""
    fields: list[Any] = [("columns", ">i2")]
    for number, kind in enumerate(types):
        fields += [(f"length {number}", ">i4"), (f"value {number}", kind)]
    return np.dtype(fields)


@contextmanager
def _sent(session: Session, query: str, form: str) -> Iterator[BinaryIO]:
    """The answer to a query while it is sent: it is read as it comes, and never held whole."""
    reading, writing = os.pipe()

    def send() -> None:
        with open(writing, "wb") as content:  # noqa: PTH123 - a descriptor, not a path
            copy_out(session, query, form, content)

    with beside(send), open(reading, "rb") as content:  # noqa: PTH123 - as above
        yield content
