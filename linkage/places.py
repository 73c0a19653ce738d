"""Nested places, and how near two of them are.

A place is an official code of pairs of digits: province, district, commune, village. A shorter
code is a place of which no more is known.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.compiled import compiled, inlined
from linkage.texts import Texts

DEPTHS: Final = (2, 4, 6, 8)
SAME_VILLAGE, SAME_COMMUNE, SAME_DISTRICT, SAME_PROVINCE, ELSEWHERE = range(5)
VILLAGES, WIDER = range(2)


class Places(NamedTuple):
    """Places as numbers, one row a record.

    `prefixes` int32[records, 4]: the code cut to 2, 4, 6 and 8 digits; 0 for what is not known.
    """

    prefixes: npt.NDArray[np.int32]


def places(texts: Texts) -> Places:
    """Read place codes; what is no code of 2 to 8 digits is unknown."""
    rows = [_prefixes(value) for value in (*texts.distinct, "")]
    return Places(np.array(rows, np.int32)[texts.codes])


def _prefixes(value: str) -> list[int]:
    if not value.isdigit() or len(value) not in DEPTHS:
        return [0] * len(DEPTHS)
    return [int(value[:depth]) if len(value) >= depth else 0 for depth in DEPTHS]


def place_agreement(
    known: Places, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> Codes:
    """Code how near the places of pairs of records are: int16[pairs]."""
    out = np.empty(left.size, np.int16)
    _agreement(known, left, right, out)
    return out


@compiled
def _agreement(
    known: Places, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], out: Codes
) -> None:
    for k in range(left.size):
        out[k] = place_code(known.prefixes, left[k], right[k], 0)


@inlined
def place_code(rows: npt.NDArray[np.int32], a: int, b: int, at: int) -> int:
    """Code how near two places are, whose prefixes begin at column `at` of a matrix."""
    if rows[a, at] == 0 or rows[b, at] == 0:
        return MISSING
    depths = len(DEPTHS)
    shared = 0
    while shared < depths and rows[a, at + shared] == rows[b, at + shared] != 0:
        shared += 1
    last = at + depths - 1
    kind = VILLAGES if rows[a, last] != 0 and rows[b, last] != 0 else WIDER
    return kind * LEVELS + ELSEWHERE - shared
