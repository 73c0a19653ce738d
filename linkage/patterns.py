"""Agreement patterns of sampled pairs, and how often each occurs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.agreement import Comparer, Levels, comparer
from linkage.model import Model
from linkage.pairs import CHUNK, Candidates, Pairs, matrix, new_pairs
from linkage.records import Records

SAME, DIFFERENT = 1, 2
_MOST_BITS = 60

Flags = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Decisions:
    """What officers said: pairs of records `left`, `right` int32[k], `same` bool[k]."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    same: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct patterns: `levels` uint8[patterns, comparisons], `counts` float64[patterns].

    `new` bool[patterns]: no earlier rule finds the pairs too. `word` uint8[patterns]: whether
    an officer called them the same (1), different (2), or nothing (0).
    """

    levels: Levels
    counts: npt.NDArray[np.float64]
    new: npt.NDArray[np.bool_]
    word: npt.NDArray[np.uint8]


class PatternCounter:
    """Counts the agreement patterns of pairs of given records.

    Raises:
        ValueError: The comparisons have more patterns than an int64 can number.
    """

    def __init__(self, records: Records, model: Model) -> None:
        self._comparers: list[Comparer] = [
            comparer(comparison, records.columns[comparison.field])
            for comparison in model.comparisons
        ]
        self._radices = [len(comparison.levels) + 2 for comparison in model.comparisons]
        if np.log2(self._radices).sum() > _MOST_BITS:
            raise ValueError("too many comparisons and levels to number their patterns")

    def count(self, chunks: Iterable[tuple[Pairs, Flags]], *, weight: float = 1.0) -> Patterns:
        """Count over chunks of pairs, each pair standing for `weight` pairs.

        The flags int64[k] of a chunk are 1 for a new pair, plus twice the officer's word.
        """
        codes = [np.empty(0, np.int64)]
        counts = [np.empty(0, np.int64)]
        for pairs, flags in chunks:
            distinct, many = np.unique(self._code(pairs, flags), return_counts=True)
            codes.append(distinct)
            counts.append(many)
        distinct, place = np.unique(np.concatenate(codes), return_inverse=True)
        total = np.bincount(place, np.concatenate(counts), distinct.size).astype(np.float64)
        return self._decoded(distinct, total * weight)

    def _code(self, pairs: Pairs, code: Flags) -> npt.NDArray[np.int64]:
        levels = np.empty(pairs.left.size, np.uint8)
        for column, (one, radix) in enumerate(zip(self._comparers, self._radices, strict=True)):
            one.levels(pairs, column, levels)
            code = code * radix + levels
        return code

    def _decoded(self, code: npt.NDArray[np.int64], counts: npt.NDArray[np.float64]) -> Patterns:
        levels = np.empty((code.size, len(self._radices)), np.uint8)
        for column in reversed(range(len(self._radices))):
            code, levels[:, column] = np.divmod(code, self._radices[column])
        return Patterns(levels, counts, code % 2 == 1, (code // 2).astype(np.uint8))


def random_pairs(
    records: Records, names: tuple[str, ...], *, pairs: int, seed: int
) -> Iterator[tuple[Pairs, Flags]]:
    """Draw pairs of positions that could be linked, about `pairs` of them.

    All pairs are drawn, once, where there are no more than that.
    """
    fields = matrix(records, names)
    source = records.source[records.order]
    across = bool(source.size) and bool(source[0] != source[-1])
    size = len(records)
    if size * (size - 1) // 2 <= pairs:
        left, right = np.triu_indices(size, 1)
    else:
        rng = np.random.default_rng(seed)
        left, right = rng.integers(0, size, (2, pairs))
    fit = (source[left] != source[right]) if across else left != right
    left, right = left[fit].astype(np.int32), right[fit].astype(np.int32)
    for start in range(0, left.size, CHUNK):
        part = slice(start, start + CHUNK)
        chunk = Pairs(fields, left[part], right[part])
        yield chunk, np.ones(chunk.left.size, np.int64)


class Words:
    """Looks up what officers said of pairs of positions."""

    def __init__(self, records: Records, decisions: Decisions | None) -> None:
        self._size = np.int64(len(records))
        if decisions is None:
            none = np.empty(0, np.int32)
            decisions = Decisions(none, none, np.empty(0, np.bool_))
        position = np.empty(len(records), np.int32)
        position[records.order] = np.arange(len(records), dtype=np.int32)
        numbers = self._numbers(position[decisions.left], position[decisions.right])
        self._decided, places = np.unique(numbers, return_index=True)
        self._words = np.where(decisions.same[places], SAME, DIFFERENT)

    def _numbers(
        self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int64]:
        return np.minimum(left, right) * self._size + np.maximum(left, right)

    def of(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> Flags:
        """The word on each pair: int64[k]."""
        if not self._decided.size:
            return np.zeros(left.size, np.int64)
        numbers = self._numbers(left, right)
        places = np.minimum(np.searchsorted(self._decided, numbers), self._decided.size - 1)
        return np.where(self._decided[places] == numbers, self._words[places], 0)


def rule_patterns(
    counter: PatternCounter, candidates: Candidates, words: Words, *, number: int, most: int
) -> Patterns:
    """Count the patterns of a rule's pairs, those of earlier rules included.

    Where the rule has more than `most` pairs, a sample of about so many stands for them.
    """
    pairs = candidates.of_rule(number)
    every = max(1, -(-candidates.costs[number].pairs // most))

    def chunks() -> Iterator[tuple[Pairs, Flags]]:
        for task in pairs.tasks(1 << 24):
            for chunk in pairs.chunks(task, every=every, again=True):
                members = pairs.blocks.members
                word = words.of(members[chunk.left], members[chunk.right])
                yield chunk, new_pairs(pairs.earlier, chunk) + 2 * word

    return counter.count(chunks(), weight=float(every))
