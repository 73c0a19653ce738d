"""The keys by which records find each other: what they are made of, rule by rule.

A record may have several keys under one rule, one for each script of its name and each birth year
near its own. A key is a number made of nothing but what the record says, so that it can be stored.
Each key has narrower ones, that say more and more.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.cambodia.name_parts import FAMILY_KHMER, FAMILY_LATIN, GIVEN_KHMER, GIVEN_LATIN
from linkage.cambodia.told import Told
from linkage.dates import AT_LOW, DAY

VERSION: Final = 5
"""Grows whenever the same record would get other keys: stored ones are then made anew."""

RULES: Final = ("number", "name", "name in commune", "name and year", "birth date")
_PROVINCE, _DISTRICT, _COMMUNE, _VILLAGE = range(4)
_PARTS: Final = (GIVEN_KHMER, GIVEN_LATIN, FAMILY_KHMER, FAMILY_LATIN)
_YEARS_OF_DECADE: Final = 10
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_AGAIN: Final = np.uint64(0xBF58476D1CE4E5B9)
_NARROW: Final = np.uint64(0x94D049BB133111EB)

Hashes = npt.NDArray[np.uint64]
Owners = npt.NDArray[np.int32]


class Keys(NamedTuple):
    """The keys of a rule, in order of the widest and of records, each once.

    `owners` int32[keys] are records; `levels` uint64[keys] each, the widest first, their keys. Two
    that agree on one level agree on all wider ones.
    """

    owners: Owners
    levels: tuple[Hashes, ...]


class _Rule(NamedTuple):
    """How a rule makes its keys.

    `widest` uint64[records] each: the keys of one kind, 0 where there is none. `further`
    uint64[records] narrow them by turns.
    """

    widest: Callable[[Told], Iterator[Hashes]]
    further: Callable[[Told], tuple[Hashes, ...]]
    kinds: int


def rules(records: Told) -> Iterator[Keys]:
    """The keys of the records, rule by rule."""
    for number, rule in enumerate(_MADE, start=1):
        yield _keys(records, rule, number)


def _keys(records: Told, rule: _Rule, number: int) -> Keys:
    """Each record's keys stand side by side before they are sorted, so its own stay together."""
    table = np.empty((len(records), rule.kinds), np.uint64)
    for column, some in enumerate(rule.widest(records)):
        table[:, column] = some
    place = np.flatnonzero(table)
    owners = (place // rule.kinds).astype(np.int32)
    widest = _mixed(table.ravel()[place], np.full(place.size, number, np.uint64))
    del table, place
    order = np.argsort(widest, kind="stable")
    owners, widest = owners[order], widest[order]
    again = np.zeros(widest.size, np.bool_)
    again[1:] = (widest[1:] == widest[:-1]) & (owners[1:] == owners[:-1])
    owners, levels = owners[~again], [widest[~again]]
    for depth, more in enumerate(rule.further(records), start=1):
        narrower = more[owners] + np.uint64(depth * int(_NARROW) % 2**64)
        levels.append(_mixed(levels[-1], narrower))
    return Keys(owners, tuple(levels))


def _numbers(records: Told) -> Iterator[Hashes]:
    for kind, number in enumerate(records.written().T, start=1):
        yield _known(number, np.full(len(records), kind))


def _names(records: Told) -> Iterator[Hashes]:
    for family in (FAMILY_KHMER, FAMILY_LATIN):
        for given in (GIVEN_KHMER, GIVEN_LATIN):
            one, other = _heard(records, family), _heard(records, given)
            yield _known(np.minimum(one, other), np.maximum(one, other))


def _names_by_place(records: Told) -> Iterator[Hashes]:
    for part in _PARTS:
        yield _known(_heard(records, part), _place(records, _COMMUNE))


def _names_by_year(records: Told) -> Iterator[Hashes]:
    """Who states a day has the year of it; who states less has the years beside it too."""
    year, inexact = _year(records), records.dates.precision != DAY
    several = np.where((year > 0) & inexact, year, np.uint64(1))
    for part in _PARTS:
        heard = _heard(records, part)
        yield _known(heard, year)
        yield _known(heard, several - np.uint64(1))
        yield _known(heard, np.where(several > 1, several + np.uint64(1), np.uint64(0)))


def _birth_dates(records: Told) -> Iterator[Hashes]:
    dates = records.dates
    exact = np.where(dates.precision == DAY, dates.rows[:, AT_LOW], 0).astype(np.int64)
    yield _known(exact, (exact > 0).astype(np.int64))


def _further(*columns: Callable[[Told], Hashes]) -> Callable[[Told], tuple[Hashes, ...]]:
    return lambda records: tuple(column(records) for column in columns)


def _year(records: Told) -> Hashes:
    return records.dates.year.astype(np.uint64)


def _decade(records: Told) -> Hashes:
    return _year(records) // np.uint64(_YEARS_OF_DECADE)


def _sex(records: Told) -> Hashes:
    return (records.sex + 1).astype(np.uint64)


def _place(records: Told, depth: int) -> Hashes:
    return records.places.prefixes[:, depth].astype(np.uint64)


def _province(records: Told) -> Hashes:
    return _place(records, _PROVINCE)


def _district(records: Told) -> Hashes:
    return _place(records, _DISTRICT)


def _commune(records: Told) -> Hashes:
    return _place(records, _COMMUNE)


def _village(records: Told) -> Hashes:
    return _place(records, _VILLAGE)


_MADE: Final = (
    _Rule(_numbers, _further(_year, _sex), 4),
    _Rule(_names, _further(_year, _province, _commune), 4),
    _Rule(_names_by_place, _further(_sex, _village, _decade), 4),
    _Rule(_names_by_year, _further(_sex, _district, _commune), 12),
    _Rule(_birth_dates, _further(_sex, _province, _commune), 1),
)
"""The rules, in the order of `RULES`."""


def _heard(records: Told, part: int) -> Hashes:
    """The consonants by which a part of the name is heard; 0 where missing."""
    words = records.names.parts[:, part]
    return np.append(records.names.heard, np.uint64(0))[words]


def _known(
    one: npt.NDArray[np.integer] | Hashes, other: npt.NDArray[np.integer] | Hashes
) -> Hashes:
    """Mix two numbers; 0 where either is 0."""
    mixed = _mixed(one.astype(np.uint64), other.astype(np.uint64))
    return np.where((one == 0) | (other == 0), np.uint64(0), mixed | np.uint64(1))


def _mixed(one: Hashes, other: Hashes) -> Hashes:
    mixed = (one * _MIX) ^ (other + (_MIX >> np.uint64(7)))
    mixed *= _MIX_AGAIN
    mixed ^= mixed >> np.uint64(29)
    return np.asarray(mixed * _MIX)
