"""Opening the database of this installation for a command."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psutil
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from registry import key_holder
from registry.access.accounts import Steward
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.cli.giving_way import give_way
from registry.cli.terminal import step
from registry.database import address, connect, transaction, upgrade
from registry.settings import Settings

GENTLY = "SET backend_flush_after = '256kB'; SET max_parallel_workers_per_gather = 0"
"""How a session works that gives way."""


def open_database(settings: Settings | None = None) -> Engine:
    """The database, its tables brought up to date first, its data keys opened.

    Raises:
        Misconfigured: the database does not answer, or its master key is not here.
    """
    with step("Opening the database"):
        chosen = settings or Settings()
        engine = connect(address(chosen), chosen)
        upgrade(engine)
        key_holder.of(engine).sealer()
    return engine


def open_behind(settings: Settings) -> Engine:
    """The same for work that gives way to whoever waits at a counter, on the same machine.

    So do the processes of the registry's own database server that work for it, and no other ones.
    """
    engine = open_database(settings)
    engine.dispose()
    event.listen(engine, "connect", _let_server_give_way)
    give_way(os.getpid())
    return engine


def _let_server_give_way(driver: Any, _: object) -> None:
    """Let the server's process of a connection give way, where it works in the socket's folder.

    What it writes goes to the disk a little at a time: whoever's answer is to be written down
    meanwhile would wait for all of it otherwise. It gets no parallel helpers, who do not give way.
    """
    with driver.cursor() as opened:
        opened.execute(GENTLY)
    driver.commit()
    with suppress(psutil.Error):
        serving = psutil.Process(driver.info.backend_pid)
        if serving.cwd() == driver.info.host:
            give_way(serving.pid)


@contextmanager
def steward(settings: Settings | None = None) -> Iterator[tuple[Session, Steward]]:
    """A transaction in which whoever types a command changes accounts."""
    with transaction(open_database(settings)) as session:
        audit.comes_from(session, Origin("cli"))
        yield session, Steward(f"cli: {getpass.getuser()}", datetime.now(UTC))
