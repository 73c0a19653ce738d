"""How work that nobody waits for gives way to whoever stands at a counter, on the same machine."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep

from registry import embedded
from registry.settings import Settings

GIVES_WAY = 10
"""How far behind others (a nice value) a process is that gives way, where that is all there is."""
LAST = 19
"""How far behind other sessions its own is: all in it together weigh what one at a counter does."""
TURN = 0.1
"""Seconds between two sessions that the kernel weighs anew."""
TRIES = 20
"""How often to ask the kernel, where several sessions give way at once."""


def give_way(process: int) -> None:
    """Let a process give way to others, and never come forward; where that is not allowed, nothing.

    Its threads do that are started from now on. On Linux it stands behind all others (sched(7),
    "SCHED_IDLE: Scheduling very low priority jobs"): whoever wakes up finds its processor as good
    as free, where one that is merely less important would have to be shared, or waited behind.
    """
    with suppress(OSError):
        behind = max(GIVES_WAY, os.getpriority(os.PRIO_PROCESS, process))
        os.setpriority(os.PRIO_PROCESS, process, behind)
        if sys.platform == "linux":
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
            _let_session_give_way(process)


def give_way_at_once(settings: Settings) -> None:
    """Let this process give way, where a server runs already that others may be waiting for.

    A server that this process is to start would give way for good, as whatever it starts does.
    """
    if settings.database_url is not None or embedded.runs_in(settings.home):
        give_way(os.getpid())


def _let_session_give_way(process: int) -> None:
    """Let all of a session give way to other ones (sched(7), "The autogroup feature").

    Each process of the database server has a session of its own; what it is behind others by
    counts within its session alone. Sessions weigh alike, however many wait in them.

    The kernel weighs one session anew in a tenth of a second for those who do not administer the
    system, all of them together, and has the others ask again.
    """
    if os.getsid(process) != process:
        return
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            Path(f"/proc/{process}/autogroup").write_text(str(LAST), "ascii")
            return
        sleep(TURN)
