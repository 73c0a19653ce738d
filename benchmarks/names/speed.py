"""How fast names are analysed and compared on one core, in processor time.

    python -m benchmarks.names.speed NAMES.txt

NAMES.txt holds one whole name a line.
"""

import sys
import time
from pathlib import Path

import jellyfish
import numpy as np
from numba import njit
from numpy.typing import NDArray

from linkage.name_kernels import LONGEST, NameArrays, name_similarities, span_distance
from linkage.name_table import analyse
from linkage.sound_table import shipped
from linkage.sound_units import unit_readings
from linkage.text import canonical

TOKEN_PAIRS = 1_000_000
NAME_PAIRS = 200_000
SEED = 7
FAR = 9.0


@njit(cache=True)
def _token_distances(names: NameArrays, left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    total = 0.0
    row = np.empty(LONGEST + 1, np.float32)
    for pair in range(len(left)):
        total += span_distance(names, left[pair], right[pair], FAR, row)
    return total


def main(path: Path) -> None:
    """Print the rates."""
    names = sorted(set(path.read_text(encoding="utf-8").split("\n")))
    shipped()
    analyse(names[:10])
    unit_readings.cache_clear()
    tokens = sorted({word for name in names for word in canonical(name).split()})
    start = time.process_time()
    for token in tokens:
        unit_readings(token)
    per_token = (time.process_time() - start) / len(tokens)
    print(f"analyse: {per_token * 1e6:.0f} microseconds a distinct token ({len(tokens)} tokens)")
    start = time.process_time()
    arrays = analyse(names).arrays
    spans = len(arrays.khmer)
    per_name = (time.process_time() - start) / len(names)
    print(f"whole names to arrays: {per_name * 1e6:.0f} microseconds a distinct name, with joins")
    random = np.random.default_rng(SEED)
    left, right = random.integers(0, spans, (2, TOKEN_PAIRS))
    _token_distances(arrays, left[:2], right[:2])
    start = time.process_time()
    _token_distances(arrays, left, right)
    rate = TOKEN_PAIRS / (time.process_time() - start)
    print(f"token pairs: {rate / 1e6:.2f} million a second")
    left, right = random.integers(0, len(names), (2, NAME_PAIRS))
    name_similarities(arrays, left[:2], right[:2])
    start = time.process_time()
    name_similarities(arrays, left, right)
    print(f"whole names: {NAME_PAIRS / (time.process_time() - start) / 1e6:.2f} million a second")
    start = time.process_time()
    for one, other in zip(left[:50_000], right[:50_000], strict=True):
        jellyfish.jaro_winkler_similarity(names[one], names[other])
    print(f"jellyfish Jaro-Winkler: {0.05 / (time.process_time() - start):.2f} million a second")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
