"""The PostgreSQL database: where it is, how it is opened, how rows enter in bulk."""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from enum import Enum
from importlib.resources import files
from itertools import islice
from time import monotonic
from typing import Any, BinaryIO, ClassVar

from alembic import command
from alembic.config import Config
from psycopg2 import Error as Psycopg2Error
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, Text, create_engine, event, make_url
from sqlalchemy import Enum as WordType
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from registry import key_holder
from registry.copying import copy_line
from registry.embedded import EmbeddedServer
from registry.errors import Misconfigured
from registry.settings import Settings

OLDEST_SERVER = (14, 0)
COPIED_AT_ONCE = 1 << 16
BINARY_AT_ONCE = 1 << 18
THREADS = 16
"""Threads of one process that may ask the database at once."""
IDLE_SECONDS = 2.0
_SINCE = "idle since"
NARROWED = "sight of this session"
"""Where a session notes how far it sees (`registry.access.sight`).

PostgreSQL copies no rows into tables with row-level security: narrowed sessions insert them from a
temporary table.
"""


class Row(DeclarativeBase):
    """A row of a table of the registry.

    Numbers are 64 bits wide, times carry their zone, and words of a fixed set are stored as text.
    """

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger(),
        str: Text(),
        datetime: DateTime(timezone=True),
        Enum: WordType(
            Enum,
            native_enum=False,
            length=32,
            values_callable=lambda words: [word.value for word in words],
        ),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def address(settings: Settings) -> str:
    """The database's address; starts the embedded server when no other is set."""
    if settings.database_url is None:
        return EmbeddedServer.at(settings.home).start()
    url = make_url(settings.database_url.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def connect(url: str, settings: Settings | None = None) -> Engine:
    """An engine on a database of a version the registry knows.

    Args:
        url: where the database is.
        settings: where the master keys of its data keys are; the environment's if none.

    Raises:
        Misconfigured: nobody answers there, or the server is too old.
    """
    engine = create_engine(
        url, pool_size=THREADS, max_overflow=THREADS, pool_timeout=5, hide_parameters=True
    )
    key_holder.hold(engine, settings)
    event.listen(engine, "checkin", _note_idle)
    event.listen(engine, "checkout", _ask_the_idle)
    try:
        with engine.connect() as connection:
            found = connection.dialect.server_version_info or (0,)
    except OperationalError as error:
        raise Misconfigured(f"The database does not answer: {error.orig}") from error
    if found < OLDEST_SERVER:
        raise Misconfigured(f"PostgreSQL 14 or later is needed; this one is {found[0]}.")
    return engine


def _note_idle(_: object, record: ConnectionPoolEntry) -> None:
    record.info[_SINCE] = monotonic()


def _ask_the_idle(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    """Ask a connection that was idle for a while whether its server is still there.

    Raises:
        DisconnectionError: it is not; the pool opens another connection.
    """
    if monotonic() - record.info.get(_SINCE, monotonic()) < IDLE_SECONDS:
        return
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Psycopg2Error as error:
        raise DisconnectionError from error


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database's tables to a revision: a later one, `base`, or some back, as `-1`."""
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(files("migrations")))
        config.attributes["connection"] = connection
        if revision == "base" or revision.startswith("-"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is kept when the block ends, and undone when it raises."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def copy_rows(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a table; None is NULL, everything else goes as its text.

    Rows are passed on as they come: about a thousand are held at a time.
    """
    _copy(session, table, columns, _CopyText(rows))


def copy_text(session: Session, table: str, columns: Sequence[str], lines: bytes) -> None:
    """COPY lines that are in the text format of COPY already (`copying.copy_line`), in UTF-8."""
    _copy(session, table, columns, io.BytesIO(lines))


def copy_binary(
    session: Session, table: str, columns: Sequence[str], content: io.RawIOBase | io.BytesIO
) -> None:
    """COPY rows that are in the binary format of COPY; for sessions that see everything."""
    command = f'COPY "{table}" ({_named(columns)}) FROM STDIN (FORMAT binary)'
    with _copying(session, table) as cursor:
        cursor.copy_expert(command, content, BINARY_AT_ONCE)


def copied_out(session: Session, query: str, form: str) -> io.BytesIO:
    """The answer to a query in a format of COPY: `text`, `csv` or `binary`."""
    content = io.BytesIO()
    copy_out(session, query, form, content)
    content.seek(0)
    return content


def copy_out(session: Session, query: str, form: str, content: BinaryIO) -> None:
    """Write the answer to a query in such a format, as it comes."""
    with _copying(session, "OUT") as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT {form})", content)


def _copy(
    session: Session, table: str, columns: Sequence[str], text: io.TextIOBase | io.BytesIO
) -> None:
    names = _named(columns)
    with _copying(session, table) as cursor:
        if NARROWED not in session.info:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', text, COPIED_AT_ONCE)
            return
        cursor.execute(f'CREATE TEMPORARY TABLE copied AS SELECT {names} FROM "{table}" LIMIT 0')  # noqa: S608 - names of ours
        cursor.copy_expert("COPY copied FROM STDIN", text)
        cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT * FROM copied')  # noqa: S608 - names of ours
        cursor.execute("DROP TABLE copied")


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


@contextmanager
def _copying(session: Session, what: str) -> Iterator[Any]:
    """A cursor of the driver; what goes wrong is raised as it is of every other statement."""
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise Misconfigured("The database driver gave no connection.")
    try:
        with connection.cursor() as cursor:
            yield cursor
    except Psycopg2Error as error:
        raise DBAPIError(f"COPY {what}", None, error, hide_parameters=True) from error


class _CopyText(io.TextIOBase):
    """Rows in the text format of COPY, made as they are read."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self._rows = iter(rows)
        self._buffer = ""

    def read(self, size: int | None = -1) -> str:
        end = size if size is not None and size >= 0 else sys.maxsize
        while len(self._buffer) < end and (chunk := list(islice(self._rows, 1000))):
            self._buffer += "".join(map(self._line, chunk))
        text, self._buffer = self._buffer[:end], self._buffer[end:]
        return text

    def _line(self, row: Sequence[object]) -> str:
        return copy_line([None if value is None else str(value) for value in row])
