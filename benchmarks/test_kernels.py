"""How fast the kernels are: pairs of distinct values compared in one call."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.people import people
from linkage.agreement import comparer
from linkage.comparison import Comparison, Level, damerau, exact, jaro_winkler, levenshtein
from linkage.pairs import CHUNK, Pairs
from linkage.records import Column

CASES = {
    "jaro_winkler": ("given_name", (exact(), jaro_winkler(0.92), jaro_winkler(0.8))),
    "levenshtein": ("birth_date", (exact(), levenshtein(1), levenshtein(2))),
    "damerau": ("birth_date", (exact(), damerau(1), damerau(2))),
    "levenshtein_far": ("birth_date", (exact(), levenshtein(5))),
    "exact": ("sex", (exact(),)),
}


@pytest.fixture(scope="module")
def columns() -> dict[str, Column]:
    frame = people(20_000, seed=1)
    return {name: Column.of(frame[name].to_numpy(object)) for name, _ in CASES.values()}


@pytest.mark.parametrize("case", CASES)
def test_levels_of_random_pairs(
    case: str, columns: dict[str, Column], benchmark: BenchmarkFixture
) -> None:
    field, levels = CASES[case]
    column = columns[field]
    compare = comparer(Comparison(field, levels), column).levels
    rng = np.random.default_rng(1)
    left, right = rng.integers(0, column.codes.size, (2, CHUNK)).astype(np.int32)
    pairs = Pairs(column.codes.reshape(-1, 1), left, right)
    out = np.empty(CHUNK, np.uint8)
    benchmark.pedantic(compare, (pairs, 0, out), warmup_rounds=2, rounds=30)
    assert out.max() <= len(levels) + 1
    assert isinstance(levels[0], Level)
