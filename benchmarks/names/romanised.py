"""How often the Latin spelling of a Khmer name is one that people use for it, letter for letter.

python -m benchmarks.names.romanised FOLDER
"""

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.names.pairs import Pair, persons, places
from benchmarks.names.public_names import PUBLIC
from linkage.romanisation import romanise
from linkage.text import canonical
from linkage.usual_spellings import spelled_by_unit

SPELLED: dict[str, Callable[[str], str]] = {"unit by unit": spelled_by_unit, "romanise": romanise}


def share(pairs: list[Pair], spelled: Callable[[str], str]) -> float:
    """Return the share of the distinct Khmer names that are given one of their spellings."""
    known: dict[str, set[str]] = {}
    for pair in pairs:
        known.setdefault(pair.khmer, set()).add(pair.latin.replace(" ", ""))
    found = [spelled(name).replace(" ", "") in latin for name, latin in known.items()]
    return sum(found) / len(found)


def kept_apart() -> list[Pair]:
    """Return the words of public names that are written in one order, words against words."""
    return [
        Pair(canonical(khmer), canonical(latin), "public")
        for name, spelled in PUBLIC
        for khmer, latin in zip(name.split(), spelled.split(), strict=False)
        if len(name.split()) == len(spelled.split())
    ]


def main(folder: Path) -> None:
    """Print the table: names whose misses were looked at, those kept apart, and places."""
    groups = {
        "persons": persons(folder),
        "public names, kept apart": kept_apart(),
        "places": places(folder),
    }
    print("| names | " + " | ".join(SPELLED) + " |")
    print("|---|" + "---|" * len(SPELLED))
    for name, pairs in groups.items():
        shares = (f"{share(pairs, spelled):.3f}" for spelled in SPELLED.values())
        print(f"| {name}, {len({pair.khmer for pair in pairs})} | " + " | ".join(shares) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
