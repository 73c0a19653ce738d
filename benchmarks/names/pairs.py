"""Pairs of names to learn from and to measure on.

The folder holds `person_pairs.csv` (columns km, latin, type, sex, sources), `place_pairs.csv` (km,
latin) and `latin_variants.csv` (latin_a, latin_b, km, unit).
"""

import csv
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from linkage.text import canonical

PLACE_WEIGHT = 0.03
_NOT_NAMES = re.compile("[0-9a-z]")


@dataclass(frozen=True, slots=True)
class Pair:
    """A Khmer name, a Latin spelling of it, where it is from and how much it counts."""

    khmer: str
    latin: str
    source: str
    weight: float = 1.0


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def persons(folder: Path) -> list[Pair]:
    """Return the names of persons, each with a spelling."""
    return [
        Pair(canonical(row["km"]), canonical(row["latin"]), row["sources"])
        for row in rows(folder / "person_pairs.csv")
    ]


def places(folder: Path) -> list[Pair]:
    """Return the places whose names hold no numbers, which each script writes in its own way."""
    pairs = [
        Pair(canonical(row["km"]), canonical(row["latin"]), "place", PLACE_WEIGHT)
        for row in rows(folder / "place_pairs.csv")
    ]
    return [pair for pair in pairs if _is_worded(pair)]


def variants(folder: Path) -> list[tuple[str, str]]:
    """Return pairs of Latin spellings of one name."""
    return [
        (canonical(row["latin_a"]), canonical(row["latin_b"]))
        for row in rows(folder / "latin_variants.csv")
    ]


def folds(names: Iterable[str], count: int, *, seed: int) -> dict[str, int]:
    """Deal the distinct names into folds, so that no name is both learned from and measured on."""
    distinct = sorted(set(names))
    random.Random(seed).shuffle(distinct)
    return {name: position % count for position, name in enumerate(distinct)}


def _is_worded(pair: Pair) -> bool:
    return not _NOT_NAMES.search(pair.khmer) and not any(map(str.isdigit, pair.latin))
