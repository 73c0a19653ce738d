"""Pipes between processes that pass on much."""

import fcntl
from contextlib import suppress
from typing import IO, Final

WIDTH: Final = 1 << 20


def widen(*pipes: IO[bytes] | None) -> None:
    """Let more wait in pipes, so that neither end waits for the other to fetch each piece.

    Where the system does not allow that, they stay as they are.
    """
    for pipe in pipes:
        if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, WIDTH)
