"""How Khmer units come to be written in Latin, learned by expectation-maximisation.

A memoryless stochastic transducer (Ristad and Yianilos, 1998, *Learning string-edit distance*):
each Khmer unit writes one Latin unit or nothing, and a Latin unit may be slipped in before any.
Counts are smoothed toward the prior as by a Dirichlet distribution.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.names import prior
from benchmarks.names.pairs import Pair
from linkage.latin_spellings import CODA
from linkage.sound_classes import SILENT, consonant_class
from linkage.sound_units import unit_readings

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Triple = tuple[Floats, Floats, Floats]

ROUNDS = 8
SMOOTHING = 8.0
SILENCE_SMOOTHING = 4.0
INSERTION_SMOOTHING = 0.5
FIRST_INSERTION = 0.03
LEAST_INSERTION = 0.005


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The units of each script that the table speaks of."""

    khmer: tuple[str, ...]
    latin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Emissions:
    """P(Latin unit | Khmer unit), P(nothing | Khmer unit), P(Latin unit slipped in), P(Khmer unit).

    Shapes (khmer, latin), (khmer,), (latin,), (khmer,). A row of `written` sums to 1 - `silent`.
    """

    written: Floats
    silent: Floats
    inserted: Floats
    frequency: Floats


@dataclass(frozen=True, slots=True)
class _Example:
    khmer: Codes
    latins: tuple[Codes, ...]
    weight: float


def learn(pairs: list[Pair], vocabulary: Vocabulary) -> Emissions:
    """Learn from pairs; the same pairs in the same order give the same numbers."""
    examples = _encode(pairs, vocabulary)
    spelled = prior.emissions(list(vocabulary.khmer), list(vocabulary.latin))
    quiet = prior.silence(list(vocabulary.khmer))
    size = len(vocabulary.latin)
    frequency = np.zeros(len(vocabulary.khmer))
    for example in examples:
        np.add.at(frequency, example.khmer, example.weight)
    now = Emissions(
        spelled * (1 - quiet)[:, None], quiet, np.full(size, FIRST_INSERTION / size), frequency
    )
    groups = _groups(vocabulary.khmer)
    for _ in range(ROUNDS):
        counts = _expect(examples, now)
        now = _maximise(counts, _shared(counts[0], spelled, groups), quiet, now)
    return now


def _groups(units: tuple[str, ...]) -> list[Codes]:
    """Return the consonant units that share a class of sound and a place in the syllable."""
    found: dict[tuple[str, bool], list[int]] = {}
    for code, unit in enumerate(units):
        if consonant_class(unit):
            closing = unit[0] in {CODA, SILENT}
            found.setdefault((consonant_class(unit), closing), []).append(code)
    return [np.array(codes) for codes in found.values()]


def _shared(written: Floats, spelled: Floats, groups: list[Codes]) -> Floats:
    """Let a consonant be believed to be spelled half as its class is found to be."""
    prior_ = spelled.copy()
    for group in groups:
        pooled = written[group].sum(axis=0) + spelled[group].sum(axis=0)
        prior_[group] = (spelled[group] + pooled / pooled.sum()) / 2
    return prior_


def _expect(examples: list[_Example], now: Emissions) -> Triple:
    counts = (np.zeros_like(now.written), np.zeros_like(now.silent), np.zeros_like(now.inserted))
    ignored = (np.zeros_like(now.written), np.zeros_like(now.silent), np.zeros_like(now.inserted))
    table = (now.written, now.silent, now.inserted)
    for example in examples:
        likely = [_count(example.khmer, one, table, ignored, 0.0) for one in example.latins]
        best = example.latins[int(np.argmax(likely))]
        _count(example.khmer, best, table, counts, example.weight)
    return counts


def _maximise(counts: Triple, spelled: Floats, quiet: Floats, now: Emissions) -> Emissions:
    written, silent, inserted = counts
    total = written.sum(axis=1)
    spread = (written + SMOOTHING * spelled) / (total + SMOOTHING)[:, None]
    silence = (silent + SILENCE_SMOOTHING * quiet) / (silent + total + SILENCE_SMOOTHING)
    share = max(LEAST_INSERTION, inserted.sum() / (written.sum() + inserted.sum()))
    slips = inserted + INSERTION_SMOOTHING
    return Emissions(
        spread * (1 - silence)[:, None], silence, share * slips / slips.sum(), now.frequency
    )


def _encode(pairs: list[Pair], vocabulary: Vocabulary) -> list[_Example]:
    khmer = {unit: code for code, unit in enumerate(vocabulary.khmer)}
    latin = {unit: code for code, unit in enumerate(vocabulary.latin)}
    return [
        _Example(
            _codes(unit_readings(pair.khmer.replace(" ", ""))[0], khmer),
            tuple(_codes(one, latin) for one in spelled_readings(pair.latin)),
            pair.weight,
        )
        for pair in pairs
    ]


def spelled_readings(text: str) -> list[tuple[str, ...]]:
    """Return the readings of all words of a Latin text one after another, four at most."""
    whole: list[tuple[str, ...]] = [()]
    for word in text.split():
        whole = [(*start, *one) for start in whole for one in unit_readings(word)][:4]
    return whole


def _codes(units: tuple[str, ...], codes: dict[str, int]) -> Codes:
    return np.array([codes[unit] for unit in units], dtype=np.int64)


@njit(cache=True)
def _count(  # noqa: C901 - the two passes over one lattice
    khmer: Codes, latin: Codes, table: Triple, counts: Triple, weight: float
) -> float:
    """Add the expected uses of each operation to the counts; return the log likelihood."""
    written, silent, inserted = table
    n, m = len(khmer), len(latin)
    forward = np.zeros((n + 1, m + 1))
    forward[0, 0] = 1.0
    for i in range(n + 1):
        for j in range(m + 1):
            if i > 0 and j > 0:
                forward[i, j] += forward[i - 1, j - 1] * written[khmer[i - 1], latin[j - 1]]
            if i > 0:
                forward[i, j] += forward[i - 1, j] * silent[khmer[i - 1]]
            if j > 0:
                forward[i, j] += forward[i, j - 1] * inserted[latin[j - 1]]
    whole = forward[n, m]
    if whole <= 0.0:
        return -np.inf
    backward = np.zeros((n + 1, m + 1))
    backward[n, m] = weight / whole
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i < n and j < m:
                use = written[khmer[i], latin[j]] * backward[i + 1, j + 1]
                backward[i, j] += use
                counts[0][khmer[i], latin[j]] += forward[i, j] * use
            if i < n:
                use = silent[khmer[i]] * backward[i + 1, j]
                backward[i, j] += use
                counts[1][khmer[i]] += forward[i, j] * use
            if j < m:
                use = inserted[latin[j]] * backward[i, j + 1]
                backward[i, j] += use
                counts[2][latin[j]] += forward[i, j] * use
    return float(np.log(whole))
