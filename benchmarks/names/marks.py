"""What a score says of whole names in lists, by scripts: one person, or one household.

python -m benchmarks.names.marks FOLDER [FOLDER ...]

A folder holds the lists as schemes send them, and `truth.csv` that says who each record is.
"""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.names.pairs import SEED
from benchmarks.quality import statements
from linkage.name_kernels import name_similarities
from linkage.name_table import analyse
from linkage.names import DIFFERENT, SAME
from linkage.sound_table import SoundTable
from linkage.text import canonical

PAIRS_OF_ONE, PAIRS_OF_OTHERS = 2000, 4000
SCRIPTS = {"Khmer, Khmer": (0, 0), "Latin, Latin": (1, 1), "Khmer, Latin": (0, 1)}
Names = tuple[str | None, str | None]
Written = tuple[int, int, Names]


def written(folder: Path) -> list[Written]:
    """Return person, household, and Khmer and Latin name, of each record of a folder."""
    truth = pd.read_csv(folder / "truth.csv", dtype=str).set_index(["scheme", "scheme_record_id"])
    known = {key: (int(row.person), int(row.household)) for key, row in truth.iterrows()}
    return [
        (*known[scheme, row.scheme_record_id], _names(row.person))
        for scheme, row in statements(folder)
    ]


def _names(person: object) -> Names:
    return _name(person, "khmer"), _name(person, "latin")


def _name(person: object, script: str) -> str | None:
    parts = (getattr(person, f"{part}_{script}") for part in ("family", "given"))
    return getattr(person, f"name_{script}") or " ".join(filter(None, parts)) or None


def drawn(records: list[Written], scripts: tuple[int, int], *, same: bool) -> list[tuple[str, str]]:
    """Return pairs of names, differently written, of one person or of others of one household."""
    groups: dict[int, list[Written]] = {}
    for record in records:
        groups.setdefault(record[0] if same else record[1], []).append(record)
    found = {
        (one[2][left], other[2][right])
        for group in groups.values()
        for first, second in combinations(group, 2)
        for one, other in ((first, second), (second, first))
        for left, right in [scripts]
        if one[2][left] and other[2][right] and (one[0] == other[0]) is same
    }
    unequal = sorted({(a, b) for a, b in found if a and b and canonical(a) != canonical(b)})
    picked = np.random.default_rng(SEED).permutation(len(unequal))
    most = PAIRS_OF_ONE if same else PAIRS_OF_OTHERS
    return [unequal[place] for place in picked[:most].tolist()]


def scored(pairs: list[tuple[str, str]], table: SoundTable | None = None) -> NDArray[np.float32]:
    """Return the score of each pair."""
    names = analyse([name for pair in pairs for name in pair], table)
    rows = np.arange(len(pairs))
    return name_similarities(names.arrays, 2 * rows, 2 * rows + 1)


def area(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the chance that a pair of one person scores more than one of a household."""
    below = np.searchsorted(np.sort(other), one, "left")
    upto = np.searchsorted(np.sort(other), one, "right")
    return float(np.mean(below + upto) / 2 / len(other))


def main(folders: list[Path]) -> None:
    """Print a table for each folder."""
    for folder in folders:
        records = written(folder)
        print(f"\n{folder.name}\n")
        print(
            "| scripts | pairs | area | one person at 0.85 or more | others at 0.85 or more"
            " | one person below 0.6 | others below 0.6 |\n|---|---|---|---|---|---|---|"
        )
        for name, scripts in SCRIPTS.items():
            one = scored(drawn(records, scripts, same=True))
            other = scored(drawn(records, scripts, same=False))
            shares = (one >= SAME, other >= SAME, one < DIFFERENT, other < DIFFERENT)
            rest = " | ".join(f"{np.mean(share):.3f}" for share in shares)
            print(f"| {name} | {len(one)}, {len(other)} | {area(one, other):.3f} | {rest} |")


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
