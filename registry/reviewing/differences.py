"""Where two values differ, for people to see: by the signs that they read, not by code points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from linkage.khmer_clusters import clusters


@dataclass(frozen=True)
class Run:
    """A part of a value, and whether the other value has another in its place."""

    text: str
    differs: bool


Runs = tuple[Run, ...]


def compared(left: str | None, right: str | None) -> tuple[Runs, Runs]:
    """Cut two values into runs that both have and runs that differ.

    Where one of them is missing nothing differs: missing is neutral.
    """
    if left is None or right is None:
        return _whole(left), _whole(right)
    signs = clusters(left), clusters(right)
    found = SequenceMatcher(None, *signs, autojunk=False).get_opcodes()
    lefts = ((signs[0][a:b], tag) for tag, a, b, _, _ in found)
    rights = ((signs[1][c:d], tag) for tag, _, _, c, d in found)
    return tuple(_runs(lefts)), tuple(_runs(rights))


def parts(left: str | None, right: str | None) -> tuple[Runs, Runs]:
    """The same for values whose parts count as wholes, as dates: `1990-05-04`, `1990`, `1990~`."""
    if left is None or right is None:
        return _whole(left), _whole(right)
    cut = left.rstrip("~").split("-"), right.rstrip("~").split("-")
    shared = min(len(cut[0]), len(cut[1]))
    differs = [cut[0][at] != cut[1][at] for at in range(shared)]
    return tuple(_dated(cut[0], differs)), tuple(_dated(cut[1], differs))


def _whole(value: str | None) -> Runs:
    return () if value is None else (Run(value, differs=False),)


def _runs(found: Iterator[tuple[Sequence[str], str]]) -> Iterator[Run]:
    return (Run("".join(signs), tag != "equal") for signs, tag in found if signs)


def _dated(cut: Sequence[str], differs: Sequence[bool]) -> Iterator[Run]:
    unknown = [False] * (len(cut) - len(differs))
    return (
        Run(part, is_other) for part, is_other in zip(cut, chain(differs, unknown), strict=True)
    )
