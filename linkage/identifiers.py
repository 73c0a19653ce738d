"""Numbers that people hold, and how two of them agree.

Some belong to one person (a national ID), some to a household (an equity card, a phone).
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.agreement_codes import MISSING, Codes
from linkage.compiled import compiled
from linkage.texts import Texts

SAME, SLIP, DIFFERENT = range(3)
WIDTH: Final = 16
SWAP: Final = 2
PUBLIC: Final = "0123456789123456"
"""The key that everybody knows."""


class Numbers(NamedTuple):
    """Numbers as coded text: `codes` int32[records], -1 missing; `digits` uint8[distinct, 16].

    `length` int8[distinct] counts the digits, the rest of a row is 0; `written` uint64[distinct]
    numbers the text, the same everywhere.
    """

    codes: npt.NDArray[np.int32]
    digits: npt.NDArray[np.uint8]
    length: npt.NDArray[np.int8]
    written: npt.NDArray[np.uint64]


def numbers(texts: Texts, secret: str | None = None) -> Numbers:
    """Read numbers; of a longer one than 16 characters only the first 16 are told apart by slip.

    With a `secret` of 16 characters of ASCII nobody who lacks it can try out which number it is
    that `written` stands for (SipHash, a hash with a key).
    """
    raw = np.array([value.encode() for value in texts.distinct], f"S{WIDTH}")
    digits = raw.view(np.uint8).reshape(len(raw), WIDTH)
    length = np.char.str_len(raw).astype(np.int8)
    key = PUBLIC if secret is None else secret
    written = pd.util.hash_array(texts.distinct, hash_key=key, categorize=False)
    return Numbers(texts.codes, digits, length, written)


def number_agreement(
    known: Numbers, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> Codes:
    """Code pairs of records: the same number, one slip apart (a digit, a swap), or different."""
    out = np.empty(left.size, np.int16)
    _agreement(known, left, right, out)
    return out


@compiled
def _agreement(
    known: Numbers, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], out: Codes
) -> None:
    for k in range(left.size):
        out[k] = number_code(known, known.codes[left[k]], known.codes[right[k]])


@compiled
def number_code(known: Numbers, a: int, b: int) -> int:
    """Code two numbers, given by their place among the distinct ones."""
    if a < 0 or b < 0:
        return MISSING
    if a == b:
        return SAME
    return SLIP if _one_slip(known, a, b) else DIFFERENT


@compiled
def _one_slip(known: Numbers, a: int, b: int) -> bool:
    if known.length[a] != known.length[b]:
        return False
    wrong, first, last = 0, 0, 0
    for place in range(known.length[a]):
        if known.digits[a, place] != known.digits[b, place]:
            first = place if wrong == 0 else first
            last = place
            wrong += 1
    if wrong != SWAP:
        return wrong == 1
    one, other = known.digits[a], known.digits[b]
    return last == first + 1 and one[first] == other[last] and one[last] == other[first]
