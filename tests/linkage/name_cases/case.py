"""A pair of names and what it should be found to be."""

from typing import NamedTuple


class Case(NamedTuple):
    """Two names as written, what they should be found to be, and the reason."""

    first: str
    second: str
    verdict: str
    reason: str


def cases(verdict: str, reason: str, table: str) -> list[Case]:
    """Read a table of pairs, `first | second` a line, that share a verdict and its reason."""
    rows = [line.split("|") for line in table.strip().splitlines()]
    return [Case(first.strip(), second.strip(), verdict, reason) for first, second in rows]
