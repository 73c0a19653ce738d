"""Compiled comparison of names as arrays of sound-unit codes.

A *value* is what a record says of a name: a Khmer form, a Latin form, or both; each form is a name.

A *span* is one part of a name, or neighbouring parts joined. `reading_at[r]:reading_at[r + 1]` are
the units of reading r, `span_at[s]:span_at[s + 1]` the readings of span s, and `spans[name_at[n]:
name_at[n + 1]]` the spans of name n: a name of k parts has k * (k + 1) / 2 of them, (0,0) (0,1) ...
(0,k-1) (1,1) ... (k-1,k-1) by first and last part, and k - 1 more for the whole name joined with
its parts turned by one, two ...
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.int16]
Floats = NDArray[np.float32]
UnitCosts = tuple[Floats, Floats, Floats]

MAX_PARTS = 4
_FAR = np.float32(1e6)
LONGEST = 255
_SLOTS = MAX_PARTS * (MAX_PARTS + 1) // 2
SWAPPED, MISSING, DIFFERENT, JOINED, HALF, INITIAL = range(6)
POWER = 5.0
LOG_2 = math.log(2.0)


class NameArrays(NamedTuple):
    """Names as arrays: what the kernels read.

    `forms` int32 (values, 2) is the name in each script slot, -1 for none.
    `units` int16 (units,), `reading_at` int32 (readings + 1,), `span_at` int32 (spans + 1,),
    `khmer` uint8 (spans,), `opening` int8 (spans,): the class of sound that a span opens with, from
    1, below 0 for a Latin initial, 0 for a vowel; `parts` uint8 (names,), `name_at` int32
    (names + 1,), `spans` int32 (slots,): the span in each slot of each name. `substitution` float32
    (symbols, symbols) and `gap` float32 (2, symbols) are the costs; `charges` float32 (6,) what
    swapped order, a missing part, a wholly different part and a join cost, the distance that scores
    one half, and what an initial for a part costs.
    """

    forms: NDArray[np.int32]
    units: NDArray[np.int16]
    reading_at: NDArray[np.int32]
    span_at: NDArray[np.int32]
    khmer: NDArray[np.uint8]
    opening: NDArray[np.int8]
    parts: NDArray[np.uint8]
    name_at: NDArray[np.int32]
    spans: NDArray[np.int32]
    substitution: NDArray[np.float32]
    gap: NDArray[np.float32]
    charges: NDArray[np.float32]


@njit(cache=True, nogil=True)
def unit_distance(one: Codes, other: Codes, costs: UnitCosts, ceiling: float, row: Floats) -> float:
    """Return the least cost to turn one reading into the other, or the ceiling if that is less.

    `one` and `other` are codes, int16 (n,) and (m,); `costs` is (substitution, gaps of one's units,
    gaps of the other's), the gaps float32 (symbols,); `row` is room to work in, float32 (> m,).
    """
    substitution, gap_one, gap_other = costs
    n, m = len(one), len(other)
    row[0] = 0.0
    for j in range(m):
        row[j + 1] = row[j] + gap_other[other[j]]
    for i in range(n):
        unit = one[i]
        drop = gap_one[unit]
        change = substitution[unit]
        diagonal = row[0]
        before = diagonal + drop
        row[0] = before
        least = before
        for j in range(m):
            code = other[j]
            above = row[j + 1]
            before = min(diagonal + change[code], above + drop, before + gap_other[code])
            diagonal = above
            row[j + 1] = before
            least = min(least, before)
        if least >= ceiling:
            return ceiling
    return float(min(row[m], ceiling))


@njit(cache=True, nogil=True)
def span_distance(names: NameArrays, one: int, other: int, ceiling: float, row: Floats) -> float:
    """Return the least distance between any readings of two spans, or the ceiling."""
    if one == other:
        return 0.0
    costs = (
        names.substitution,
        names.gap[0 if names.khmer[other] else 1],
        names.gap[0 if names.khmer[one] else 1],
    )
    best = ceiling
    for r in range(names.span_at[one], names.span_at[one + 1]):
        first = names.units[names.reading_at[r] : names.reading_at[r + 1]]
        for s in range(names.span_at[other], names.span_at[other + 1]):
            second = names.units[names.reading_at[s] : names.reading_at[s + 1]]
            best = min(best, unit_distance(first, second, costs, best, row))
    return best


@njit(cache=True, nogil=True)
def _part_distance(names: NameArrays, one: int, other: int, row: Floats) -> float:
    """Return the distance of two single parts; an initial may stand for a part that it begins."""
    different = float(names.charges[DIFFERENT])
    far = span_distance(names, one, other, different, row)
    if names.opening[one] != 0 and names.opening[one] + names.opening[other] == 0:
        far = min(far, float(names.charges[INITIAL]))
    return far


@njit(cache=True, nogil=True)
def _slot(parts: int, first: int, last: int) -> int:
    return first * parts - first * (first - 1) // 2 + last - first


@njit(cache=True, nogil=True)
def _compare(names: NameArrays, pair: tuple[int, int], table: Floats, joined: float) -> None:
    """Fill the distances of single parts (`joined` < 0), or of joins worth at most `joined`."""
    a, b = pair
    k, m = int(names.parts[a]), int(names.parts[b])
    row = np.empty(LONGEST + 1, np.float32)
    for i in range(k):
        for p in range(i, k):
            for j in range(m):
                for q in range(j, m):
                    extra = p - i + q - j
                    whole = p - i == k - 1 and q - j == m - 1
                    if (extra > 0) == (joined < 0.0) or (p > i and q > j and not whole):
                        continue
                    one = names.spans[names.name_at[a] + _slot(k, i, p)]
                    other = names.spans[names.name_at[b] + _slot(m, j, q)]
                    at = _slot(k, i, p), _slot(m, j, q)
                    if extra == 0:
                        table[at] = _part_distance(names, one, other, row)
                        continue
                    charge = names.charges[JOINED] * max(p - i, q - j)
                    ceiling = joined - charge
                    if k == 2 and m == 2 and extra == 1:  # noqa: PLR2004 - a part is left over
                        ceiling -= names.charges[MISSING]
                    if ceiling > 0.0:
                        table[at] = span_distance(names, one, other, ceiling, row) + charge


@njit(cache=True, nogil=True)
def _aligned(table: Floats, shape: tuple[int, int], turn: int, missing: float) -> float:
    """Return the least cost to align parts in order, the second name's parts turned by `turn`."""
    k, m = shape
    best = np.full((MAX_PARTS + 1, MAX_PARTS + 1), _FAR, np.float32)
    best[0, 0] = 0.0
    for i in range(k + 1):
        for j in range(m + 1):
            if i > 0:
                best[i, j] = min(best[i, j], best[i - 1, j] + missing)
            if j > 0:
                best[i, j] = min(best[i, j], best[i, j - 1] + missing)
            for p in range(i):
                for q in range(j):
                    first, last = (q + turn) % m, (j - 1 + turn) % m
                    if first > last:
                        continue
                    far = table[_slot(k, p, i - 1), _slot(m, first, last)]
                    best[i, j] = min(best[i, j], best[p, q] + far)
    return float(best[k, m])


@njit(cache=True, nogil=True)
def _best_alignment(names: NameArrays, table: Floats, shape: tuple[int, int]) -> float:
    missing = names.charges[MISSING]
    best = _aligned(table, shape, 0, missing)
    for turn in range(1, shape[1]):
        best = min(best, names.charges[SWAPPED] + _aligned(table, shape, turn, missing))
    return best


@njit(cache=True, nogil=True)
def name_distance(names: NameArrays, a: int, b: int) -> float:
    """Return how far two names are apart, in natural logarithms; 0 for the same text.

    Parts are matched in order, or turned (the family name last) at a charge; neighbours may join.
    """
    shape = (int(names.parts[a]), int(names.parts[b]))
    table = np.full((_SLOTS, _SLOTS), _FAR, np.float32)
    _compare(names, (a, b), table, -1.0)
    best = _best_alignment(names, table, shape)
    if shape == (1, 1) or best <= names.charges[JOINED]:
        return best
    _compare(names, (a, b), table, best)
    best = min(best, _best_alignment(names, table, shape))
    if shape[0] == 1 and shape[1] > 1:
        best = _turned(names, a, b, best)
    elif shape[1] == 1 and shape[0] > 1:
        best = _turned(names, b, a, best)
    return best


@njit(cache=True, nogil=True)
def _turned(names: NameArrays, whole: int, parted: int, best: float) -> float:
    """Return the least distance of a name in one part from the parts of another, turned, joined."""
    row = np.empty(LONGEST + 1, np.float32)
    k = int(names.parts[parted])
    charge = float(names.charges[SWAPPED] + names.charges[JOINED] * (k - 1))
    for turn in range(1, k):
        one = names.spans[names.name_at[whole]]
        other = names.spans[names.name_at[parted] + k * (k + 1) // 2 + turn - 1]
        if best > charge:
            best = min(best, charge + span_distance(names, one, other, best - charge, row))
    return best


@njit(cache=True, nogil=True)
def name_similarity(names: NameArrays, a: int, b: int) -> float:
    """Return the similarity of two values of the arrays, float32 from 0 to 1; -1 if unknown.

    Forms in the same script are compared when both values have one, for they are the more exact;
    across the scripts only when no script is shared. The best comparison counts.
    """
    best = -1.0
    for slot in range(2):
        best = max(best, _form_similarity(names, names.forms[a, slot], names.forms[b, slot]))
    if best < 0.0:
        for slot in range(2):
            other = names.forms[b, 1 - slot]
            best = max(best, _form_similarity(names, names.forms[a, slot], other))
    return best


@njit(cache=True, nogil=True)
def _form_similarity(names: NameArrays, one: int, other: int) -> float:
    if one < 0 or other < 0 or names.parts[one] == 0 or names.parts[other] == 0:
        return -1.0
    if one == other:
        return 1.0
    return score(name_distance(names, one, other), names.charges[HALF])


@njit(cache=True, nogil=True)
def score(distance: float, half: float) -> float:
    """Return the score of a distance: 1 at 0, one half at `half`."""
    return math.exp(-LOG_2 * (distance / half) ** POWER)


@njit(cache=True, nogil=True)
def name_similarities(
    names: NameArrays, left: NDArray[np.int64], right: NDArray[np.int64]
) -> Floats:
    """Return the similarity of each pair of values, float32 (pairs,); -1 where unknown."""
    found = np.empty(len(left), np.float32)
    for pair in range(len(left)):
        found[pair] = name_similarity(names, left[pair], right[pair])
    return found
