"""How many true names share a blocking key with a spelling, and how many others do.

python -m benchmarks.names.blocking FOLDER
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.names.baselines import CODES
from benchmarks.names.pairs import Pair, persons, places, variants
from benchmarks.names.ranking import candidate_names
from linkage.names import keys
from linkage.romanisation import romanise

Keys = Callable[[str], Iterable[str]]


def _coded(code: Callable[[str], str]) -> Keys:
    return lambda name: [code(romanise(name).replace(" ", ""))]


def measure(key_of: Keys, pairs: list[Pair], candidates: list[str]) -> tuple[float, float]:
    """Return the share of pairs with a common key, and the candidates found for a query."""
    named: dict[str, set[str]] = defaultdict(set)
    for name in candidates:
        for key in key_of(name.replace(" ", "")):
            named[key].add(name)
    found = [
        set().union(*(named[key] for key in key_of(pair.latin.replace(" ", "")))) for pair in pairs
    ]
    hits = sum(pair.khmer in names for pair, names in zip(pairs, found, strict=True))
    return hits / len(pairs), sum(map(len, found)) / len(pairs)


def shared(key_of: Keys, pairs: list[tuple[str, str]]) -> float:
    """Return the share of pairs of Latin spellings with a common key."""
    joined = [(one.replace(" ", ""), other.replace(" ", "")) for one, other in pairs]
    return sum(bool(set(key_of(a)) & set(key_of(b))) for a, b in joined) / len(pairs)


def main(folder: Path) -> None:
    """Print the table of keys."""
    people, sites = persons(folder), places(folder)
    candidates = candidate_names(people, sites)
    print("| keys | pairs that share one | candidates a query | Latin spellings that share one |")
    print("|---|---|---|---|")
    kinds: dict[str, Keys] = {"ours": keys, **{name: _coded(code) for name, code in CODES.items()}}
    for name, key_of in kinds.items():
        recall, burden = measure(key_of, people, candidates)
        latin = shared(key_of, variants(folder))
        print(f"| {name} | {recall:.3f} | {burden:.1f} of {len(candidates)} | {latin:.3f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
