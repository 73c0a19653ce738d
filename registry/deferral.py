"""Work left to a worker: jobs queued in the caller's transaction.

A job names the lock that it needs; jobs of one lock run one after the other, and who runs one holds
the database's advisory lock of that name as long as its process lives.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from procrastinate import App
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry.errors import BatchInProgress

IMPORT = "import"
LINK = "link"
LINKS = "links"
DELIVER = "deliver"
_queue = App(connector=SQLAlchemyPsycopg2Connector())


def list_of(scheme: str) -> str:
    """Name of the lock of whoever takes a list of a scheme."""
    return f"list of {scheme}"


def defer_import(session: Session, batch: int, scheme: str) -> None:
    """Let a worker take the rows of a received batch, once this transaction is kept."""
    job = _queue.configure_task(IMPORT, lock=list_of(scheme), connection=session.connection())
    job.defer(batch=batch)


def defer_link(session: Session) -> None:
    """Let a worker link what is parsed, once this transaction is kept."""
    _queue.configure_task(LINK, lock=LINKS, connection=session.connection()).defer()


def defer_delivery(session: Session, delivery: int, *, after: int = 0) -> None:
    """Let a worker send a message to a partner, so many seconds after this transaction."""
    connection, lock = session.connection(), f"delivery {delivery}"
    if after:
        pause = {"seconds": after}
        job = _queue.configure_task(DELIVER, lock=lock, connection=connection, schedule_in=pause)
    else:
        job = _queue.configure_task(DELIVER, lock=lock, connection=connection)
    job.defer(delivery=delivery)


def has_import(session: Session, batch: int) -> bool:
    """Whether a worker has a batch, or will have it."""
    return bool(session.scalar(text(_HAS_JOB), {"task": IMPORT, "batch": batch}))


def has_link(session: Session) -> bool:
    """Whether a worker links what is parsed, or will."""
    return bool(session.scalar(text(_HAS_JOB), {"task": LINK, "batch": None}))


def is_held(session: Session, lock: str) -> bool:
    """Whether somebody who lives holds a lock."""
    free = session.scalar(text(f"SELECT pg_try_advisory_xact_lock({_KEY})"), {"lock": lock})
    return not free


@contextmanager
def holding(engine: Engine, lock: str) -> Iterator[None]:
    """Be the only one who holds a lock; it ends with the process, however that ends.

    Raises:
        BatchInProgress: somebody else holds it.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"lock": lock}):
            raise BatchInProgress(f"Somebody works on the {lock} already: wait until it is done.")
        try:
            yield
        finally:
            with suppress(DBAPIError):  # the server frees it too, but only once it sees us gone
                connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"lock": lock})
            connection.invalidate()


_KEY = "hashtextextended(:lock, 0)"
_HAS_JOB = """
SELECT count(*) FROM procrastinate_jobs
WHERE task_name = :task AND status IN ('todo', 'doing')
  AND (CAST(:batch AS bigint) IS NULL OR (args->>'batch')::bigint = :batch)
"""
