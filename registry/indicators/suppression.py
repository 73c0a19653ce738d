"""Hiding small counts, so that no figure is about somebody whom a reader could name.

A count from one to four is hidden. One hidden count in a line with a total could be reckoned from
the others, so a second is hidden with it: the smallest that is left, and more until those hidden
are together no small count either (complementary suppression; Willenborg and de Waal, Elements of
Statistical Disclosure Control, 2001). Lines are the rows and the columns of a table.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

SMALLEST_SHOWN: Final = 5
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def hidden(counts: Counts) -> Mask:
    """Which cells of a table are not shown: bool[rows, columns] of int64[rows, columns].

    The table is without its totals, which may be shown.
    """
    mask = np.asarray((counts > 0) & (counts < SMALLEST_SHOWN))
    while (more := _unprotected(counts, mask)) is not None:
        mask[more] = True
    return mask


def _unprotected(counts: Counts, mask: Mask) -> tuple[int, int] | None:
    """A further cell to hide: the smallest of a line whose hidden cells could be reckoned."""
    for line in _lines(counts.shape):
        cells = [at for at in line if mask[at]]
        others = [at for at in line if not mask[at] and counts[at] > 0]
        is_small = sum(counts[at] for at in cells) < SMALLEST_SHOWN
        if cells and others and (len(cells) == 1 or is_small):
            return min(others, key=lambda at: (counts[at], at))
    return None


def _lines(shape: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    rows, columns = shape
    if columns > 1:
        yield from ([(row, column) for column in range(columns)] for row in range(rows))
    if rows > 1:
        yield from ([(row, column) for row in range(rows)] for column in range(columns))
