"""Conversations with the database in few round trips: a question, and a word that is kept with it.

A question at the point of care is read for, and recorded. Beginning, narrowing the sight, reading,
recording and committing one by one, the two sides wait for each other five times, which takes both
of them longer than the work itself. Here what needs no answer of its own is sent with what does.

A conversation is a generator that yields what is to be said and is sent the rows of the answer. It
is one transaction: what is said last is committed with it. It may be held by the thread that calls
(`hold`), or by an event loop (`registry.lines`).
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection, cursor
from psycopg2.extras import NamedTupleCursor
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from registry.access import sight
from registry.access.sight import Narrowing
from registry.errors import Misconfigured

Told = TypeVar("Told")
Rows = Sequence[Any]
BEGIN: Final = b"BEGIN; "
COMMIT: Final = b"; COMMIT"
ROLLBACK: Final = "ROLLBACK"


@dataclass(frozen=True)
class Said:
    """A statement in the driver's words, with its values; the last one is kept."""

    statement: str
    values: Mapping[str, object] | Sequence[object]
    is_last: bool = False


Conversation = Generator[Said, Rows, Told]


def hold(session: Session, conversation: Conversation[Told]) -> Told:
    """Hold a conversation on the database of a session that has not begun, as far as that sees.

    When it returns, what was said last is durable. Where it raises, nothing is kept.

    Raises:
        DBAPIError: the database fails or refuses.
    """
    with _opened(session) as opened:
        begun = begun_for(opened, sight.narrowing(session))
        try:
            said = next(conversation)
            while True:
                opened.execute(begun + words(opened, said))
                begun = b""
                said = conversation.send(rows(opened))
        except StopIteration as end:
            told: Told = end.value
            return told


def begun_for(opened: cursor, narrowing: Narrowing) -> bytes:
    """What is said before anything else: how far the transaction sees."""
    said: bytes = opened.mogrify(*narrowing)
    return BEGIN + said + b"; "


def words(opened: cursor, said: Said) -> bytes:
    """What is sent; the end of the transaction goes with what is said last."""
    whole: bytes = opened.mogrify(said.statement, said.values)
    return whole + COMMIT if said.is_last else whole


def rows(opened: cursor) -> Rows:
    """The rows of an answer that has any."""
    return opened.fetchall() if opened.description is not None else ()


def cursor_of(driver: connection) -> cursor:
    """A cursor whose rows are read by name."""
    return driver.cursor(cursor_factory=NamedTupleCursor)


@contextmanager
def as_of_sqlalchemy(discard: Callable[[BaseException], None]) -> Iterator[None]:
    """Raise the driver's errors as all others of the database, and let go of the connection."""
    try:
        yield
    except psycopg2.OperationalError as error:
        discard(error)
        raise OperationalError(None, None, error, hide_parameters=True) from error
    except psycopg2.Error as error:
        discard(error)
        raise DBAPIError(None, None, error, hide_parameters=True) from error


@contextmanager
def _opened(session: Session) -> Iterator[cursor]:
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        raise Misconfigured("A conversation needs an engine.")
    with as_of_sqlalchemy(lambda _: None):
        pooled = engine.raw_connection()
    try:
        with as_of_sqlalchemy(pooled.invalidate):
            driver = pooled.driver_connection
            if not isinstance(driver, connection):
                raise Misconfigured("A conversation needs a connection of psycopg2.")
            with _unended(driver), cursor_of(driver) as opened:
                yield opened
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
                    last.execute(ROLLBACK)
            driver.autocommit = False
