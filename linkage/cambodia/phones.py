"""Phones, which households share.

A person without a phone of their own on a list may still be reached at one that a list gives for
somebody else of the household. So a phone is compared with the other's own, and then with all
phones known in the other's household.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.compiled import compiled

SAME, OF_HOUSEHOLD, DIFFERENT = range(3)
OWN, POOLED = range(2)
_BITS = 31

Rows = npt.NDArray[np.int32]


class Phones(NamedTuple):
    """Phones as numbers.

    `own` int32[records], -1 missing; `household` int32[records], -1 unknown; those known in
    household `h` are `pooled[starts[h]:starts[h + 1]]`, each once.
    """

    own: Rows
    household: Rows
    starts: npt.NDArray[np.int64]
    pooled: Rows


def pool(own: Rows, household: Rows) -> Phones:
    """Gather the phones of each household."""
    known = (own >= 0) & (household >= 0)
    phones = int(own.max(initial=-1)) + 1
    both = np.unique(household[known].astype(np.int64) * phones + own[known])
    home, pooled = np.divmod(both, phones) if both.size else (both, both)
    starts = np.zeros(int(household.max(initial=-1)) + 2, np.int64)
    np.cumsum(np.bincount(home, minlength=starts.size - 1), out=starts[1:])
    return Phones(own, household, starts, pooled.astype(np.int32))


def pool_marks(phones: Phones, written: npt.NDArray[np.uint64]) -> Rows:
    """Mark the phones known for each record, by bits: int32[records], 0 where none is.

    Records that share a phone share a mark; so do some that do not. `written` uint64[phones] are
    numbers of the phones, so that a phone has the same mark everywhere.
    """
    bits = np.left_shift(np.int32(1), (written % np.uint64(_BITS)).astype(np.int32))
    marks = bits[phones.pooled]
    pooled = np.zeros(phones.starts.size, np.int64)
    np.bitwise_or.at(
        pooled, np.repeat(np.arange(phones.starts.size - 1), np.diff(phones.starts)), marks
    )
    own = np.append(bits, np.int32(0))[phones.own]
    return np.where(phones.household >= 0, pooled[phones.household], own).astype(np.int32)


def phone_agreement(phones: Phones, left: Rows, right: Rows) -> Codes:
    """Code the phones of pairs of records: int16[pairs].

    Within one household only the own phones are compared, for the pool is the same.
    """
    out = np.empty(left.size, np.int16)
    _agreement(phones, left, right, out)
    return out


@compiled
def _agreement(phones: Phones, left: Rows, right: Rows, out: Codes) -> None:
    for k in range(left.size):
        a, b = left[k], right[k]
        both = phones.own[a] >= 0 and phones.own[b] >= 0
        if both and phones.own[a] == phones.own[b]:
            out[k] = SAME
            continue
        house, other = phones.household[a], phones.household[b]
        known, shared = False, False
        if house < 0 or house != other:
            known, shared = _shared(phones, a, b)
        kind = OWN if both else POOLED
        if not (both or known):
            out[k] = MISSING
        else:
            out[k] = kind * LEVELS + (OF_HOUSEHOLD if shared else DIFFERENT)


@compiled
def _shared(phones: Phones, a: int, b: int) -> tuple[bool, bool]:
    """Whether both sides have any phone, and whether any is on both."""
    known = False
    for one in _all(phones, a):
        for other in _all(phones, b):
            known = True
            if one == other:
                return True, True
    return known, False


@compiled
def _all(phones: Phones, record: int) -> Rows:
    """The phones of a record's household, which hold its own."""
    house = phones.household[record]
    if house >= 0:
        return phones.pooled[phones.starts[house] : phones.starts[house + 1]]
    return phones.own[record : record + 1][: int(phones.own[record] >= 0)]
