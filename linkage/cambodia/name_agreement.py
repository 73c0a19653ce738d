"""How far the names of two records agree, part by part.

Parts are compared by sound in whichever script both have, else across scripts. The order may be
swapped, the parts joined or cut elsewhere, and half a given name may stand for the whole: what was
done to make the names meet is a comparison of its own, for strangers' names meet that way too.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.cambodia.name_parts import Names
from linkage.compiled import compiled
from linkage.name_kernels import LONGEST, unit_distance

BOUNDS: Final = np.array([1e-6, 0.08, 0.69, 1.31, 2.0, 3.08, 4.6])
SAME_TEXT: Final = 0
ALIKE: Final = 4
CLOSE: Final = 5
PART_OF: Final = 8
BOTH_KHMER, BOTH_LATIN, ACROSS = range(3)
STRAIGHT, SWAPPED, CUT_ELSEWHERE, CUT_AND_SWAPPED = range(4)
_UNKNOWN: Final = 99.0
_UNEQUAL: Final = 1e-3
_SMOOTH: Final = 0.5
_LATIN_CHARGE: Final = 0.15
_SWAP: Final = 0.23
_HALF: Final = 3.9
_FARTHEST: Final = 5.0
_GOOD: Final = 2.3
_WORTH_RECUTTING: Final = 1.15
_RECUT_GAIN: Final = 0.77
_PART_LIMIT: Final = 1.54
_LEAST_PART: Final = 2


class NameCodes(NamedTuple):
    """The agreement of names: codes int16[pairs] of the family name, the given name, the order."""

    family: Codes
    given: Codes
    order: Codes


class _Work(NamedTuple):
    """What the kernels read, and float32[LONGEST + 1] of room to work in."""

    names: Names
    row: npt.NDArray[np.float32]


class _Word(NamedTuple):
    """The sound units of a word int16[units], and whether it is in Khmer script."""

    units: npt.NDArray[np.int16]
    khmer: np.uint8


class _Met(NamedTuple):
    """How two names meet: the distances of the parts, and what was done."""

    family: float
    given: float
    order: int


def name_agreement(
    names: Names, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> NameCodes:
    """Code the agreement of pairs of records."""
    out = np.empty((3, left.size), np.int16)
    _agreement(names, left, right, BOUNDS, out)
    return NameCodes(out[0], out[1], out[2])


@compiled
def _agreement(
    names: Names,
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.float64],
    out: npt.NDArray[np.int16],
) -> None:
    work = _Work(names, np.empty(LONGEST + 1, np.float32))
    for k in range(left.size):
        met, script = _met(work, names.parts[left[k]], names.parts[right[k]])
        if met.order < 0:
            out[0, k] = out[1, k] = out[2, k] = MISSING
            continue
        family, given = _level(met.family, bounds), _level(met.given, bounds)
        out[0, k] = script * LEVELS + family
        out[1, k] = script * LEVELS + given
        agree = (family <= CLOSE or family == PART_OF) and (given <= CLOSE or given == PART_OF)
        out[2, k] = met.order if agree else MISSING


@compiled
def _level(distance: float, bounds: npt.NDArray[np.float64]) -> int:
    if distance == _HALF:
        return PART_OF
    level = 0
    while level < bounds.size and distance > bounds[level]:
        level += 1
    return level


@compiled
def _met(work: _Work, a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> tuple[_Met, int]:
    """The nearest meeting of two names: in one script where both have it, else across."""
    khmer_a, khmer_b, latin_a, latin_b = a[1] >= 0, b[1] >= 0, a[3] >= 0, b[3] >= 0
    best, script, least = _Met(0.0, 0.0, -1), -1, _UNKNOWN
    if khmer_a and khmer_b:
        best, script = _meeting(work, (a[0], a[1]), (b[0], b[1])), BOTH_KHMER
        least = _total(best)
    if latin_a and latin_b and least > 0.0:
        other = _meeting(work, (a[2], a[3]), (b[2], b[3]))
        if _total(other) + _LATIN_CHARGE < least:
            best, script = other, BOTH_LATIN
    if script < 0 and khmer_a and latin_b:
        best, script = _meeting(work, (a[0], a[1]), (b[2], b[3])), ACROSS
    if script < 0 and latin_a and khmer_b:
        best, script = _meeting(work, (a[2], a[3]), (b[0], b[1])), ACROSS
    return best, script


@compiled
def _total(met: _Met) -> float:
    return met.family + 1.5 * met.given


@compiled
def _meeting(work: _Work, one: tuple[int, int], other: tuple[int, int]) -> _Met:
    if one[0] < 0 or other[0] < 0:
        far = _apart(work, _joined(work, one), _joined(work, other), _FARTHEST)
        return _Met(far, far, CUT_ELSEWHERE)
    straight = _Met(_words(work, one[0], other[0]), _words(work, one[1], other[1]), STRAIGHT)
    first, second = _size(work, one[0]), _size(work, one[1])
    total = (straight.family * first + straight.given * second) / (first + second)
    if total <= _SWAP:
        return straight
    best = straight
    swapped = _Met(_words(work, one[0], other[1]), _words(work, one[1], other[0]), SWAPPED)
    turned = (swapped.family * first + swapped.given * second) / (first + second) + _SWAP
    if turned < total and turned < _GOOD:
        best, total = swapped, turned
    if total > _WORTH_RECUTTING:
        return _recut(work, (one, other), (straight, swapped, best), total)
    return best


@compiled
def _recut(
    work: _Work,
    words: tuple[tuple[int, int], tuple[int, int]],
    tried: tuple[_Met, _Met, _Met],
    total: float,
) -> _Met:
    """Names that do not meet part by part: as a whole, or by half a given name."""
    one, other = words
    straight, swapped, best = tried
    limit = min(total - _RECUT_GAIN, _GOOD)
    whole = _joined(work, one)
    far = _apart(work, whole, _joined(work, other), limit)
    if far < limit:
        return _Met(far, far, CUT_ELSEWHERE)
    far = _apart(work, whole, _joined(work, (other[1], other[0])), limit)
    if far < limit:
        return _Met(far, far, CUT_AND_SWAPPED)
    if straight.family < _GOOD < straight.given and _part(work, one[1], other[1]):
        return _Met(straight.family, _HALF, STRAIGHT)
    if swapped.family < _GOOD < swapped.given and _part(work, one[1], other[0]):
        return _Met(swapped.family, _HALF, SWAPPED)
    if swapped.given < _GOOD < swapped.family and _part(work, one[0], other[1]):
        return _Met(_HALF, swapped.given, SWAPPED)
    return best


@compiled
def _size(work: _Work, word: int) -> int:
    return int(work.names.starts[word + 1] - work.names.starts[word])


@compiled
def _of(work: _Work, word: int) -> _Word:
    names = work.names
    return _Word(names.units[names.starts[word] : names.starts[word + 1]], names.khmer[word])


@compiled
def _joined(work: _Work, words: tuple[int, int]) -> _Word:
    first, second = words
    if first < 0:
        return _of(work, second)
    if second < 0:
        return _of(work, first)
    units = np.concatenate((_of(work, first).units, _of(work, second).units))
    return _Word(units, work.names.khmer[first])


@compiled
def _words(work: _Work, one: int, other: int) -> float:
    if one == other:
        return 0.0
    return _apart(work, _of(work, one), _of(work, other), _FARTHEST)


@compiled
def _apart(work: _Work, one: _Word, other: _Word, most: float) -> float:
    """The cost of a unit on average to make one from the other; no less than `most` beyond it."""
    if one.units.size == 0 or other.units.size == 0:
        return _UNKNOWN
    gap = work.names.gap
    costs = (work.names.substitution, gap[1 - other.khmer], gap[1 - one.khmer])
    length = 0.5 * (one.units.size + other.units.size) + _SMOOTH
    far = unit_distance(one.units, other.units, costs, most * length, work.row)
    return far / length + _UNEQUAL


@compiled
def _part(work: _Work, one: int, other: int) -> bool:
    """Whether the shorter word begins or ends the longer."""
    short, long = _of(work, one), _of(work, other)
    if short.units.size > long.units.size:
        short, long = long, short
    size = short.units.size
    if size < _LEAST_PART or long.units.size < size + _LEAST_PART:
        return False
    for cut in range(max(size - 1, 1), min(size + 2, long.units.size)):
        beginning = _Word(long.units[:cut], long.khmer)
        ending = _Word(long.units[long.units.size - cut :], long.khmer)
        if _apart(work, short, ending, _PART_LIMIT) < _PART_LIMIT:
            return True
        if _apart(work, short, beginning, _PART_LIMIT) < _PART_LIMIT:
            return True
    return False
