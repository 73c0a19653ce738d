"""The outcome of reading one cell."""

from typing import NamedTuple


class Reading(NamedTuple):
    """A value in normalised form, or the code of the problem that kept it from being read.

    Both are None for a cell that says nothing.
    """

    value: str | None = None
    problem: str | None = None


NOTHING = Reading()
