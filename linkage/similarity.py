"""String similarity on arrays of code points.

Every kernel reads two stretches `[a0, a1)` and `[b0, b1)` of one array of code points
(uint32[:]), so that the distinct values of a column lie end to end and no string is ever built.
Strings of up to 64 code points run in machine words, longer ones in allocated rows.

Distances follow Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
distances" (2003); similarities follow Jaro (1989) and Winkler (1990).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled, inlined

WORD = 64
PREFIX = 4
PREFIX_SCALE = 0.1
BOOST_ABOVE = 0.7
FAR = 1 << 30

CodePoints = npt.NDArray[np.uint32]


class Spans(NamedTuple):
    """Where two strings lie in one array of code points."""

    a0: int
    a1: int
    b0: int
    b1: int


@inlined
def ones(word: np.uint64) -> int:
    """Count the bits that are set."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    count = (word * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return np.int64(count)  # type: ignore[return-value] # int() would stay unsigned here


@inlined
def _matches_in_words(chars: CodePoints, at: Spans) -> tuple[int, int]:
    """Count matched and transposed characters of two strings of up to 64."""
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    reach = max(0, max(la, lb) // 2 - 1)
    one = np.uint64(1)
    used_a = np.uint64(0)
    used_b = np.uint64(0)
    matched = 0
    for i in range(la):
        c = chars[at.a0 + i]
        for j in range(max(0, i - reach), min(lb, i + reach + 1)):
            bit = one << np.uint64(j)
            if chars[at.b0 + j] == c and not used_b & bit:
                used_a |= one << np.uint64(i)
                used_b |= bit
                matched += 1
                break
    moved = 0
    j = 0
    for i in range(la):
        if (used_a >> np.uint64(i)) & one:
            while not (used_b >> np.uint64(j)) & one:
                j += 1
            moved += chars[at.a0 + i] != chars[at.b0 + j]
            j += 1
    return matched, moved


@compiled
def _matches_in_rows(chars: CodePoints, at: Spans) -> tuple[int, int]:
    """Count matched and transposed characters of two strings of any length."""
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    reach = max(0, max(la, lb) // 2 - 1)
    used_a = np.zeros(la, np.bool_)
    used_b = np.zeros(lb, np.bool_)
    matched = 0
    for i in range(la):
        for j in range(max(0, i - reach), min(lb, i + reach + 1)):
            if not used_b[j] and chars[at.a0 + i] == chars[at.b0 + j]:
                used_a[i] = used_b[j] = True
                matched += 1
                break
    moved = 0
    j = 0
    for i in range(la):
        if used_a[i]:
            while not used_b[j]:
                j += 1
            moved += chars[at.a0 + i] != chars[at.b0 + j]
            j += 1
    return matched, moved


@inlined
def jaro(chars: CodePoints, at: Spans) -> float:
    """Jaro similarity, 0 to 1; 0 where either string is empty."""
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    if la == 0 or lb == 0:
        return 0.0
    if la <= WORD and lb <= WORD:
        matched, moved = _matches_in_words(chars, at)
    else:
        matched, moved = _matches_in_rows(chars, at)
    if matched == 0:
        return 0.0
    return (matched / la + matched / lb + (matched - moved // 2) / matched) / 3.0


@inlined
def shared_prefix(chars: CodePoints, at: Spans) -> int:
    """Length of the common beginning, up to the four characters that Winkler counts."""
    longest = min(PREFIX, at.a1 - at.a0, at.b1 - at.b0)
    length = 0
    while length < longest and chars[at.a0 + length] == chars[at.b0 + length]:
        length += 1
    return length


@compiled
def jaro_winkler(chars: CodePoints, at: Spans) -> float:
    """Jaro similarity raised for a common beginning where it is above 0.7 already, 0 to 1."""
    plain = jaro(chars, at)
    if plain <= BOOST_ABOVE:
        return plain
    return plain + shared_prefix(chars, at) * PREFIX_SCALE * (1.0 - plain)


@inlined
def _trim(chars: CodePoints, at: Spans) -> Spans:
    """Leave out the common beginning and end, which no edit touches."""
    a0, a1, b0, b1 = at.a0, at.a1, at.b0, at.b1
    while a0 < a1 and b0 < b1 and chars[a0] == chars[b0]:
        a0 += 1
        b0 += 1
    while a0 < a1 and b0 < b1 and chars[a1 - 1] == chars[b1 - 1]:
        a1 -= 1
        b1 -= 1
    if a1 - a0 > b1 - b0:
        return Spans(b0, b1, a0, a1)
    return Spans(a0, a1, b0, b1)


@inlined
def _distance_in_words(chars: CodePoints, at: Spans, swaps: int) -> int:
    """Edit distance where the first string has 1 to 64 characters, a column per bit."""
    la = at.a1 - at.a0
    one = np.uint64(1)
    top = one << np.uint64(la - 1)
    up = ~np.uint64(0)
    down = np.uint64(0)
    diagonal = np.uint64(0)
    before = np.uint64(0)
    distance = la
    for j in range(at.b0, at.b1):
        equal = np.uint64(0)
        c = chars[j]
        for i in range(la):
            equal |= np.uint64(chars[at.a0 + i] == c) << np.uint64(i)
        swapped = (((~diagonal) & equal) << one) & before if swaps else np.uint64(0)
        diagonal = (((equal & up) + up) ^ up) | equal | down | swapped
        right = down | ~(diagonal | up)
        left = up & diagonal
        distance += (right & top) != np.uint64(0)
        distance -= (left & top) != np.uint64(0)
        right = (right << one) | one
        left <<= one
        up = left | ~(diagonal | right)
        down = right & diagonal
        before = equal
    return distance


@inlined
def _swapped(chars: CodePoints, a: int, b: int) -> bool:
    """Tell whether the two characters that end here are each other's, exchanged."""
    return bool(chars[a] == chars[b - 1] and chars[a - 1] == chars[b])


@compiled
def _distance_in_rows(chars: CodePoints, at: Spans, swaps: int) -> int:
    """Edit distance by the three last rows of the table."""
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    older = np.zeros(lb + 1, np.int64)
    old = np.arange(lb + 1)
    row = np.zeros(lb + 1, np.int64)
    for i in range(1, la + 1):
        c = chars[at.a0 + i - 1]
        row[0] = i
        for j in range(1, lb + 1):
            d = chars[at.b0 + j - 1]
            row[j] = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (c != d))
            if swaps and i > 1 and j > 1 and _swapped(chars, at.a0 + i - 1, at.b0 + j - 1):
                row[j] = min(row[j], older[j - 2] + 1)
        older, old, row = old, row, older
    return int(old[lb])


@compiled
def levenshtein(chars: CodePoints, at: Spans) -> int:
    """Fewest insertions, deletions and substitutions that turn one string into the other."""
    rest = _trim(chars, at)
    if rest.a1 == rest.a0:
        return rest.b1 - rest.b0
    if rest.a1 - rest.a0 <= WORD:
        return _distance_in_words(chars, rest, 0)
    return _distance_in_rows(chars, rest, 0)


@compiled
def damerau(chars: CodePoints, at: Spans) -> int:
    """Levenshtein distance where a swap of neighbours is one edit, no part edited twice.

    This is the optimal string alignment distance: it may exceed the unrestricted one of Damerau,
    and equals it up to distance 1.
    """
    rest = _trim(chars, at)
    if rest.a1 == rest.a0:
        return rest.b1 - rest.b0
    if rest.a1 - rest.a0 <= WORD:
        return _distance_in_words(chars, rest, 1)
    return _distance_in_rows(chars, rest, 1)


@inlined
def _within_one(chars: CodePoints, at: Spans, swaps: int) -> int:
    """The distance where it is 0 or 1, `FAR` otherwise."""
    rest = _trim(chars, at)
    la, lb = rest.a1 - rest.a0, rest.b1 - rest.b0
    if lb <= 1:
        return lb
    if swaps and la == 2 and lb == 2 and _swapped(chars, rest.a0 + 1, rest.b0 + 1):  # noqa: PLR2004
        return 1
    return FAR


@compiled
def _within_two(chars: CodePoints, at: Spans, swaps: int) -> int:
    """The distance where it is at most 2, `FAR` otherwise.

    Beyond a common beginning the first characters differ, so that one edit must be there.
    """
    rest = _trim(chars, at)
    a0, a1, b0, b1 = rest
    if b1 - b0 <= 1 or a0 == a1:
        return b1 - b0
    least = min(
        _within_one(chars, Spans(a0 + 1, a1, b0 + 1, b1), swaps),
        _within_one(chars, Spans(a0, a1, b0 + 1, b1), swaps),
        _within_one(chars, Spans(a0 + 1, a1, b0, b1), swaps),
    )
    if swaps and a1 - a0 > 1 and _swapped(chars, a0 + 1, b0 + 1):
        least = min(least, _within_one(chars, Spans(a0 + 2, a1, b0 + 2, b1), swaps))
    return least + 1


@compiled
def levenshtein_within(chars: CodePoints, at: Spans, most: float) -> int:
    """Levenshtein distance as far as it is at most `most`, a greater number otherwise."""
    return _within_two(chars, at, 0) if most <= 2 else levenshtein(chars, at)  # noqa: PLR2004


@compiled
def damerau_within(chars: CodePoints, at: Spans, most: float) -> int:
    """Optimal string alignment distance up to `most`, a greater number otherwise."""
    return _within_two(chars, at, 1) if most <= 2 else damerau(chars, at)  # noqa: PLR2004
