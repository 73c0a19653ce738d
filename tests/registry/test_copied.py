"""Many rows are read as they are sent."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.copied import read_texts

_MANY = "SELECT n, repeat(n::text, 20), NULLIF(n % 2, 0) FROM generate_series(1, 20000) AS n"


def test_more_than_is_sent_at_once_is_read_to_the_end(session: Session) -> None:
    rows = read_texts(session, _MANY, ["n", "again", "odd"], numbers=["n"])
    assert rows["n"].tolist() == list(range(1, 20_001))
    assert rows["again"].tolist() == [str(n) * 20 for n in range(1, 20_001)]
    assert rows["odd"].isna().tolist() == [n % 2 == 0 for n in range(1, 20_001)]


def test_no_rows_have_their_columns_too(session: Session) -> None:
    rows = read_texts(session, f"{_MANY} WHERE n < 0", ["n", "again", "odd"], numbers=["n"])
    assert [len(rows), *rows] == [0, "n", "again", "odd"]


def test_what_is_wrong_with_a_query_is_said(session: Session) -> None:
    session.execute(text("SAVEPOINT before"))
    with pytest.raises(Exception, match="division by zero"):
        read_texts(session, "SELECT 1 / 0", ["n"])
    session.execute(text("ROLLBACK TO before"))


def test_a_query_that_is_read_wrongly_leaves_the_session_in_use(session: Session) -> None:
    session.execute(text("SAVEPOINT before"))
    with pytest.raises(ValueError, match="invalid literal"):
        read_texts(session, "SELECT 'a' FROM generate_series(1, 99999)", ["n"], numbers=["n"])
    session.execute(text("ROLLBACK TO before"))
    assert session.scalar(text("SELECT 1")) == 1
