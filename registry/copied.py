"""Many rows at once out of the database, and many numbers into a question.

Rows come by COPY and are read as columns, so that no Python object is made for each.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.database import copy_rows
from registry.errors import Misconfigured

Numbers = npt.NDArray[np.int64]
_BEFORE_ROWS: Final = 19
_AFTER_ROWS: Final = 2
"""Bytes of the binary format of COPY that are no rows."""


@contextmanager
def asked(session: Session, numbers: Numbers) -> Iterator[None]:
    """Let a question join `asked(number)` while the block lasts; one at a time."""
    session.execute(text("CREATE TEMPORARY TABLE asked (number bigint) ON COMMIT DROP"))
    copy_rows(session, "asked", ("number",), ((number,) for number in numbers.tolist()))
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
    fields: list[Any] = [("columns", ">i2")]
    for number, kind in enumerate(types):
        fields += [(f"length {number}", ">i4"), (f"value {number}", kind)]
    row = np.dtype(fields)
    content = _copied(session, query, "binary").getbuffer()
    size, rest = divmod(content.nbytes - _BEFORE_ROWS - _AFTER_ROWS, row.itemsize)
    if rest:
        raise ValueError(f"not of {row.itemsize} bytes a row: {query}")
    rows = np.frombuffer(content, row, size, _BEFORE_ROWS)
    return [rows[f"value {number}"] for number in range(len(types))]


def read_texts(session: Session, query: str, columns: list[str]) -> pd.DataFrame:
    """The answer to a query as text by column, equal texts kept once; NULL and "" are None."""
    content = _copied(session, query, "csv")
    if not content.getbuffer().nbytes:
        return pd.DataFrame({column: pd.Categorical([]) for column in columns})
    return pd.read_csv(
        content, header=None, names=columns, dtype="category", keep_default_na=False,
        na_values=[""], encoding="utf-8",
    )  # fmt: skip


def _copied(session: Session, query: str, form: str) -> BytesIO:
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise Misconfigured("The database driver gave no connection.")
    content = BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT {form})", content)
    content.seek(0)
    return content
