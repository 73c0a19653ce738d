"""Corrections to the costs that put the true Khmer name before its rivals.

What is likely need not be what tells names apart. Each spelling is aligned with its Khmer name and
the nearest rivals, and the costs follow the gradient of the log of the softmax of the negative
distances (a conditional model, as in Lafferty, McCallum and Pereira, 2001), pulled toward no
correction. Consonants of one class and place, and one vowel sign after either series, share part of
each step, so that what few pairs show serves units that they lack.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.names.emission import Codes, Floats, Vocabulary, spelled_readings
from benchmarks.names.pairs import Pair
from linkage.latin_spellings import CODA
from linkage.sound_classes import SERIES, SILENT, consonant_class
from linkage.sound_table import SoundTable
from linkage.sound_units import unit_readings

ROUNDS = 25
RIVALS = 25
REFRESHED = 10
STEP = 0.01
SHARED = 0.05
DECAY = 0.002
_ALWAYS = 1e-9
_SLIGHT = 1e-4


@dataclass(frozen=True, slots=True)
class _Words:
    """Sequences of codes end to end: word `w` is `units[at[w]:at[w + 1]]`, both int64."""

    units: Codes
    at: Codes


@dataclass(frozen=True, slots=True)
class _Queries:
    """Spellings: the readings of query `q` are words `at[q]:at[q + 1]`; `truth` its true name.

    `alike` are all true names of the same spelling, which are no rivals.
    """

    words: _Words
    at: Codes
    truth: Codes
    alike: tuple[frozenset[int], ...]


def corrections(
    units: Vocabulary, table: SoundTable, pairs: list[Pair], candidates: list[str]
) -> Floats:
    """Return what to add to the costs, shape (khmer + 1, latin + 1); the last ones are gaps.

    `candidates` are the names to search among and hold the Khmer name of every pair.
    """
    names = _words([unit_readings(name.replace(" ", ""))[0] for name in candidates], units.khmer)
    queries = _queries(pairs, candidates, units.latin)
    plain = across(table, len(units.khmer))
    tied = _tied(units.khmer)
    found = np.zeros_like(plain)
    rivals = np.zeros((0, 0), np.int64)
    for turn in range(ROUNDS):
        cost = np.maximum(plain + found, 0.0)
        if turn % REFRESHED == 0:
            rivals = _rivals(queries, names, cost)
        slope = np.zeros_like(cost)
        readings = (queries.words.units, queries.words.at, queries.at)
        _climb(readings, (names.units, names.at), (queries.truth, rivals), cost, slope)
        found = found * (1.0 - DECAY) - STEP * (slope + SHARED * tied @ slope)
    return found


def across(table: SoundTable, khmer: int) -> Floats:
    """Return the costs between the scripts, and of gaps in the last row and column."""
    cost = np.zeros((khmer + 1, len(table.symbols) - khmer + 1))
    cost[:-1, :-1] = table.substitution[:khmer, khmer:]
    cost[:-1, -1] = table.gap[1, :khmer]
    cost[-1, :-1] = table.gap[0, khmer:]
    return cost


def _words(words: list[tuple[str, ...]], symbols: tuple[str, ...]) -> _Words:
    code = {unit: place for place, unit in enumerate(symbols)}
    flat = np.array([code[unit] for word in words for unit in word], np.int64)
    return _Words(flat, _ends([len(word) for word in words]))


def _ends(lengths: list[int]) -> Codes:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _queries(pairs: list[Pair], candidates: list[str], latin: tuple[str, ...]) -> _Queries:
    place = {name: code for code, name in enumerate(candidates)}
    alike: dict[str, set[int]] = {}
    for pair in pairs:
        alike.setdefault(pair.latin, set()).add(place[pair.khmer])
    readings = [spelled_readings(pair.latin) for pair in pairs]
    return _Queries(
        _words([word for group in readings for word in group], latin),
        _ends([len(group) for group in readings]),
        np.array([place[pair.khmer] for pair in pairs], np.int64),
        tuple(frozenset(alike[pair.latin]) for pair in pairs),
    )


def _tied(khmer: tuple[str, ...]) -> Floats:
    """Return which Khmer units share their steps: 0 or 1, shape (khmer + 1, khmer + 1)."""
    kinds = [
        unit.split(SERIES)[0] if SERIES in unit else f"{unit[0] in CODA + SILENT}{kind}"
        for unit, kind in ((unit, consonant_class(unit)) for unit in khmer)
    ]
    same = np.zeros((len(khmer) + 1, len(khmer) + 1))
    same[:-1, :-1] = np.array(kinds)[:, None] == np.array(kinds)
    return same


def _rivals(queries: _Queries, names: _Words, cost: Floats) -> NDArray[np.int64]:
    """Return the true name of each query and its nearest rivals, -1 for none."""
    found = np.full((len(queries.truth), RIVALS + 1), -1, np.int64)
    readings = (queries.words.units, queries.words.at, queries.at)
    for query, truth in enumerate(queries.truth):
        far = _distances(readings, (names.units, names.at), query, cost)
        nearest = np.argsort(far, kind="stable")[:RIVALS].tolist()
        rivals = [truth, *(name for name in nearest if name not in queries.alike[query])]
        found[query, : len(rivals)] = rivals
    return found


@njit(cache=True)
def _lattice(khmer: Codes, latin: Codes, cost: Floats) -> Floats:
    n, m = len(khmer), len(latin)
    far = np.full((n + 1, m + 1), np.inf)
    far[0, 0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            if i > 0 and j > 0:
                far[i, j] = min(far[i, j], far[i - 1, j - 1] + cost[khmer[i - 1], latin[j - 1]])
            if i > 0:
                far[i, j] = min(far[i, j], far[i - 1, j] + cost[khmer[i - 1], -1])
            if j > 0:
                far[i, j] = min(far[i, j], far[i, j - 1] + cost[-1, latin[j - 1]])
    return far


@njit(cache=True)
def _trace(khmer: Codes, latin: Codes, cost: Floats, uses: Floats, weight: float) -> None:
    """Add the weight to every cost that the best alignment uses."""
    far = _lattice(khmer, latin, cost)
    i, j = len(khmer), len(latin)
    while i > 0 or j > 0:
        one, other = khmer[i - 1] if i > 0 else -1, latin[j - 1] if j > 0 else -1
        change = far[i - 1, j - 1] + cost[one, other] if i > 0 and j > 0 else np.inf
        drop = far[i - 1, j] + cost[one, -1] if i > 0 else np.inf
        if far[i, j] >= change - _ALWAYS:
            uses[one, other] += weight
            i, j = i - 1, j - 1
        elif far[i, j] >= drop - _ALWAYS:
            uses[one, -1] += weight
            i -= 1
        else:
            uses[-1, other] += weight
            j -= 1


@njit(cache=True)
def _nearest(
    readings: tuple[Codes, Codes, Codes], khmer: Codes, query: int, cost: Floats
) -> tuple[float, int]:
    units, at, group = readings
    best, chosen = np.inf, group[query]
    for word in range(group[query], group[query + 1]):
        far = _lattice(khmer, units[at[word] : at[word + 1]], cost)[-1, -1]
        if far < best:
            best, chosen = far, word
    return best, chosen


@njit(cache=True)
def _distances(
    readings: tuple[Codes, Codes, Codes], names: tuple[Codes, Codes], query: int, cost: Floats
) -> Floats:
    units, at = names
    found = np.empty(len(at) - 1)
    for name in range(len(at) - 1):
        found[name] = _nearest(readings, units[at[name] : at[name + 1]], query, cost)[0]
    return found


@njit(cache=True)
def _climb(
    readings: tuple[Codes, Codes, Codes],
    names: tuple[Codes, Codes],
    sought: tuple[Codes, NDArray[np.int64]],
    cost: Floats,
    slope: Floats,
) -> None:
    """Add the slope of the loss of every query by each cost."""
    units, at = names
    truth, rivals = sought
    for query in range(len(truth)):
        known = rivals[query][rivals[query] >= 0]
        far = np.empty(len(known))
        words = np.empty(len(known), np.int64)
        for place, name in enumerate(known):
            khmer = units[at[name] : at[name + 1]]
            far[place], words[place] = _nearest(readings, khmer, query, cost)
        share = np.exp(far.min() - far)
        share /= share.sum()
        for place, name in enumerate(known):
            weight = (1.0 if name == truth[query] else 0.0) - share[place]
            if abs(weight) > _SLIGHT:
                khmer = units[at[name] : at[name + 1]]
                latin = readings[0][readings[1][words[place]] : readings[1][words[place] + 1]]
                _trace(khmer, latin, cost, slope, weight)
