"""Memory that is free already, given back to the system.

A process keeps what it frees, in pieces that larger things do not fit in: after a step that takes
much, the next one would take its own beside it.
"""

import ctypes


def give_back() -> None:
    """Give back what is free, where the C library knows how to (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
