"""Comparisons as declared: ordered levels of agreement on one field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Kernel = Callable[
    [Any, npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]], None
]


@dataclass(frozen=True)
class Measure:
    """How alike two values of a field are.

    A measure of one's own has a `kernel(table, left, right, out)`: it fills `out` float32[k] for
    the pairs of distinct values `left`, `right` int32[k] of a column whose `table` it knows, the
    more alike the higher, the same both ways round. It must run without the interpreter lock to
    profit from threads.
    """

    name: str
    kernel: Kernel | None = None


EXACT = Measure("exact")
JARO = Measure("jaro")
JARO_WINKLER = Measure("jaro_winkler")
LEVENSHTEIN = Measure("levenshtein")
DAMERAU = Measure("damerau")
SAME_FORM = Measure("same_form")
BUILT_IN = {
    measure.name: number
    for number, measure in enumerate((EXACT, JARO, JARO_WINKLER, LEVENSHTEIN, DAMERAU, SAME_FORM))
}


@dataclass(frozen=True)
class Level:
    """One step of agreement: the pair is on the first level whose bound it meets.

    `bound` is the least similarity, or the greatest distance. `frequency` says how much of the
    rarity of the value counts, 0 to 1: agreement on a rare value is better evidence. `m` is a
    first guess at the share of true matches on this level.
    """

    measure: Measure
    bound: float = 0.0
    form: str = ""
    frequency: float = 0.0
    m: float | None = None

    @property
    def label(self) -> str:
        """The level in words."""
        if self.measure == SAME_FORM:
            return f"same {self.form}"
        if self.measure == EXACT:
            return "same"
        sign = "≤" if self.measure in {LEVENSHTEIN, DAMERAU} else "≥"
        return f"{self.measure.name} {sign} {self.bound:g}"


@dataclass(frozen=True)
class Comparison:
    """Levels of agreement on a field, the closest first; a pair that meets none differs.

    Equal values are on the first level. A value that is missing on either side says nothing.
    """

    field: str
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        own = {level.measure for level in self.levels if level.measure.kernel is not None}
        built_in = {level.measure for level in self.levels} - own - {EXACT}
        if not self.levels or len(own) > 1 or (own and built_in):
            raise ValueError(f"{self.field}: levels need one measure of your own, or built-in ones")

    @property
    def own_measure(self) -> Measure | None:
        """The measure that is not built in, where there is one."""
        return next((lv.measure for lv in self.levels if lv.measure.kernel is not None), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """The levels in words, and last the level of those that differ."""
        return (*(level.label for level in self.levels), "differs")


def exact(*, frequency: float = 0.0, m: float | None = None) -> Level:
    """The same value."""
    return Level(EXACT, frequency=frequency, m=m)


def jaro_winkler(bound: float, *, frequency: float = 0.0) -> Level:
    """At least this Jaro-Winkler similarity."""
    return Level(JARO_WINKLER, bound, frequency=frequency)


def jaro(bound: float, *, frequency: float = 0.0) -> Level:
    """At least this Jaro similarity."""
    return Level(JARO, bound, frequency=frequency)


def levenshtein(bound: int, *, frequency: float = 0.0) -> Level:
    """At most this many insertions, deletions and substitutions."""
    return Level(LEVENSHTEIN, bound, frequency=frequency)


def damerau(bound: int, *, frequency: float = 0.0) -> Level:
    """At most this many edits, a swap of neighbours being one."""
    return Level(DAMERAU, bound, frequency=frequency)


def same_form(form: str, *, frequency: float = 0.0) -> Level:
    """The same in some form of the value: see `linkage.forms`."""
    return Level(SAME_FORM, form=form, frequency=frequency)


def at_least(measure: Measure, bound: float, *, frequency: float = 0.0) -> Level:
    """At least this similarity by a measure of one's own."""
    return Level(measure, bound, frequency=frequency)
