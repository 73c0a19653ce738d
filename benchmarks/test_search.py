"""How long a search takes: one record against an index, the candidates scored."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.people import FIELDS, people
from linkage.blocking import Key, Rule
from linkage.comparison import Comparison, exact, jaro_winkler, levenshtein
from linkage.linker import train
from linkage.model import Model
from linkage.records import Records
from linkage.search import Index

NAMES = (exact(), jaro_winkler(0.92), jaro_winkler(0.8))
NUMBERS = (exact(), levenshtein(1), levenshtein(2))
MODEL = Model(
    comparisons=tuple(
        Comparison(name, NAMES if "name" in name else NUMBERS) for name in FIELDS[:-1]
    ),
    rules=(
        Rule((Key("birth_date"),)),
        Rule((Key("village"),)),
        Rule((Key("given_name"), Key("surname"))),
    ),
)


@pytest.fixture(scope="module")
def index() -> Index:
    frame = people(100_000, seed=1)
    columns = {name: frame[name].to_numpy(object).tolist() for name in FIELDS}
    records = Records.of(frame["unique_id"].to_numpy(object), columns)
    return Index(records, train(records, MODEL, seed=1))


def test_search(index: Index, benchmark: BenchmarkFixture) -> None:
    rows = iter(np.random.default_rng(1).permutation(len(index.records)).tolist())

    def one() -> tuple[tuple[Records], dict[str, object]]:
        return (index.records.take(np.array([next(rows)])),), {}

    found = benchmark.pedantic(index.search, setup=one, rounds=300, warmup_rounds=0)
    assert found[0].weight[0] > 0
