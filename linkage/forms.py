"""Forms of a value that keys and levels may ask to be equal."""

from collections.abc import Callable
from functools import cache

import jellyfish
import numpy as np
import pandas as pd

from linkage.records import Codes, Column

FORMS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "soundex": jellyfish.soundex,
    "metaphone": jellyfish.metaphone,
    "nysiis": jellyfish.nysiis,
    "sorted": lambda value: " ".join(sorted(value.split())),
}


def formed(column: Column, form: str) -> Codes:
    """Number the forms of a column's distinct values: int32[distinct], -1 where there is none.

    A form is one of `FORMS`, or `first N` or `last N` for that many characters of the beginning
    or the end (a value that is shorter has none).

    Raises:
        ValueError: There is no such form.
    """
    if form == "whole":
        return np.arange(len(column.distinct), dtype=np.int32)
    if form not in column.forms:
        column.forms[form] = _formed(column, _function(form))
    return column.forms[form]


def form_of(value: str, form: str) -> str:
    """The form of one value; an empty string if it has none.

    Raises:
        ValueError: There is no such form.
    """
    return _function(form)(value)


def _formed(column: Column, function: Callable[[str], str]) -> Codes:
    forms = np.array([function(value) or None for value in column.distinct], dtype=object)
    return pd.factorize(forms)[0].astype(np.int32)


@cache
def _function(form: str) -> Callable[[str], str]:
    side, _, size = form.partition(" ")
    if side in {"first", "last"} and size.isdigit() and int(size):
        length = int(size)
        part = slice(length) if side == "first" else slice(-length, None)
        return lambda value: value[part] if len(value) >= length else ""
    if form not in FORMS:
        raise ValueError(f"no form {form!r}: one of {', '.join(FORMS)}, first N, last N")
    return FORMS[form]
