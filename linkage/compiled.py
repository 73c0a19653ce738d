"""Compile a function on arrays to machine code, keeping its Python type."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from numba import extending

Function = TypeVar("Function", bound=Callable[..., object])
Array = TypeVar("Array", bound=npt.NDArray[np.generic])


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


class _Unowned(Protocol):
    def __call__(self, array: Array, /) -> Array: ...


def _unowned(_: Any, array: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, given: Any) -> Any:
        held = target.make_array(signature.args[0])(target, builder, given[0])
        held.meminfo = held.meminfo.type(None)
        held.parent = held.parent.type(None)
        return held._getvalue()  # noqa: SLF001 - how such a struct is read

    return array(array), generate


unowned: Final = cast("_Unowned", extending.intrinsic(_unowned))
"""The same array without its owner, for the body of a compiled function that holds it.

Compiled code counts the references to whatever owns an array, at every view and every call; in a
kernel that handles pairs this takes longer than the work. What has no owner is not counted.
"""
