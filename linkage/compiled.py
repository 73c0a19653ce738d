"""Compile a function on arrays to machine code, keeping its Python type."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile for the argument types of each first call, to run without the interpreter lock.

    The machine code is kept on disk beside the source, so that only the first run ever compiles.
    """
    return cast("Function", numba.njit(cache=True, nogil=True)(function))


def inlined(function: Function) -> Function:
    """Compile as part of every compiled caller: for what is called once a pair or more.

    A call that stays a call counts references to every array that it is handed.
    """
    return cast("Function", numba.njit(cache=True, nogil=True, inline="always")(function))
