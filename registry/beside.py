"""What a session writes while this process computes something else.

A statement keeps the database busy and this process waiting. Written beside, it takes no time of
its own. A session is used by one thread at a time: whoever starts something beside leaves the
session alone until it is done.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

Thing = TypeVar("Thing")


@contextmanager
def beside(does: Callable[[], object]) -> Iterator[None]:
    """Do something, the last that is done with a session before the block, while the block lasts.

    The block ends when it is done, and raises what it raises. What it works on is let go then.
    """
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(does)
        del does
        yield
        done.result()


def one_behind(does: Callable[[Thing], object], things: Iterator[Thing]) -> None:
    """Do something with each thing, beside making the next one."""
    thing = next(things, None)
    while thing is not None:
        with beside(partial(does, thing)):
            thing = next(things, None)
