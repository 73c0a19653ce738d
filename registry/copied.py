"""Many rows at once out of the database, and many numbers into a question.

Rows come by COPY and are read as columns, so that no Python object is made for each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.database import copy_rows
from registry.errors import Misconfigured

Numbers = npt.NDArray[np.int64]


@contextmanager
def asked(session: Session, numbers: Numbers) -> Iterator[None]:
    """Let a question join `asked(number)` while the block lasts; one at a time."""
    session.execute(text("CREATE TEMPORARY TABLE asked (number bigint) ON COMMIT DROP"))
    copy_rows(session, "asked", ("number",), ((number,) for number in numbers.tolist()))
    session.execute(text("ANALYZE asked"))
    yield
    session.execute(text("DROP TABLE asked"))


def read_numbers(session: Session, query: str, *, width: int = 1) -> Numbers:
    """The answer to a query of so many columns of whole numbers: int64[rows, width]."""
    content = _copied(session, query)
    if not content.getbuffer().nbytes:
        return np.empty((0, width), np.int64)
    return pd.read_csv(content, header=None, dtype=np.int64).to_numpy()


def read_texts(session: Session, query: str, columns: list[str]) -> pd.DataFrame:
    """The answer to a query as text by column, equal texts kept once; NULL and "" are None."""
    content = _copied(session, query)
    if not content.getbuffer().nbytes:
        return pd.DataFrame({column: pd.Categorical([]) for column in columns})
    return pd.read_csv(
        content, header=None, names=columns, dtype="category", keep_default_na=False,
        na_values=[""], encoding="utf-8",
    )  # fmt: skip


def _copied(session: Session, query: str) -> BytesIO:
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise Misconfigured("The database driver gave no connection.")
    content = BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", content)
    content.seek(0)
    return content
