"""How well a partition agrees with the truth."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """Shares between 0 and 1; `f1` is their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairwise(found: Sequence[Hashable], truth: Sequence[Hashable]) -> Quality:
    """Precision and recall over pairs of records said to be, and being, of one person.

    With no pair said, precision is 1; with none to find, recall is 1.
    """
    right = _pairs(Counter(zip(found, truth, strict=True)))
    said, real = _pairs(Counter(found)), _pairs(Counter(truth))
    return Quality(right / said if said else 1.0, right / real if real else 1.0)


def b_cubed(found: Sequence[Hashable], truth: Sequence[Hashable]) -> Quality:
    """Precision and recall of each record's cluster, averaged (Bagga, Baldwin 1998)."""
    both = Counter(zip(found, truth, strict=True))
    said, real = Counter(found), Counter(truth)
    squares = [(count, cluster, person) for (cluster, person), count in both.items()]
    total = len(found) or 1
    return Quality(
        sum(count * count / said[cluster] for count, cluster, _ in squares) / total,
        sum(count * count / real[person] for count, _, person in squares) / total,
    )


def _pairs(sizes: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
