"""How well the true Khmer name is found among many for a Latin spelling, by cross-validation.

python -m benchmarks.names.ranking FOLDER
"""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.names.baselines import BASELINES, Measure, plain
from benchmarks.names.baselines import distances as against
from benchmarks.names.emission import learn, spelled_readings
from benchmarks.names.learn import spellings, vocabulary
from benchmarks.names.pairs import Pair, folds, persons, places
from linkage.name_kernels import Codes, UnitCosts, unit_distance
from linkage.sound_table import SoundTable, costs, unit_code
from linkage.sound_units import unit_readings

FOLDS = 5
CANDIDATES = 1681
SEED = 5


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks of the true name: of the very pair, and of any name with that spelling."""

    strict: NDArray[np.float64]
    lenient: NDArray[np.float64]
    pairs: list[Pair]

    def line(self, chosen: NDArray[np.bool_]) -> str:
        """Return the shares found first and in the first five, strictly and leniently."""
        return " | ".join(
            f"{np.mean(ranks[chosen] <= 1):.3f} / {np.mean(ranks[chosen] <= 5):.3f}"
            for ranks in (self.strict, self.lenient)
        )


def candidate_names(truth: list[Pair], fill: list[Pair]) -> list[str]:
    """Return the names to search among: the true ones, filled up with short other ones."""
    names = sorted({pair.khmer for pair in truth})
    random.Random(SEED).shuffle(names)
    names = names[:CANDIDATES]
    short = sorted({pair.khmer for pair in fill if len(pair.latin) <= 10} - set(names))
    random.Random(SEED).shuffle(short)
    return names + short[: CANDIDATES - len(names)]


def distances(query: str, coded: "Coded", table: SoundTable) -> NDArray[np.float64]:
    """Return the distance of a Latin spelling from each coded Khmer name."""
    found = np.full(len(coded.at) - 1, np.inf)
    for reading in spelled_readings(query):
        codes = np.array([unit_code(table, unit) for unit in reading], dtype=np.int16)
        costs_ = (table.substitution, table.gap[0], table.gap[1])
        found = np.minimum(found, _all(codes, coded.units, coded.at, costs_))
    return found


@dataclass(frozen=True, slots=True)
class Coded:
    """Khmer names as unit codes end to end."""

    units: NDArray[np.int16]
    at: NDArray[np.int64]


def encode(names: list[str], table: SoundTable) -> Coded:
    """Return Khmer names as unit codes."""
    coded = [
        [unit_code(table, unit) for unit in unit_readings(name.replace(" ", ""))[0]]
        for name in names
    ]
    at = np.concatenate([[0], np.cumsum([len(codes) for codes in coded])]).astype(np.int64)
    return Coded(np.array([code for codes in coded for code in codes], dtype=np.int16), at)


@njit(cache=True)
def _all(
    query: Codes, units: Codes, at: NDArray[np.int64], costs_: UnitCosts
) -> NDArray[np.float64]:
    found = np.empty(len(at) - 1, np.float64)
    row = np.empty(256, np.float32)
    for name in range(len(at) - 1):
        found[name] = unit_distance(query, units[at[name] : at[name + 1]], costs_, 1e6, row)
    return found


def rank(found: NDArray[np.float64], truth: list[int]) -> float:
    """Return the place of the nearest true candidate; ties share their places evenly."""
    best = found[truth].min()
    others = np.delete(found, truth)
    return float(1 + np.sum(others < best - 1e-6) + np.sum(np.abs(others - best) <= 1e-6) / 2)


def cross_validate(learned_on: list[Pair], extra: list[Pair], *, measured: str) -> Ranks:
    """Learn on four fifths of both kinds of names, measure on the rest of one kind."""
    units = vocabulary([*learned_on, *extra])
    targets = extra if measured == "places" else learned_on
    candidates = candidate_names(targets, extra)
    place = {name: position for position, name in enumerate(candidates)}
    fold = folds((pair.khmer for pair in [*learned_on, *extra]), FOLDS, seed=SEED)
    rows: list[tuple[float, float, Pair]] = []
    for left_out in range(FOLDS):
        pairs = [pair for pair in [*learned_on, *extra] if fold[pair.khmer] != left_out]
        table = costs(spellings(units, learn(pairs, units)))
        tested = [pair for pair in targets if fold[pair.khmer] == left_out and pair.khmer in place]
        rows += _fold_ranks(tested, targets, candidates, table)
    return Ranks(
        np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), [r[2] for r in rows]
    )


def baseline_ranks(targets: list[Pair], extra: list[Pair], measure: Measure) -> Ranks:
    """Rank all pairs by a measure that learns nothing."""
    candidates = candidate_names(targets, extra)
    latin = plain(candidates)
    rows = _ranked(targets, targets, candidates, lambda query: against(query, latin, measure))
    return Ranks(
        np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), [r[2] for r in rows]
    )


def _fold_ranks(
    tested: list[Pair], targets: list[Pair], candidates: list[str], table: SoundTable
) -> list[tuple[float, float, Pair]]:
    coded = encode(candidates, table)
    return _ranked(tested, targets, candidates, lambda query: distances(query, coded, table))


def _ranked(
    tested: list[Pair],
    targets: list[Pair],
    candidates: list[str],
    measure: Callable[[str], NDArray[np.float64]],
) -> list[tuple[float, float, Pair]]:
    place = {name: position for position, name in enumerate(candidates)}
    same: dict[str, list[int]] = {}
    for pair in targets:
        if pair.khmer in place:
            same.setdefault(pair.latin, []).append(place[pair.khmer])
    rows = []
    for pair in tested:
        if pair.khmer in place:
            found = measure(pair.latin)
            strict = rank(found, [place[pair.khmer]])
            rows.append((strict, rank(found, sorted(set(same[pair.latin]))), pair))
    return rows


def main(folder: Path) -> None:
    """Print the table of ranks."""
    people, sites = persons(folder), places(folder)
    print("| names | pairs | very pair: first / first five | any name so spelled: the same |")
    print("|---|---|---|---|")
    for measured in ("persons", "places"):
        ranks = cross_validate(people, sites, measured=measured)
        sources = {"all": np.ones(len(ranks.pairs), dtype=bool)}
        for source in ("fst", "kname", "wiki"):
            sources[source] = np.array([source in pair.source for pair in ranks.pairs])
        for name, chosen in sources.items():
            if chosen.any():
                print(f"| {measured}, {name} | {chosen.sum()} | {ranks.line(chosen)} |")
        for name, measure in BASELINES.items():
            plainly = baseline_ranks(people if measured == "persons" else sites, sites, measure)
            every = np.ones(len(plainly.pairs), dtype=bool)
            print(f"| {measured}, {name} | {every.sum()} | {plainly.line(every)} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
