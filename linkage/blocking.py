"""Blocking rules: which records are compared at all, and at what cost.

Records are referred to by their place in `Records.order`, called positions below.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.compiled import compiled
from linkage.forms import formed
from linkage.records import MISSING, Codes, Records


@dataclass(frozen=True)
class Key:
    """A field, or a form of it: see `linkage.forms`."""

    field: str
    form: str = "whole"

    @property
    def label(self) -> str:
        """The key in words."""
        return self.field if self.form == "whole" else f"{self.form} of {self.field}"


@dataclass(frozen=True)
class Rule:
    """Records that agree on all `keys` form a block, in which each is compared with each.

    A block larger than the model allows is split by the keys of `split` (records without one
    stay together), and what is still too large is cut into stretches, whose mutual pairs are
    left out and counted in the rule's `Cost`.
    """

    keys: tuple[Key, ...]
    split: tuple[Key, ...] = ()

    @property
    def label(self) -> str:
        """The rule in words."""
        return " + ".join(key.label for key in self.keys)

    @property
    def fields(self) -> frozenset[str]:
        """The fields on which a block's records agree, wholly or in part."""
        return frozenset(key.field for key in (*self.keys, *self.split))


@dataclass(frozen=True)
class Cost:
    """What a rule costs, known before any pair is made.

    `pairs` counts those within blocks, whether or not an earlier rule finds them too;
    `oversized` the blocks that were split or cut; `left_out` the pairs given up by cutting.
    """

    rule: str
    blocks: int
    records: int
    largest: int
    pairs: int
    oversized: int
    left_out: int


class Blocks(NamedTuple):
    """The blocks of a rule: `members` int32[m] lists positions block by block.

    The member at place `p` is paired with those at places `first[p]` up to `last[p]`.
    """

    members: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]

    @property
    def pairs(self) -> int:
        """How many pairs the blocks hold."""
        return int(np.sum(self.last - self.first, dtype=np.int64))


def merged(codes: Codes, more: Codes) -> Codes:
    """Number the combinations of two codings; what is missing in either is missing."""
    width = np.int64(more.max(initial=0)) + 1
    both = codes.astype(np.int64) * width + more
    both[(codes == MISSING) | (more == MISSING)] = MISSING
    dense, distinct = pd.factorize(both)
    missing = np.flatnonzero(distinct == MISSING)
    if missing.size:
        dense = np.where(dense == missing[0], MISSING, dense - (dense > missing[0]))
    return dense.astype(np.int32)


def key_codes(records: Records, key: Key) -> Codes:
    """Number a key's values: int32[positions]."""
    column = records.columns[key.field]
    codes = column.codes[records.order]
    if key.form == "whole":
        return codes
    forms = np.append(formed(column, key.form), np.int32(MISSING))
    return forms[codes]


def block_codes(records: Records, rule: Rule, *, largest: int) -> tuple[Codes, Cost]:
    """Number the blocks of a rule, oversized ones divided: int32[positions]."""
    codes = key_codes(records, rule.keys[0])
    for key in rule.keys[1:]:
        codes = merged(codes, key_codes(records, key))
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    oversized = int(np.sum(sizes > largest))
    left_out = 0
    if oversized:
        codes = _split(records, rule, codes, largest=largest)
        whole = codes
        codes = _cut(codes, largest=largest)
        left_out = _pairs_in(records, whole) - _pairs_in(records, codes)
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    cost = Cost(
        rule=rule.label,
        blocks=int(np.sum(sizes > 1)),
        records=int(np.sum(sizes[sizes > 1])),
        largest=int(sizes.max(initial=0)),
        pairs=_pairs_in(records, codes),
        oversized=oversized,
        left_out=left_out,
    )
    return codes, cost


def _pairs_in(records: Records, codes: Codes) -> int:
    if records.source.any():
        return blocks_of(codes, records.source[records.order]).pairs
    sizes = np.bincount(codes[codes >= 0]).astype(np.int64)
    return int(np.sum(sizes * (sizes - 1) // 2))


def _large(codes: Codes, largest: int) -> npt.NDArray[np.bool_]:
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    return (codes >= 0) & (sizes[codes] > largest)


def _split(records: Records, rule: Rule, codes: Codes, *, largest: int) -> Codes:
    """Divide oversized blocks by one further key after another."""
    for key in rule.split:
        more = np.where(_large(codes, largest), key_codes(records, key) + np.int32(1), np.int32(0))
        codes = merged(codes, more.astype(np.int32))
    return codes


def _cut(codes: Codes, *, largest: int) -> Codes:
    """Divide oversized blocks into stretches of at most `largest` positions."""
    large = np.flatnonzero(_large(codes, largest))
    nth = pd.Series(codes[large]).groupby(codes[large]).cumcount().to_numpy()
    stretch = np.zeros(codes.size, np.int32)
    stretch[large] = nth // largest
    return merged(codes, stretch)


def blocks_of(codes: Codes, source: npt.NDArray[np.int8]) -> Blocks:
    """List the blocks of two or more, in each the positions in order.

    Where there are several lists, only records of different lists are paired.
    """
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    across = bool(source.size) and bool(source[0] != source[-1])
    return _blocks(codes, sizes, source if across else source[:0])


@compiled
def _blocks(codes: Codes, sizes: npt.NDArray[np.int64], source: npt.NDArray[np.int8]) -> Blocks:
    starts = np.zeros(sizes.size + 1, np.int64)
    for block in range(sizes.size):
        starts[block + 1] = starts[block] + (sizes[block] if sizes[block] > 1 else 0)
    members = np.empty(starts[-1], np.int32)
    filled = starts[:-1].copy()
    for position in range(codes.size):
        block = codes[position]
        if block >= 0 and sizes[block] > 1:
            members[filled[block]] = position
            filled[block] += 1
    first = np.empty(members.size, np.int32)
    last = np.empty(members.size, np.int32)
    for block in range(sizes.size):
        following = starts[block + 1]
        for place in range(starts[block + 1] - 1, starts[block] - 1, -1):
            if source.size == 0 or _list_ends(members[place : starts[block + 1]], source):
                following = place + 1
            first[place] = following
            last[place] = starts[block + 1]
    return Blocks(members, first, last)


@compiled
def _list_ends(members: npt.NDArray[np.int32], source: npt.NDArray[np.int8]) -> bool:
    """Tell whether the first member is the last one of its list, others following."""
    return members.size > 1 and source[members[0]] != source[members[1]]
