"""Memory that is free already, given back to the system.

A process keeps what it frees, in pieces that larger things do not fit in: after a step that takes
much, the next one would take its own beside it.
"""

import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_MOST_ARENAS: Final = -8
_LARGE: Final = 2 << 20
"""Bytes from which on a thing is a piece of its own, which goes back whole as soon as it is free.

Left to itself the C library learns to keep what is up to sixteen times as large.
"""


def keep_little() -> None:
    """From now on keep little of what is freed, where the C library can be told so (glibc)."""
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        tell(_MMAP_THRESHOLD, _LARGE)
        tell(_TRIM_THRESHOLD, 8 * _LARGE)
        tell(_MOST_ARENAS, 2)


def give_back() -> None:
    """Give back what is free, where the C library knows how to (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
