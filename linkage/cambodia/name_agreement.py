"""How far the names of two records agree, part by part.

Parts are compared by sound in whichever script both have, else across scripts. The order may be
swapped, the parts joined or cut elsewhere, and half a given name may stand for the whole: what was
done to make the names meet is a comparison of its own, for strangers' names meet that way too.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.cambodia.name_parts import CONSONANTS, COUNT_BITS, Names
from linkage.compiled import compiled, inlined, unowned
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
_CLOSE_ENOUGH: Final = 3.08
_WORTH_RECUTTING: Final = 1.15
_RECUT_GAIN: Final = 0.77
_PART_LIMIT: Final = 1.54
_LEAST_PART: Final = 2
_SLOTS: Final = 1 << 20
_WORDS_OF_A_PAIR: Final = 8
_MIX: Final = 0x9E3779B97F4A7C1
_MOST_WORDS: Final = 1 << 25
_PART_MARK: Final = 1 << 51
_COUNT: Final = (1 << COUNT_BITS) - 1


Row = npt.NDArray[np.int32]
Bits = npt.NDArray[np.float32]


class NameCodes(NamedTuple):
    """The agreement of names: codes int16[pairs] of the family name, the given name, the order."""

    family: Codes
    given: Codes
    order: Codes


class Work(NamedTuple):
    """What the kernels read, and what one thread works with.

    `row` float32[LONGEST + 1] is room; `memory` float64[slots, 2] holds pairs of words that were
    met, and how far they are apart: a later pair takes the slot of an earlier one. The slots are a
    power of two.
    """

    names: Names
    row: npt.NDArray[np.float32]
    memory: npt.NDArray[np.float64]

    @classmethod
    def on(cls, names: Names, *, pairs: int = _SLOTS) -> "Work":
        """Make room for work on some names; where pairs are few, making it is most of the work."""
        slots = min(_SLOTS, 1 << (_WORDS_OF_A_PAIR * pairs).bit_length())
        return cls(names, np.empty(LONGEST + 1, np.float32), np.full((slots, 2), -1.0))


@inlined
def at_hand(work: Work) -> Work:
    """The same, for the body of a compiled function: see `unowned`."""
    names = work.names
    return Work(
        Names(
            unowned(names.parts),
            unowned(names.units),
            unowned(names.starts),
            unowned(names.khmer),
            unowned(names.written),
            unowned(names.heard),
            unowned(names.consonants),
            unowned(names.substitution),
            unowned(names.gap),
        ),
        unowned(work.row),
        unowned(work.memory),
    )


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
    names: Names,
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    work: Work | None = None,
) -> NameCodes:
    """Code the agreement of pairs of records; `work` is a thread's own, used again and again."""
    out = np.empty((3, left.size), np.int16)
    _agreement(work or Work.on(names, pairs=left.size), left, right, BOUNDS, out)
    return NameCodes(out[0], out[1], out[2])


def scripts_met(one: int, other: int) -> list[int]:
    """The scripts in which two names may meet, of which each is known in Khmer (1), Latin (2)."""
    met = [kind for kind, script in ((BOTH_KHMER, 1), (BOTH_LATIN, 2)) if one & other & script]
    return met or [ACROSS]


@compiled
def _agreement(
    work: Work,
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.float64],
    out: npt.NDArray[np.int16],
) -> None:
    hand = at_hand(work)
    parts = hand.names.parts
    for k in range(left.size):
        met, script = _met(hand, parts[left[k]], parts[right[k]])
        if met.order < 0:
            out[0, k] = out[1, k] = out[2, k] = MISSING
            continue
        family, given = _level(met.family, bounds), _level(met.given, bounds)
        out[0, k] = script * LEVELS + family
        out[1, k] = script * LEVELS + given
        out[2, k] = met.order if _agree(family, given) else MISSING


@compiled
def _agree(family: int, given: int) -> bool:
    return (family <= CLOSE or family == PART_OF) and (given <= CLOSE or given == PART_OF)


@inlined
def words_reach(work: Work, a: Row, b: Row, says: tuple[Bits, Bits], least: float) -> bool:
    """Whether two names may say so much word by word, not cut anew.

    `says`: the bits of `Reach`, and by script the most that a family name and the order can say.
    """
    bits, most = says
    for way in range(8):
        one, other, order = way & 2, (way & 4) >> 1, way & 1
        script = _script(a, b, one, other)
        if script < 0 or a[one] < 0 or b[other] < 0:
            continue
        at, met = script * LEVELS, np.float32(0.0)
        given = _words(work, a[one + 1], b[other + 1 - order])
        second = _level(given, BOUNDS)
        likely = bits[1, at + second]
        if given > _GOOD:
            likely = max(likely, bits[1, at + PART_OF])
        if likely + most[script] < least:
            continue
        family = _words(work, a[one], b[other + order])
        first = _level(family, BOUNDS)
        if max(family, given) <= _CLOSE_ENOUGH or min(family, given) < _GOOD:
            met = max(met, bits[2, order])
        if bits[0, at + first] + bits[1, at + second] + met >= least:
            return True
        half, part = bits[0, at + first] + bits[1, at + PART_OF], (a[one + 1], b[other + 1 - order])
        if family > given:
            half, part = bits[0, at + PART_OF] + bits[1, at + second], (a[one], b[other + order])
        unlike = min(family, given) < _GOOD < max(family, given)
        if unlike and half + met >= least and _part(work, part[0], part[1]):
            return True
    return False


@inlined
def _script(a: Row, b: Row, one: int, other: int) -> int:
    """In which script two names meet that begin at these places; -1 if they do not."""
    script = -1
    if a[one + 1] >= 0 and b[other + 1] >= 0:
        if one == other:
            script = BOTH_KHMER if one == 0 else BOTH_LATIN
        elif not ((a[1] >= 0 and b[1] >= 0) or (a[3] >= 0 and b[3] >= 0)):
            script = ACROSS
    return script


@inlined
def may_be_cut_anew(work: Work, a: Row, b: Row) -> bool:
    """Whether two names could still meet when cut elsewhere, in any script."""
    for one in (0, 2):
        for other in (0, 2):
            if a[one + 1] < 0 or b[other + 1] < 0:
                continue
            if a[one] < 0 or b[other] < 0:
                return True
            if _cut_alike(work, (a[one], a[one + 1]), (b[other], b[other + 1])):
                return True
    return False


@inlined
def _level(distance: float, bounds: npt.NDArray[np.float64]) -> int:
    if distance == _HALF:
        return PART_OF
    level = 0
    while level < bounds.size and distance > bounds[level]:
        level += 1
    return level


@compiled
def _met(work: Work, a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> tuple[_Met, int]:
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
def _meeting(work: Work, one: tuple[int, int], other: tuple[int, int]) -> _Met:
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
    work: Work,
    words: tuple[tuple[int, int], tuple[int, int]],
    tried: tuple[_Met, _Met, _Met],
    total: float,
) -> _Met:
    """Names that do not meet part by part: as a whole, or by half a given name."""
    one, other = words
    straight, swapped, best = tried
    if _cut_alike(work, one, other):
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


@inlined
def _cut_alike(work: Work, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two names have the same consonants but for one, so that both may be one name."""
    consonants = work.names.consonants
    mine = consonants[one[0]] + consonants[one[1]]
    theirs = consonants[other[0]] + consonants[other[1]]
    unlike = 0
    for _ in range(len(CONSONANTS)):
        unlike += abs((mine & _COUNT) - (theirs & _COUNT))
        mine >>= COUNT_BITS
        theirs >>= COUNT_BITS
    return unlike <= 1


@compiled
def _size(work: Work, word: int) -> int:
    return int(work.names.starts[word + 1] - work.names.starts[word])


@compiled
def _of(work: Work, word: int) -> _Word:
    names = work.names
    return _Word(names.units[names.starts[word] : names.starts[word + 1]], names.khmer[word])


@compiled
def _joined(work: Work, words: tuple[int, int]) -> _Word:
    first, second = words
    if first < 0:
        return _of(work, second)
    if second < 0:
        return _of(work, first)
    units = np.concatenate((_of(work, first).units, _of(work, second).units))
    return _Word(units, work.names.khmer[first])


@inlined
def _words(work: Work, one: int, other: int) -> float:
    """How far two words are apart."""
    far = 0.0
    if one != other:
        pair = np.int64(one) * _MOST_WORDS + np.int64(other)
        slot = ((pair * _MIX) >> 38) & (work.memory.shape[0] - 1)
        if work.memory[slot, 0] != pair:
            work.memory[slot, 1] = _apart(work, _of(work, one), _of(work, other), _FARTHEST)
            work.memory[slot, 0] = pair
        far = work.memory[slot, 1]
    return float(far)


@compiled
def _apart(work: Work, one: _Word, other: _Word, most: float) -> float:
    """The cost of a unit on average to make one from the other; no less than `most` beyond it."""
    if one.units.size == 0 or other.units.size == 0:
        return _UNKNOWN
    gap = work.names.gap
    costs = (work.names.substitution, gap[1 - other.khmer], gap[1 - one.khmer])
    length = 0.5 * (one.units.size + other.units.size) + _SMOOTH
    far = unit_distance(one.units, other.units, costs, most * length, work.row)
    return far / length + _UNEQUAL


@compiled
def _part(work: Work, one: int, other: int) -> bool:
    """Whether the shorter word begins or ends the longer."""
    pair = _PART_MARK + np.int64(one) * _MOST_WORDS + np.int64(other)
    slot = ((pair * _MIX) >> 38) & (work.memory.shape[0] - 1)
    if work.memory[slot, 0] != pair:
        work.memory[slot, 1] = _is_part(work, one, other)
        work.memory[slot, 0] = pair
    return bool(work.memory[slot, 1] > 0)


@compiled
def _is_part(work: Work, one: int, other: int) -> bool:
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
