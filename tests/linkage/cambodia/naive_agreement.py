"""Slow twins of the kernels that compare two records: the same rules in plain Python."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from linkage.agreement_codes import LEVELS, MISSING
from linkage.cambodia.name_agreement import (
    ACROSS,
    BOTH_KHMER,
    BOTH_LATIN,
    BOUNDS,
    CLOSE,
    CUT_AND_SWAPPED,
    CUT_ELSEWHERE,
    PART_OF,
    STRAIGHT,
    SWAPPED,
)
from linkage.cambodia.name_parts import CONSONANTS, COUNT_BITS, Names

HALF, FARTHEST, GOOD, UNKNOWN = 3.9, 5.0, 2.3, 99.0
SWAP, WORTH_RECUTTING, RECUT_GAIN = 0.23, 1.15, 0.77
PART_LIMIT, LEAST_PART, LATIN_CHARGE = 1.54, 2, 0.15

Word = tuple[tuple[int, ...], bool]
"""The units of a word, and whether it is in Khmer script."""
Met = tuple[float, float, int]
Pair = tuple[int, int]


def edit_distance(names: Names, one: Word, other: Word) -> float:
    """The least cost to turn one word into the other: the whole table, cell by cell."""
    (a, a_khmer), (b, b_khmer) = one, other
    gap_a, gap_b = names.gap[0 if b_khmer else 1], names.gap[0 if a_khmer else 1]
    cost = np.zeros((len(a) + 1, len(b) + 1), np.float32)
    for j, right in enumerate(b):
        cost[0, j + 1] = cost[0, j] + gap_b[right]
    for i, left in enumerate(a):
        cost[i + 1, 0] = cost[i, 0] + gap_a[left]
        for j, right in enumerate(b):
            cost[i + 1, j + 1] = min(
                cost[i, j] + names.substitution[left, right],
                cost[i, j + 1] + gap_a[left],
                cost[i + 1, j] + gap_b[right],
            )
    return float(cost[-1, -1])


class NaiveNames:
    """Names, compared by the rules."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def word(self, number: int) -> Word:
        start, end = self.names.starts[number], self.names.starts[number + 1]
        return tuple(self.names.units[start:end].tolist()), bool(self.names.khmer[number])

    def joined(self, pair: Pair) -> Word:
        known = [self.word(number) for number in pair if number >= 0]
        return sum((units for units, _ in known), ()), known[0][1]

    def apart(self, one: Word, other: Word, most: float) -> float:
        if not one[0] or not other[0]:
            return UNKNOWN
        length = 0.5 * (len(one[0]) + len(other[0])) + 0.5
        return min(edit_distance(self.names, one, other), most * length) / length + 1e-3

    def words(self, one: int, other: int) -> float:
        return 0.0 if one == other else self.apart(self.word(one), self.word(other), FARTHEST)

    def is_part(self, one: int, other: int) -> bool:
        short, long = sorted((self.word(one), self.word(other)), key=lambda word: len(word[0]))
        size, room = len(short[0]), len(long[0])
        if size < LEAST_PART or room < size + LEAST_PART:
            return False
        cuts = range(max(size - 1, 1), min(size + 2, room))
        parts = [part for cut in cuts for part in (long[0][:cut], long[0][room - cut :])]
        return any(self.apart(short, (part, long[1]), PART_LIMIT) < PART_LIMIT for part in parts)

    def are_cut_alike(self, one: Pair, other: Pair) -> bool:
        def counts(pair: Pair) -> list[int]:
            packed = [int(self.names.consonants[number]) for number in pair]
            mask = (1 << COUNT_BITS) - 1
            return [
                sum((each >> (at * COUNT_BITS)) & mask for each in packed)
                for at in range(len(CONSONANTS))
            ]

        unlike = zip(counts(one), counts(other), strict=True)
        return sum(abs(mine - theirs) for mine, theirs in unlike) <= 1

    def meeting(self, one: Pair, other: Pair) -> Met:
        if one[0] < 0 or other[0] < 0:
            far = self.apart(self.joined(one), self.joined(other), FARTHEST)
            return far, far, CUT_ELSEWHERE
        sizes = [len(self.word(number)[0]) for number in one]

        def total(family: float, given: float) -> float:
            return (family * sizes[0] + given * sizes[1]) / sum(sizes)

        straight = (self.words(one[0], other[0]), self.words(one[1], other[1]), STRAIGHT)
        swapped = (self.words(one[0], other[1]), self.words(one[1], other[0]), SWAPPED)
        least, best = total(*straight[:2]), straight
        if least <= SWAP:
            return straight
        turned = total(*swapped[:2]) + SWAP
        if turned < min(least, GOOD):
            least, best = turned, swapped
        if least <= WORTH_RECUTTING:
            return best
        return self.cut(one, other, least) or self.by_half(one, other, straight, swapped) or best

    def cut(self, one: Pair, other: Pair, total: float) -> Met | None:
        if not self.are_cut_alike(one, other):
            return None
        limit = min(total - RECUT_GAIN, GOOD)
        ways = ((other, CUT_ELSEWHERE), ((other[1], other[0]), CUT_AND_SWAPPED))
        for theirs, order in ways:
            far = self.apart(self.joined(one), self.joined(theirs), limit)
            if far < limit:
                return far, far, order
        return None

    def by_half(self, one: Pair, other: Pair, straight: Met, swapped: Met) -> Met | None:
        if straight[0] < GOOD < straight[1] and self.is_part(one[1], other[1]):
            return straight[0], HALF, STRAIGHT
        if swapped[0] < GOOD < swapped[1] and self.is_part(one[1], other[0]):
            return swapped[0], HALF, SWAPPED
        if swapped[1] < GOOD < swapped[0] and self.is_part(one[0], other[1]):
            return HALF, swapped[1], SWAPPED
        return None

    def codes(self, left: Sequence[int], right: Sequence[int]) -> tuple[int, int, int]:
        """The codes of family name, given name and order; four words a record, -1 missing."""
        (khmer, latin), (khmer_too, latin_too) = (
            [(words[0], words[1]), (words[2], words[3])] for words in (left, right)
        )
        ways = [
            (self.meeting(mine, theirs), script, charge)
            for mine, theirs, script, charge in (
                (khmer, khmer_too, BOTH_KHMER, 0.0), (latin, latin_too, BOTH_LATIN, LATIN_CHARGE),
            )
            if mine[1] >= 0 and theirs[1] >= 0
        ]  # fmt: skip
        ways = (
            ways
            or [
                (self.meeting(mine, theirs), ACROSS, 0.0)
                for mine, theirs in ((khmer, latin_too), (latin, khmer_too))
                if mine[1] >= 0 and theirs[1] >= 0
            ][:1]
        )
        if not ways:
            return MISSING, MISSING, MISSING
        totals = [met[0] + 1.5 * met[1] + charge for met, _, charge in ways]
        (family, given, order), script, _ = ways[totals.index(min(totals))]
        first, second = level(family), level(given)
        close = all(one <= CLOSE or one == PART_OF for one in (first, second))
        return script * LEVELS + first, script * LEVELS + second, order if close else MISSING


def level(distance: float) -> int:
    """The level of a distance."""
    return PART_OF if distance == HALF else int((distance > BOUNDS).sum())


def supported(
    household: Sequence[int],
    pairs: Sequence[Pair],
    match: Sequence[float],
    weight: Sequence[float],
    levels: Sequence[float],
) -> list[int]:
    """The support of each pair by the surest other pair of the same two households."""
    size = {home: list(household).count(home) for home in household}
    matching = {frozenset(pair) for pair, bits in zip(pairs, weight, strict=True) if bits > 0}

    def home(pair: Pair) -> frozenset[int]:
        return frozenset(household[record] for record in pair)

    def are_others(pair: Pair, rival: Pair) -> bool:
        return not any(
            one == other or frozenset((one, other)) in matching
            for one, other in product(pair, rival)
        )

    found = []
    for pair, own in zip(pairs, match, strict=True):
        homes = home(pair)
        if len(homes) == 1 or min(homes) < 0 or min(size[each] for each in homes) == 1:
            found.append(MISSING)
            continue
        rivals = pairs if own > 1e-3 else []
        sure = max(
            (chance for rival, chance in zip(rivals, match, strict=False)
             if chance > 1e-3 and home(rival) == homes and are_others(pair, rival)),
            default=0.0,
        )  # fmt: skip
        found.append(sum(sure < each for each in levels))
    return found
