"""The worker: takes lists and links them as the queue says.

A job whose worker died is put back as soon as the worker is silent and its lock is free, and so is
a batch that has no job, because the process that received it died. The next worker goes on where it
stopped. A job that fails for a reason outside the list is tried again, a little later each time.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry import deferral
from registry.database import transaction
from registry.deferral import DELIVER, IMPORT, LINK, LINKS, list_of
from registry.errors import BatchInProgress, Misconfigured, RegistryError
from registry.indicators import snapshot
from registry.lists import batches, drafts, imports
from registry.lists.batches import Batch, BatchStatus
from registry.lists.imports import Terms
from registry.matching import linking
from registry.partners import deliveries
from registry.partners.deliveries import Send

MOST_TRIES = 5
PATIENCE = 5
SILENT_SECONDS = 3
RECOVERY_SECONDS = 1.0
COUNTING_SECONDS = 15.0
EXPIRING_SECONDS = 600.0
TELLING_SECONDS = 5.0
RECONNECT_SECONDS = 1.0
STOP_SECONDS = 1.0
A_DAY = 86_400.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """How a worker works.

    Attributes:
        side_by_side: jobs at once.
        until_idle: whether the worker ends when nothing is left to do.
        send: how messages to partner systems are sent.
        tell: queues what subscribers want to be told, if anything happened.
    """

    terms: Terms
    side_by_side: int = 2
    until_idle: bool = False
    send: Send | None = None
    tell: Callable[[Session, datetime], None] | None = None


class Retries(BaseRetryStrategy):
    """Which jobs are tried again, and when."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait for others however long it takes, try again what may pass, and not what will not."""
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, BatchInProgress):
            return RetryDecision(retry_in={"seconds": PATIENCE})
        if isinstance(exception, RegistryError) or job.attempts + 1 >= MOST_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": 2**job.attempts})


def queue(engine: Engine, batch: Batch) -> None:
    """Leave a batch to a worker, unless one has it already or nothing is left to do on it."""
    with transaction(engine) as session:
        if batch.status == BatchStatus.RECEIVED and not deferral.has_import(session, batch.id):
            deferral.defer_import(session, batch.id, batch.scheme)


def run_import(engine: Engine, number: int, context: JobContext, terms: Terms) -> None:
    """Take the rows of a batch and queue their linking.

    Raises:
        JobAborted: the worker is asked to stop; what is kept stays kept.
    """

    def heard(_: int) -> None:
        if context.should_abort():
            raise JobAborted

    try:
        batch = imports.parse_batch(engine, number, replace(terms, heard=heard))
    except RegistryError as error:
        if isinstance(error, BatchInProgress):
            raise
        logger.warning("batch %s: %s", number, error)
        return
    except (JobAborted, DBAPIError):
        raise
    except Exception as error:
        if context.job.attempts + 1 >= MOST_TRIES:
            with transaction(engine) as session:
                batches.fail(session, batches.find(session, number), f"Unexpected: {error!r}")
        raise
    if batch.status == BatchStatus.PARSED:
        with transaction(engine) as session:
            deferral.defer_link(session)


def run_link(engine: Engine) -> None:
    """Link what is parsed, if anything is, and everything where an upgrade asks for it."""
    with deferral.holding(engine, LINKS):
        with transaction(engine) as session:
            is_due = batches.waiting(session) or linking.is_outdated(session)
        if is_due:
            imports.link(engine)


def application(engine: Engine, how: Work) -> App:
    """The queue with its tasks, as a worker needs it."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))

    @app.task(name=IMPORT, pass_context=True, retry=Retries())
    def take(context: JobContext, batch: int) -> None:
        run_import(engine, batch, context, how.terms)

    @app.task(name=LINK, retry=Retries())
    def link() -> None:
        run_link(engine)

    @app.task(name=DELIVER, retry=Retries())
    def deliver(delivery: int) -> None:
        if how.send is None:
            raise Misconfigured("This worker sends no messages.")
        with transaction(engine) as session:
            deliveries.attempt(session, delivery, how.send, datetime.now(UTC))

    return app


def work(engine: Engine, how: Work) -> None:
    """Work until asked to stop, or until nothing is left; a lost database is waited for."""
    done = threading.Event()
    _recover(engine)
    with (
        _repeating(lambda: _recover(engine), RECOVERY_SECONDS, done),
        _repeating(lambda: _count(engine), COUNTING_SECONDS, done),
        _repeating(lambda: _expire(engine), EXPIRING_SECONDS, done),
        _repeating(lambda: _tell(engine, how), TELLING_SECONDS, done),
    ):
        while not done.is_set():
            try:
                was_asked = asyncio.run(_run(application(engine, how), how))
                if was_asked or (how.until_idle and _is_idle(engine)):
                    done.set()
            except (ConnectorException, PoolTimeout, DBAPIError) as error:
                logger.warning("the database does not answer: %s", error)
            done.wait(RECONNECT_SECONDS)


async def _run(app: App, how: Work) -> bool:
    """Run jobs; whether the process was asked to stop, and not the database lost."""
    was_asked = False
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=how.side_by_side, wait=not how.until_idle, delete_jobs="successful",
                shutdown_graceful_timeout=A_DAY if how.until_idle else STOP_SECONDS,
                update_heartbeat_interval=1.0, fetch_job_polling_interval=1.0,
                install_signal_handlers=False,
            )
        )  # fmt: skip

        def stop() -> None:
            nonlocal was_asked
            was_asked = True
            worker.cancel()

        if threading.current_thread() is threading.main_thread():
            for one in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(one, stop)
        with suppress(asyncio.CancelledError):
            await worker
    return was_asked


def _is_idle(engine: Engine) -> bool:
    with transaction(engine) as session:
        return not session.scalar(text(_UNFINISHED))


_UNFINISHED = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_DEAD = """
SELECT j.id, j.lock FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing'
  AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => :silent))
"""
_PUT_BACK = "SELECT procrastinate_retry_job_v2(:job, now(), NULL, NULL, NULL)"


def recover(session: Session) -> int:
    """Put back the jobs of dead workers, and queue what nobody has; how many they were."""
    found = 0
    for job, lock in session.execute(text(_DEAD), {"silent": SILENT_SECONDS}).all():
        if not deferral.is_held(session, lock):
            session.execute(text(_PUT_BACK), {"job": job})
            found += 1
    for batch in batches.unfinished(session):
        lost = not deferral.has_import(session, batch.id)
        if lost and not deferral.is_held(session, list_of(batch.scheme)):
            deferral.defer_import(session, batch.id, batch.scheme)
            found += 1
    is_due = batches.waiting(session) or linking.is_outdated(session)
    if is_due and not deferral.has_link(session) and not deferral.is_held(session, LINKS):
        deferral.defer_link(session)
        found += 1
    return found


@contextmanager
def _repeating(act: Callable[[], object], seconds: float, stop: threading.Event) -> Iterator[None]:
    """Act again and again while the block lasts."""

    def repeat() -> None:
        while not stop.wait(seconds):
            act()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _recover(engine: Engine) -> None:
    with _enduring(), transaction(engine) as session:
        recover(session)


def _count(engine: Engine) -> None:
    """Count the figures before they are too old to be read."""
    with _enduring(), transaction(engine) as session:
        snapshot.current(session, datetime.now(UTC), snapshot.EARLY)


def _expire(engine: Engine) -> None:
    """Give up the lists that wait for their sender for too long."""
    with _enduring(), transaction(engine) as session:
        drafts.expire(session, datetime.now(UTC))


def _tell(engine: Engine, how: Work) -> None:
    """Let subscribers be told what happened meanwhile."""
    if how.tell is not None:
        with _enduring(), transaction(engine) as session:
            how.tell(session, datetime.now(UTC))


@contextmanager
def _enduring() -> Iterator[None]:
    """Go on when the database is lost: it is tried again later."""
    try:
        yield
    except DBAPIError as error:
        logger.warning("the database does not answer: %s", error)
