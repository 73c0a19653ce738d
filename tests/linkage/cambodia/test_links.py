"""The model as a whole, on the lists of a small population."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from benchmarks.population import main as populate
from benchmarks.quality import COLUMNS, statements
from linkage.cambodia import (
    Index,
    Links,
    Model,
    Options,
    People,
    explain,
    from_json,
    link,
    people,
    to_json,
    train,
)
from linkage.evaluation import pairwise
from linkage.model import ModelMismatchError
from registry.schemes import Statement

Rows = list[tuple[str, Statement]]
Found = tuple[People, Model, Links]


def records_of(rows: Rows) -> People:
    columns = {name: [getattr(row.person, name) for _, row in rows] for name in COLUMNS}
    source = [scheme for scheme, _ in rows]
    return people(source, [row.scheme_record_id for _, row in rows], columns)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lists")
    populate([str(path), "--people", "2500", "--seed", "3"])
    return path


@pytest.fixture(scope="module")
def rows(folder: Path) -> Rows:
    return list(statements(folder))


@pytest.fixture(scope="module")
def found(rows: Rows) -> Found:
    records = records_of(rows)
    index = Index.of(records, Options(threads=1))
    model = train(records, seed=1, index=index)
    return records, model, link(records, model, index=index)


@pytest.fixture(scope="module")
def truth(folder: Path, rows: Rows, found: Found) -> npt.NDArray[np.int64]:
    read = pd.read_csv(folder / "truth.csv", dtype=str)
    numbers = zip(read["scheme"], read["scheme_record_id"], strict=True)
    known = dict(zip(numbers, read["person"].astype(int), strict=True))
    persons = [known[scheme, row.scheme_record_id] for scheme, row in rows]
    return np.array(persons, np.int64)[found[0].order]


def test_most_persons_are_found_and_certain_links_are_right(
    found: Found, truth: npt.NDArray[np.int64]
) -> None:
    links = found[2]
    assert pairwise(links.clusters, truth).f1 > 0.95
    assert pairwise(links.certain, truth).precision > 0.995


def test_the_certain_partition_is_the_finer_one(found: Found) -> None:
    links = found[2]
    pairs = np.unique(np.stack([links.certain, links.clusters]), axis=1)
    assert pairs.shape[1] == len(np.unique(links.certain))


def test_the_order_of_input_does_not_matter(rows: Rows, found: Found) -> None:
    records, model, links = found
    shuffled = [rows[place] for place in np.random.default_rng(5).permutation(len(rows))]
    again_records = records_of(shuffled)
    index = Index.of(again_records, Options(threads=2))
    again = train(again_records, seed=1, index=index)
    assert to_json(again) == to_json(model)
    assert link(again_records, again, index=index).clusters.tolist() == links.clusters.tolist()
    assert len(again_records) == len(records)


def test_the_explanation_sums_to_the_weight(found: Found) -> None:
    records, model, links = found
    mixture = model.fitted(records.sources, len(records))
    for pair in range(0, len(links.weight), len(links.weight) // 20):
        if not links.evidence.seen.different[pair]:
            total = sum(one.bits for one in explain(mixture, links.evidence, pair))
            assert total == pytest.approx(links.weight[pair])


def test_no_list_names_one_person_twice_in_a_household(found: Found) -> None:
    records, _, links = found
    listed = pd.DataFrame({"listed": records.listed, "person": links.clusters})
    assert not listed[listed["listed"] >= 0].duplicated().any()


def test_a_model_comes_back_as_it_was_written(found: Found) -> None:
    text = to_json(found[1])
    assert to_json(from_json(text)) == text


@pytest.mark.parametrize("text", ["", "{}", '{"format": "cambodia-0"}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ModelMismatchError):
        from_json(text)


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="sex"):
        people(["idpoor"], ["1"], {"sex": ["male", "female"]})
