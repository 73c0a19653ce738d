"""Slow, obvious twins of the compiled kernels: what they must agree with."""

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np

from linkage.comparison import EXACT, SAME_FORM, Comparison, Level
from linkage.model import TrainedModel
from linkage.records import Records


def levenshtein(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(
        levenshtein(a[:-1], b) + 1,
        levenshtein(a, b[:-1]) + 1,
        levenshtein(a[:-1], b[:-1]) + (a[-1] != b[-1]),
    )


def damerau(a: str, b: str) -> int:
    """Optimal string alignment, by the textbook table."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            steps = [
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            ]
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                steps.append(table[i - 2][j - 2] + 1)
            table[i][j] = min(steps)
    return table[-1][-1]


def jaro(a: str, b: str) -> float:
    reach = max(0, max(len(a), len(b)) // 2 - 1)
    free = list(range(len(b)))
    matched_a, matched_b = [], []
    for i, c in enumerate(a):
        near = [j for j in free if b[j] == c and abs(i - j) <= reach]
        if near:
            free.remove(near[0])
            matched_a.append(c)
            matched_b.append(near[0])
    if not matched_a:
        return 0.0
    moved = sum(c != b[j] for c, j in zip(matched_a, sorted(matched_b), strict=True)) // 2
    m = len(matched_a)
    return (m / len(a) + m / len(b) + (m - moved) / m) / 3


def jaro_winkler(a: str, b: str) -> float:
    plain = jaro(a, b)
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return plain + prefix * 0.1 * (1 - plain) if plain > 0.7 else plain


def first_two(value: str) -> str:
    return value[:2] if len(value) >= 2 else ""


MEASURES: dict[str, Callable[[str, str], float]] = {
    "jaro": jaro,
    "jaro_winkler": jaro_winkler,
    "levenshtein": lambda a, b: -levenshtein(a, b),
    "damerau": lambda a, b: -damerau(a, b),
}


def meets(level: Level, a: str, b: str) -> bool:
    if level.measure == EXACT:
        return a == b
    if level.measure == SAME_FORM:
        return first_two(a) == first_two(b) != ""
    a, b = sorted((a, b), key=lambda value: (len(value), value))
    bound = -level.bound if level.measure.name in {"levenshtein", "damerau"} else level.bound
    return MEASURES[level.measure.name](a, b) >= bound


def level(comparison: Comparison, a: str | None, b: str | None) -> int:
    if a is None or b is None:
        return len(comparison.levels) + 1
    if a == b:
        return 0
    met = (at for at, step in enumerate(comparison.levels) if meets(step, a, b))
    return next(met, len(comparison.levels))


def rule_pairs(records: Records, fields: Iterable[str]) -> set[tuple[int, int]]:
    """The pairs of records that agree on whole fields, of different lists if there are several."""
    across = len(set(records.source.tolist())) > 1

    def agree(i: int, j: int) -> bool:
        values = [(records.columns[f].value(i), records.columns[f].value(j)) for f in fields]
        return all(a == b is not None for a, b in values)

    return {
        (i, j)
        for i, j in combinations(range(len(records)), 2)
        if agree(i, j) and not (across and records.source[i] == records.source[j])
    }


def weight(records: Records, trained: TrainedModel, i: int, j: int) -> float:
    """The match weight, added up in floating point without rounding."""
    total = trained.prior_weight
    for c, comparison in enumerate(trained.model.comparisons):
        column = records.columns[comparison.field]
        a, b = column.value(i), column.value(j)
        at = level(comparison, a, b)
        if a is None or b is None:
            continue
        total += float(np.log2(trained.m[c][at] / trained.u[c][at]))
        scale = comparison.levels[at].frequency if at < len(comparison.levels) else 0.0
        if scale:
            known = trained.frequencies[comparison.field]
            counts = dict(zip(known.distinct.tolist(), known.counts.tolist(), strict=True))
            size = sum(counts.values())
            chance = sum((count / size) ** 2 for count in counts.values())
            most = max(counts.get(a, 1), counts.get(b, 1))
            total += scale * float(np.log2(chance * size / most))
    return total


def components(size: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Connected components, labelled by their smallest record."""
    labels = list(range(size))
    for a, b in links:
        low, high = sorted((labels[a], labels[b]))
        labels = [low if label == high else label for label in labels]
    return labels
