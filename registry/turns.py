"""A transaction of one question and one word that is kept with it, in two round trips.

A question at the point of care is read for, and recorded. Beginning, narrowing the sight, reading,
recording and committing one by one, the two sides wait for each other five times, which takes both
of them longer than the work itself. Here what needs no answer of its own is sent with what does.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection, cursor
from psycopg2.extras import NamedTupleCursor
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from registry.access import sight
from registry.errors import Misconfigured

_BEGIN: Final = b"BEGIN; "
_COMMIT: Final = b"; COMMIT"


@dataclass
class Turn:
    """One transaction; what is asked is asked first, what is kept is said last."""

    _session: Session
    _cursor: cursor
    _has_begun: bool = False

    def ask(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        """The rows of the one question, as far as the session sees."""
        self._cursor.execute(self._begun() + self._said(statement, values))
        return self._cursor.fetchall()

    def keep(self, statement: str, values: Mapping[str, object]) -> None:
        """Say something last; when this returns, it is durable, and the transaction has ended."""
        self._cursor.execute(self._begun() + self._said(statement, values) + _COMMIT)

    def _begun(self) -> bytes:
        """What has to be said before anything else, once."""
        if self._has_begun:
            return b""
        self._has_begun = True
        return _BEGIN + self._said(*sight.narrowing(self._session)) + b"; "

    def _said(self, statement: str, values: Mapping[str, object] | Sequence[object]) -> bytes:
        said: bytes = self._cursor.mogrify(statement, values)
        return said


@contextmanager
def turn(session: Session) -> Iterator[Turn]:
    """A turn on the database of a session that has not begun, which sees as far as the session.

    What was not kept when the block ends is undone.

    Raises:
        DBAPIError: the database fails or refuses.
    """
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        raise Misconfigured("A turn needs an engine.")
    try:
        pooled = engine.raw_connection()
    except psycopg2.Error as error:
        raise OperationalError(None, None, error, hide_parameters=True) from error
    try:
        driver = pooled.driver_connection
        if not isinstance(driver, connection):
            raise Misconfigured("A turn needs a connection of psycopg2.")
        with _unended(driver), driver.cursor(cursor_factory=NamedTupleCursor) as opened:
            yield Turn(session, opened)
    except psycopg2.OperationalError as error:
        pooled.invalidate(error)
        raise OperationalError(None, None, error, hide_parameters=True) from error
    except psycopg2.Error as error:
        pooled.invalidate(error)
        raise DBAPIError(None, None, error, hide_parameters=True) from error
    finally:
        pooled.close()


@contextmanager
def _unended(driver: connection) -> Iterator[None]:
    """Let nothing begin or end by itself while the block lasts, and end what is left then."""
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            if driver.info.transaction_status != TRANSACTION_STATUS_IDLE:
                with driver.cursor() as last:
                    last.execute("ROLLBACK")
            driver.autocommit = False
