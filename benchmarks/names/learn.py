"""Learn the sound table that `linkage` ships, from a folder of pairs.

python -m benchmarks.names.learn FOLDER
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.names.emission import Emissions, Vocabulary, learn, spelled_readings
from benchmarks.names.margins import corrections
from benchmarks.names.pairs import Pair, candidate_names, persons, places
from linkage.sound_classes import OPTIONAL, SERIES, SILENT
from linkage.sound_table import PATH, Spellings, costs
from linkage.sound_units import unit_readings
from linkage.usual_spellings import CODAS, GLIDES, ONSETS, VOWELS

LEAST = 1e-3
LEAST_MOVED = 5e-3
_CONSONANTS = "chh ch ck kh gh th dh ph bh nh ng sh zh b c d f g h j k l m n p q r s t v x z"
_VOWELS = """
    a e i o u y ae ai ao au ay ea ee ei eo eu ey ia ie iao iy oa oe oi oo ou oy ua ue ui uo uy
    aea aey aou eao eau eay eou ieu oeu oou oua ouo ouy uea uoy oeur aa uu ar er ir or ur yr aor
    ear eur iar oar our uor av ev iv ov uv eav iev eov oov
"""


def vocabulary(pairs: list[Pair]) -> Vocabulary:
    """Return every unit that the scripts can make, and those seen in the pairs."""
    khmer = {unit for pair in pairs for unit in unit_readings(pair.khmer.replace(" ", ""))[0]}
    latin = {unit for pair in pairs for one in spelled_readings(pair.latin) for unit in one}
    khmer |= {*ONSETS, *(f"-{sign}" for sign in CODAS), *(f"{SILENT}{sign}" for sign in CODAS)}
    signs = {*VOWELS, *(sign + glide for sign in VOWELS if "ា" <= sign <= "ៅ" for glide in GLIDES)}
    khmer |= {f"{sign}{SERIES}{series}" for sign in signs for series in (1, 2)}
    khmer |= {f"{OPTIONAL}{SERIES}{series}" for series in (1, 2, 3)}
    latin |= {
        *_CONSONANTS.split(),
        *(f"-{group}" for group in _CONSONANTS.split()),
        "Y",
        "-Y",
        *_VOWELS.split(),
    }
    return Vocabulary(tuple(sorted(khmer)), tuple(sorted(latin)))


def spellings(units: Vocabulary, learned: Emissions) -> Spellings:
    """Return the table that `linkage` reads, as it is after being written and read again."""
    written = np.where(learned.written >= LEAST, learned.written, 0.0)
    frequency = learned.frequency / learned.frequency.sum()
    unmoved = np.zeros((len(units.khmer) + 1, len(units.latin) + 1))
    return Spellings(
        units.khmer, units.latin, written, learned.silent, frequency, learned.inserted, unmoved
    )


def fitted(pairs: list[Pair], units: Vocabulary, fill: list[str]) -> Spellings:
    """Learn how units are spelled from all pairs, and corrections from those of persons.

    `fill` are Khmer names to be told from those of the pairs.
    """
    table = spellings(units, learn(pairs, units))
    people = [pair for pair in pairs if pair.weight == 1.0]
    names = sorted({pair.khmer for pair in people} | set(fill))
    moved = corrections(units, costs(table), people, names)
    return replace(table, correction=np.where(np.abs(moved) >= LEAST_MOVED, moved, 0.0))


def write(path: Path, table: Spellings) -> None:
    """Write one line a unit: what it is, how frequent, how often unwritten, spelled, corrected."""
    lines = ["unit\tfrequency\tunwritten\tspellings\tcorrections"]
    for code, unit in enumerate(table.khmer):
        shares = sorted(zip(-table.written[code], table.latin, strict=True))
        kept = " ".join(f"{latin}:{-share:.3g}" for share, latin in shares if share)
        moved = zip((*table.latin, ""), table.correction[code], strict=True)
        fixed = " ".join(f"{latin}:{value:.2f}" for latin, value in moved if value)
        lines.append(
            f"{unit}\t{table.frequency[code]:.3g}\t{table.silent[code]:.3g}\t{kept}\t{fixed}"
        )
    for code, unit in enumerate(table.latin):
        moved_by = table.correction[-1, code]
        fixed = f"{unit}:{moved_by:.2f}" if moved_by else ""
        lines.append(f"{unit}\t\t{table.inserted[code]:.3g}\t\t{fixed}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Learn from all pairs of the folder."""
    people, sites = persons(folder), places(folder)
    pairs = [*people, *sites]
    units = vocabulary(pairs)
    write(PATH, fitted(pairs, units, candidate_names(people, sites)))
    print(f"{len(units.khmer)} Khmer and {len(units.latin)} Latin units from {len(pairs)} pairs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
