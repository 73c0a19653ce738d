"""The slow, obvious twins of the name kernels: dictionaries, recursion, every split tried."""

import math
from collections.abc import Iterator, Sequence
from itertools import product

from linkage.name_kernels import POWER
from linkage.name_table import CHARGES
from linkage.sound_classes import consonant_class
from linkage.sound_table import SoundTable, unit_code
from linkage.sound_units import unit_readings
from linkage.text import has_khmer

SWAPPED, MISSING, DIFFERENT, JOINED, HALF, INITIAL = CHARGES
Units = Sequence[str]
LETTERS = {*"bcdfghjklmnprstvz", "ch", "chh", "kh", "th", "ph", "nh", "ng", "sh"}


def unit_distance(one: Units, other: Units, table: SoundTable, scripts: tuple[int, int]) -> float:
    """Weighted edit distance by its definition; `scripts` is 0 for Khmer and 1 for Latin."""
    gap_one, gap_other = table.gap[scripts[1]], table.gap[scripts[0]]
    known: dict[tuple[int, int], float] = {}

    def rest(i: int, j: int) -> float:
        if (i, j) in known:
            return known[i, j]
        ways = [0.0] if i == len(one) and j == len(other) else []
        if i < len(one):
            ways.append(gap_one[unit_code(table, one[i])] + rest(i + 1, j))
        if j < len(other):
            ways.append(gap_other[unit_code(table, other[j])] + rest(i, j + 1))
        if i < len(one) and j < len(other):
            pair = unit_code(table, one[i]), unit_code(table, other[j])
            ways.append(table.substitution[pair] + rest(i + 1, j + 1))
        known[i, j] = min(ways)
        return known[i, j]

    return rest(0, 0)


def word_distance(one: str, other: str, table: SoundTable) -> float:
    scripts = tuple(0 if has_khmer(word) or word.isdigit() else 1 for word in (one, other))
    return min(
        unit_distance(first, second, table, (scripts[0], scripts[1]))
        for first, second in product(unit_readings(one), unit_readings(other))
    )


def name_distance(one: Units, other: Units, table: SoundTable) -> float:
    """The best alignment of parts, trying every turn and every way to group neighbours."""
    found = [
        (SWAPPED if turn else 0.0) + _ordered(one, (*other[turn:], *other[:turn]), turn, table)
        for turn in range(len(other))
    ]
    for whole, parted in ((one, other), (other, one)):
        if len(whole) == 1:
            found += [
                SWAPPED
                + JOINED * (len(parted) - 1)
                + word_distance("".join((*parted[turn:], *parted[:turn])), whole[0], table)
                for turn in range(1, len(parted))
            ]
    return min(found)


def _ordered(one: Units, other: Units, turn: int, table: SoundTable) -> float:
    seam = len(other) - turn if turn else None
    whole = (tuple(one), tuple(other))

    def rest(i: int, j: int) -> float:
        if i == len(one) and j == len(other):
            return 0.0
        ways = [MISSING + rest(i + 1, j)] if i < len(one) else []
        if j < len(other):
            ways.append(MISSING + rest(i, j + 1))
        for p, q in _groups(len(one) - i, len(other) - j):
            group = (tuple(one[i : i + p]), tuple(other[j : j + q]))
            crosses = seam is not None and j < seam < j + q
            if (min(p, q) == 1 or (group == whole and not turn)) and not crosses:
                ways.append(_part(group, table) + rest(i + p, j + q))
        return min(ways)

    return rest(0, 0)


def _part(group: tuple[tuple[str, ...], tuple[str, ...]], table: SoundTable) -> float:
    one, other = group
    far = word_distance("".join(one), "".join(other), table)
    joined = max(len(one), len(other)) - 1
    return far + JOINED * joined if joined else min(far, DIFFERENT, _initial(group))


def _initial(group: tuple[tuple[str, ...], tuple[str, ...]]) -> float:
    """The cost of one part that the other is the initial of, endless where neither is."""
    first, second = (unit_readings(words[0])[0] for words in group)
    letters = [len(units) == 1 and units[0] in LETTERS for units in (first, second)]
    one_sound = consonant_class(first[0]) == consonant_class(second[0]) != ""
    return INITIAL if letters[0] != letters[1] and one_sound else math.inf


def _groups(left: int, right: int) -> Iterator[tuple[int, int]]:
    return product(range(1, left + 1), range(1, right + 1))


def score(distance: float) -> float:
    return float(0.5 ** ((distance / HALF) ** POWER))
