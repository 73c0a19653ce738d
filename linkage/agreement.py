"""Which level of agreement each pair of records is on.

Levels are uint8: the place of the level in its comparison, one more for pairs that differ, two
more where a value is missing.
"""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from linkage.comparison import BUILT_IN, Comparison, Kernel
from linkage.compiled import compiled, inlined
from linkage.forms import formed
from linkage.pairs import Pairs
from linkage.records import Column
from linkage.similarity import (
    BOOST_ABOVE,
    FAR,
    PREFIX,
    PREFIX_SCALE,
    Spans,
    damerau_within,
    jaro,
    levenshtein_within,
    ones,
    shared_prefix,
)
from linkage.strings import LENGTH_AT, LONGEST, Strings, strings_of

Levels = npt.NDArray[np.uint8]

_EXACT, _JARO, _JARO_WINKLER, _LEVENSHTEIN, _DAMERAU, _SAME_FORM = range(len(BUILT_IN))
_DISTANCES = (_LEVENSHTEIN, _DAMERAU)
_READERS = {"jaro", "jaro_winkler", "levenshtein", "damerau"}
_MARGIN = 1e-9
_NEVER = -np.inf
_LENGTH = np.uint64(LENGTH_AT)
_MARKS = np.uint64((1 << LENGTH_AT) - 1)


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
        reads = any(level.measure.name in _READERS for level in comparison.levels)
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
    kinds = [BUILT_IN[level.measure.name] for level in levels]
    bounds: dict[int, list[float]] = {kind: [] for kind in range(len(BUILT_IN))}
    for kind, level in zip(kinds, levels, strict=True):
        bounds[kind].append(level.bound)
    width = len(column.distinct) if any(level.form for level in levels) else 1
    forms = np.full((len(levels), width), -1, np.int32)
    for row, level in enumerate(levels):
        if level.form:
            forms[row] = formed(column, level.form)
    signs = [-1.0 if kind in _DISTANCES else 1.0 for kind in kinds]
    return Ladder(
        np.array(kinds, np.int8),
        np.array([sign * level.bound for sign, level in zip(signs, levels, strict=True)]),
        forms,
        least=min([2.0, *bounds[_JARO], *bounds[_JARO_WINKLER]]),
        edits=float(max([-1.0, *bounds[_LEVENSHTEIN]])),
        swaps=float(max([-1.0, *bounds[_DAMERAU]])),
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


_UNREAD = strings_of(())


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


@inlined
def _form_level(ladder: Ladder, a: int, b: int) -> int:
    for level in range(ladder.kinds.size):
        if ladder.kinds[level] == _SAME_FORM and _same_form(ladder, level, a, b):
            return level
    return ladder.kinds.size


@inlined
def _same_form(ladder: Ladder, level: int, a: int, b: int) -> bool:
    return bool(ladder.forms[level, a] == ladder.forms[level, b] and ladder.forms[level, a] >= 0)


@inlined
def _oriented(chars: npt.NDArray[np.uint32], at: Spans) -> Spans:
    """Put the shorter first, then the one that sorts first: no measure sees which was left."""
    turn = at.a1 - at.a0 > at.b1 - at.b0
    if at.a1 - at.a0 == at.b1 - at.b0:
        i = 0
        while at.a0 + i < at.a1 and chars[at.a0 + i] == chars[at.b0 + i]:
            i += 1
        turn = at.a0 + i < at.a1 and chars[at.a0 + i] > chars[at.b0 + i]
    if turn:
        return Spans(at.b0, at.b1, at.a0, at.a1)
    return Spans(at.a0, at.a1, at.b0, at.b1)


@inlined
def _highest(la: int, lb: int, shared: int) -> float:
    """The highest Jaro similarity with so many characters in common."""
    if shared <= 0 or la == 0 or lb == 0:
        return 0.0
    return min(1.0, (shared / la + shared / lb + 1.0) / 3.0)


@inlined
def _could_be_alike(ladder: Ladder, la: int, lb: int, shared: int) -> bool:
    """Tell by lengths alone whether some level may accept the similarity."""
    highest = _highest(la, lb, shared)
    return highest + PREFIX * PREFIX_SCALE * (1.0 - highest) + _MARGIN >= ladder.least


@inlined
def _could_be_like(chars: npt.NDArray[np.uint32], ladder: Ladder, at: Spans, shared: int) -> bool:
    """Tell by the beginnings too whether some level may accept the similarity."""
    highest = _highest(at.a1 - at.a0, at.b1 - at.b0, shared)
    return _raised(chars, at, highest) + _MARGIN >= ladder.least


@inlined
def _raised(chars: npt.NDArray[np.uint32], at: Spans, similarity: float) -> float:
    """Winkler's rise of a Jaro similarity."""
    if similarity <= BOOST_ABOVE:
        return similarity
    return similarity + shared_prefix(chars, at) * PREFIX_SCALE * (1.0 - similarity)


@inlined
def _text_level(strings: Strings, ladder: Ladder, a: int, b: int) -> int:
    """The first level met by two different strings, measuring only what the bounds leave open."""
    here, there = strings.signatures[a], strings.signatures[b]
    la, lb = _length(here), _length(there)
    lone_a, lone_b = ones((here & ~there) & _MARKS), ones((there & ~here) & _MARKS)
    apart = max(lone_a, lone_b, abs(lb - la))
    long = max(la, lb) == LONGEST
    shared = LONGEST if long else min(la - lone_a, lb - lone_b)
    alike = _could_be_alike(ladder, max(la, lb), min(la, lb), shared)
    if alike or apart <= ladder.edits or apart <= ladder.swaps:
        return _measured_level(strings, ladder, a, b, shared)
    return _form_level(ladder, a, b)


@inlined
def _length(signature: np.uint64) -> int:
    return np.int64(signature >> _LENGTH)  # type: ignore[return-value] # int() stays unsigned here


@inlined
def _measured_level(strings: Strings, ladder: Ladder, a: int, b: int, shared: int) -> int:
    """The first level met, by measures on the strings themselves."""
    chars, starts = strings.chars, strings.starts
    at = Spans(starts[a], starts[a + 1], starts[b], starts[b + 1])
    similarity = winkler = 0.0
    edits = swaps = FAR
    if _could_be_like(chars, ladder, at, shared):
        similarity = jaro(chars, _oriented(chars, at))
        winkler = _raised(chars, at, similarity)
    if ladder.edits >= 0:
        edits = levenshtein_within(chars, at, ladder.edits)
    if ladder.swaps >= 0:
        swaps = damerau_within(chars, at, ladder.swaps)
    scores = (_NEVER, similarity, winkler, -float(edits), -float(swaps), _NEVER)
    for level in range(ladder.kinds.size):
        kind = ladder.kinds[level]
        if scores[kind] >= ladder.bounds[level]:
            return level
        if kind == _SAME_FORM and _same_form(ladder, level, a, b):
            return level
    return ladder.kinds.size
