"""Opening the database of this installation for a command."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from registry import key_holder
from registry.access.accounts import Steward
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.cli.terminal import step
from registry.database import address, connect, transaction, upgrade
from registry.settings import Settings

GIVES_WAY = 10
"""How far behind others (a nice value) a process is that takes lists."""
LAST = 19
"""How far behind other sessions its own is: all in it together weigh what one at a counter does."""
WRITES_LITTLE = "SET backend_flush_after = '256kB'"


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
    event.listen(engine, "connect", _give_way)
    os.setpriority(os.PRIO_PROCESS, 0, max(GIVES_WAY, os.getpriority(os.PRIO_PROCESS, 0)))
    with suppress(OSError):
        _let_session_give_way(os.getpid())
    return engine


def _give_way(driver: Any, _: object) -> None:
    """Let the server's process of a connection give way, where it works in the socket's folder.

    What it writes goes to the disk a little at a time: whoever's answer is to be written down
    meanwhile would wait for all of it otherwise.
    """
    with driver.cursor() as opened:
        opened.execute(WRITES_LITTLE)
    driver.commit()
    with suppress(psutil.Error, OSError):
        serving = psutil.Process(driver.info.backend_pid)
        if serving.cwd() == driver.info.host:
            serving.nice(max(GIVES_WAY, serving.nice()))
            _let_session_give_way(serving.pid)


def _let_session_give_way(process: int) -> None:
    """Let all of a session give way to other ones (Linux; sched(7), "The autogroup feature").

    Each process of the server has a session of its own; what it is behind others by counts
    within its session alone. Sessions weigh alike, however many wait in them.
    """
    if os.getsid(process) == process:
        Path(f"/proc/{process}/autogroup").write_text(str(LAST), "ascii")


@contextmanager
def steward(settings: Settings | None = None) -> Iterator[tuple[Session, Steward]]:
    """A transaction in which whoever types a command changes accounts."""
    with transaction(open_database(settings)) as session:
        audit.comes_from(session, Origin("cli"))
        yield session, Steward(f"cli: {getpass.getuser()}", datetime.now(UTC))
