"""Which pairs of records are worth comparing: those that share a key of any rule.

A record may have several keys under one rule, one for each script of its name and each birth year
near its own. A block that is too large is divided by the rule's second key; what is still too large
is left to the other rules and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cambodia.name_parts import (
    FAMILY_KHMER,
    FAMILY_LATIN,
    GIVEN_KHMER,
    GIVEN_LATIN,
)
from linkage.cambodia.people import People
from linkage.compiled import compiled
from linkage.dates import DAY

LARGEST_BLOCK: Final = 400
_DISTRICT, _COMMUNE, _VILLAGE = 1, 2, 3
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs to compare: `left`, `right` int32[pairs], `left` before `right`, in order.

    `left_out` counts the pairs of blocks that stayed too large.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    left_out: int


@dataclass(frozen=True, eq=False)
class _Keys:
    """Keys of one rule: uint64[records], 0 where there is none; `second` divides large blocks."""

    first: Hashes
    second: Hashes


def candidates(records: People, *, largest: int = LARGEST_BLOCK) -> Candidates:
    """Find the pairs that share a key."""
    size = len(records)
    found, left_out = [np.empty(0, np.int64)], 0
    for rule in _rules(records):
        owners, keys = _divided(list(rule), largest)
        made, lost = _pairs(owners, keys, size, largest)
        found.append(_distinct(made))
        left_out += lost
    pairs = _distinct(np.concatenate(found))
    left, right = np.divmod(pairs, max(size, 1))
    return Candidates(left.astype(np.int32), right.astype(np.int32), left_out)


def _distinct(pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sort, each once; several times faster here than by hashing."""
    pairs.sort()
    return pairs[np.append(True, pairs[1:] != pairs[:-1])] if pairs.size else pairs


def _rules(records: People) -> Iterator[Iterator[_Keys]]:
    yield _numbers(records)
    yield _names(records)
    yield _names_by_place(records)
    yield _names_by_year(records)
    yield _birth_dates(records)


def _numbers(records: People) -> Iterator[_Keys]:
    kinds = (records.equity_card, records.national_id, records.phone)
    for kind, known in enumerate(kinds):
        key = _hashed(known.codes.astype(np.int64) + 1, np.full(len(records), kind + 1))
        yield _Keys(np.where(known.codes < 0, np.uint64(0), key), _year(records, 0))
    listed = records.listed.astype(np.int64) + 1
    key = _hashed(listed, np.full(len(records), len(kinds) + 1))
    yield _Keys(np.where(listed == 0, np.uint64(0), key), _year(records, 0))


def _names(records: People) -> Iterator[_Keys]:
    for family in (FAMILY_KHMER, FAMILY_LATIN):
        for given in (GIVEN_KHMER, GIVEN_LATIN):
            one, other = _heard(records, family), _heard(records, given)
            low, high = np.minimum(one, other), np.maximum(one, other)
            yield _Keys(_hashed(low, high), _year(records, 0))


def _names_by_place(records: People) -> Iterator[_Keys]:
    places = records.places.prefixes
    for part in (GIVEN_KHMER, GIVEN_LATIN, FAMILY_KHMER, FAMILY_LATIN):
        key = _hashed(_heard(records, part), places[:, _COMMUNE].astype(np.int64))
        yield _Keys(key, places[:, _VILLAGE].astype(np.uint64))


def _names_by_year(records: People) -> Iterator[_Keys]:
    district = records.places.prefixes[:, _DISTRICT].astype(np.uint64)
    for part in (GIVEN_KHMER, GIVEN_LATIN, FAMILY_KHMER, FAMILY_LATIN):
        for shift in (-1, 0, 1):
            year = _year(records, shift).astype(np.int64)
            yield _Keys(_hashed(_heard(records, part), year), district)


def _birth_dates(records: People) -> Iterator[_Keys]:
    dates = records.dates
    number = dates.year.astype(np.int64) * 512 + dates.month * 32 + dates.day
    exact = np.where(dates.precision == DAY, number, 0)
    yield _Keys(_hashed(exact, (exact > 0).astype(np.int64)), (records.sex + 1).astype(np.uint64))


def _year(records: People, shift: int) -> Hashes:
    year = records.dates.year.astype(np.int64)
    return np.where(year > 0, year + shift, 0).astype(np.uint64)


def _heard(records: People, part: int) -> npt.NDArray[np.int64]:
    """The skeleton of a part of the name, numbered from 1; 0 where missing."""
    words = records.names.parts[:, part]
    skeletons = np.append(records.names.skeleton, np.int32(-1))
    return skeletons[words].astype(np.int64) + 1


def _hashed(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Hashes:
    """Mix two numbers; 0 where either is 0."""
    mixed = (one.astype(np.uint64) * _MIX) ^ (other.astype(np.uint64) + (_MIX >> np.uint64(7)))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    return np.where((one == 0) | (other == 0), np.uint64(0), mixed | np.uint64(1))


def _divided(rule: list[_Keys], largest: int) -> tuple[npt.NDArray[np.int32], Hashes]:
    """List the (record, key) of a rule by key, each once; large blocks divided."""
    size = len(rule[0].first)
    keys = np.concatenate([part.first for part in rule])
    second = np.concatenate([part.second for part in rule])
    owners = np.tile(np.arange(size, dtype=np.int32), len(rule))
    held = keys != 0
    keys, second, owners = keys[held], second[held], owners[held]
    codes = pd.factorize(keys)[0]
    large = np.bincount(codes, minlength=1)[codes] > largest
    keys = np.where(large, (keys ^ (second * _MIX)) | np.uint64(1), keys)
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    again = np.zeros(keys.size, bool)
    again[1:] = (keys[1:] == keys[:-1]) & (owners[1:] == owners[:-1])
    return owners[~again], keys[~again]


def _pairs(
    owners: npt.NDArray[np.int32], keys: Hashes, size: int, largest: int
) -> tuple[npt.NDArray[np.int64], int]:
    """Pair the members of each block: numbers `left * size + right`, and how many were left out."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if keys.size else keys[:0]
    ends = np.append(starts, keys.size)
    lengths = np.diff(ends).astype(np.int64)
    pairs = lengths * (lengths - 1) // 2
    kept = lengths <= largest
    out = np.empty(int(pairs[kept].sum()), np.int64)
    _fill(owners, ends.astype(np.int64), size, largest, out)
    return out, int(pairs[~kept].sum())


@compiled
def _fill(
    owners: npt.NDArray[np.int32],
    ends: npt.NDArray[np.int64],
    size: int,
    largest: int,
    out: npt.NDArray[np.int64],
) -> None:
    made = 0
    for block in range(ends.size - 1):
        if ends[block + 1] - ends[block] > largest:
            continue
        for i in range(ends[block], ends[block + 1]):
            for j in range(i + 1, ends[block + 1]):
                out[made] = owners[i] * size + owners[j]
                made += 1
