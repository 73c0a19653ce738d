"""Which level of agreement each pair of records is on.

Levels are uint8: the place of the level in its comparison, one more for pairs that differ, two
more where a value is missing.
"""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from linkage.comparison import BUILT_IN, Comparison, Kernel
from linkage.compiled import compiled
from linkage.forms import formed
from linkage.pairs import Pairs
from linkage.records import Column
from linkage.similarity import (
    BOOST_ABOVE,
    PREFIX_SCALE,
    Spans,
    damerau,
    jaro,
    levenshtein,
    ones,
    shared_prefix,
)
from linkage.strings import Strings

Levels = npt.NDArray[np.uint8]

_EXACT, _JARO, _JARO_WINKLER, _LEVENSHTEIN, _DAMERAU, _SAME_FORM = range(len(BUILT_IN))
_DISTANCES = (_LEVENSHTEIN, _DAMERAU)
_MARGIN = 1e-9
_NEVER = -np.inf
_FAR = 1 << 30


class Ladder(NamedTuple):
    """The built-in levels of one comparison.

    `kinds` int8[levels], `bounds` float64[levels] (of distances, their negatives), `forms`
    int32[levels, distinct] (a row is read only for a level that asks for a form). `least`
    similarity, most `edits` and most `swaps` are those that some level still accepts: beyond
    them nothing needs to be measured.
    """

    kinds: npt.NDArray[np.int8]
    bounds: npt.NDArray[np.float64]
    forms: npt.NDArray[np.int32]
    least: float
    edits: float
    swaps: float


class Comparer(Protocol):
    """Finds levels for one comparison of given records."""

    @property
    def expense(self) -> int:
        """How dear it is beside others: they are applied in this order."""
        ...

    def levels(self, pairs: Pairs, column: int, out: Levels) -> None:
        """Fill `out` uint8[k] for pairs whose values' codes are in a column of the matrix."""
        ...


def comparer(comparison: Comparison, column: Column) -> Comparer:
    """Bind a declared comparison to a column."""
    own = comparison.own_measure
    if own is None or own.kernel is None:
        return TextComparer(comparison, column)
    bounds = [level.bound if level.measure == own else np.inf for level in comparison.levels]
    return OwnComparer(own.kernel, np.array(bounds), column)


class TextComparer:
    """Levels of the built-in measures."""

    def __init__(self, comparison: Comparison, column: Column) -> None:
        self._ladder = _ladder(comparison, column)
        reads = bool(np.isin(self._ladder.kinds, (_JARO, _JARO_WINKLER, *_DISTANCES)).any())
        self._strings = column.strings if reads else _UNREAD
        self.expense = int(reads)

    def levels(self, pairs: Pairs, column: int, out: Levels) -> None:
        """Fill `out` uint8[k]."""
        _text_levels(self._strings, self._ladder, pairs, column, out)


class OwnComparer:
    """Levels by a measure that is not built in."""

    expense = 2

    def __init__(self, kernel: Kernel, bounds: npt.NDArray[np.float64], column: Column) -> None:
        self._kernel = kernel
        self._bounds = bounds
        self._table = column.table

    def levels(self, pairs: Pairs, column: int, out: Levels) -> None:
        """Fill `out` uint8[k]."""
        left = pairs.codes[pairs.left, column]
        right = pairs.codes[pairs.right, column]
        out[: left.size] = np.where((left < 0) | (right < 0), self._bounds.size + 1, 0)
        open_ = np.flatnonzero((left != right) & (out[: left.size] == 0))
        likeness = np.empty(open_.size, np.float32)
        self._kernel(self._table, left[open_], right[open_], likeness)
        out[open_] = _first_met(likeness, self._bounds)


def _ladder(comparison: Comparison, column: Column) -> Ladder:
    levels = comparison.levels
    kinds = np.array([BUILT_IN[level.measure.name] for level in levels], np.int8)
    bounds = np.array([level.bound for level in levels], np.float64)
    width = len(column.distinct) if any(level.form for level in levels) else 1
    forms = np.full((len(levels), width), -1, np.int32)
    for row, level in enumerate(levels):
        if level.form:
            forms[row] = formed(column, level.form)
    return Ladder(
        kinds,
        np.where(np.isin(kinds, _DISTANCES), -bounds, bounds),
        forms,
        least=float(bounds[np.isin(kinds, (_JARO, _JARO_WINKLER))].min(initial=2.0)),
        edits=float(bounds[kinds == _LEVENSHTEIN].max(initial=-1.0)),
        swaps=float(bounds[kinds == _DAMERAU].max(initial=-1.0)),
    )


@compiled
def _first_met(likeness: npt.NDArray[np.float32], bounds: npt.NDArray[np.float64]) -> Levels:
    out = np.empty(likeness.size, np.uint8)
    for k in range(likeness.size):
        level = 0
        while level < bounds.size and likeness[k] < bounds[level]:
            level += 1
        out[k] = level
    return out


_UNREAD = Strings(np.zeros(0, np.uint32), np.zeros(1, np.int64), np.zeros(0, np.uint64))


@compiled
def _text_levels(strings: Strings, ladder: Ladder, pairs: Pairs, column: int, out: Levels) -> None:
    differs = ladder.kinds.size
    for k in range(pairs.left.size):
        a = pairs.codes[pairs.left[k], column]
        b = pairs.codes[pairs.right[k], column]
        if a < 0 or b < 0:
            out[k] = differs + 1
        elif a == b:
            out[k] = 0
        elif strings.signatures.size == 0:
            out[k] = _form_level(ladder, a, b)
        else:
            out[k] = _text_level(strings, ladder, a, b)


@compiled
def _form_level(ladder: Ladder, a: int, b: int) -> int:
    for level in range(ladder.kinds.size):
        if ladder.kinds[level] == _SAME_FORM and _same_form(ladder, level, a, b):
            return level
    return ladder.kinds.size


@compiled
def _same_form(ladder: Ladder, level: int, a: int, b: int) -> bool:
    return bool(ladder.forms[level, a] == ladder.forms[level, b] and ladder.forms[level, a] >= 0)


@compiled
def _oriented(strings: Strings, a: int, b: int) -> Spans:
    """Put the shorter first, then the one that sorts first: no measure sees which was left."""
    chars, starts = strings.chars, strings.starts
    a0, a1, b0, b1 = starts[a], starts[a + 1], starts[b], starts[b + 1]
    if a1 - a0 > b1 - b0:
        return Spans(b0, b1, a0, a1)
    if a1 - a0 == b1 - b0:
        i = 0
        while i < a1 - a0 and chars[a0 + i] == chars[b0 + i]:
            i += 1
        if i < a1 - a0 and chars[a0 + i] > chars[b0 + i]:
            return Spans(b0, b1, a0, a1)
    return Spans(a0, a1, b0, b1)


@compiled
def _likeness(strings: Strings, ladder: Ladder, at: Spans, shared: int) -> tuple[float, float]:
    """Jaro and Jaro-Winkler similarity, or too little for any level where that is certain.

    `shared` is the most characters that the two can have in common: it caps the similarity.
    """
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    if shared <= 0 or ladder.least > 1.0:
        return 0.0, 0.0
    highest = (shared / la + shared / lb + 1.0) / 3.0
    if _raised(strings.chars, at, highest) + _MARGIN < ladder.least:
        return 0.0, 0.0
    similarity = jaro(strings.chars, at)
    return similarity, _raised(strings.chars, at, similarity)


@compiled
def _raised(chars: npt.NDArray[np.uint32], at: Spans, similarity: float) -> float:
    """Winkler's rise of a Jaro similarity."""
    if similarity <= BOOST_ABOVE:
        return similarity
    return similarity + shared_prefix(chars, at) * PREFIX_SCALE * (1.0 - similarity)


@compiled
def _text_level(strings: Strings, ladder: Ladder, a: int, b: int) -> int:
    """The first level met by two different strings, measuring only what the bounds leave open."""
    at = _oriented(strings, a, b)
    la, lb = at.a1 - at.a0, at.b1 - at.b0
    here, there = strings.signatures[a], strings.signatures[b]
    lone_a, lone_b = ones(here & ~there), ones(there & ~here)
    if strings.starts[a] != at.a0:
        lone_a, lone_b = lone_b, lone_a
    apart = max(lone_a, lone_b, lb - la)
    alike, winkler = _likeness(strings, ladder, at, min(la - lone_a, lb - lone_b))
    edits = levenshtein(strings.chars, at) if apart <= ladder.edits else _FAR
    swaps = damerau(strings.chars, at) if apart <= ladder.swaps else _FAR
    scores = (_NEVER, alike, winkler, -float(edits), -float(swaps), _NEVER)
    for level in range(ladder.kinds.size):
        kind = ladder.kinds[level]
        if scores[kind] >= ladder.bounds[level]:
            return level
        if kind == _SAME_FORM and _same_form(ladder, level, a, b):
            return level
    return ladder.kinds.size
