"""Train the model that comes with the registry, on the lists of an invented population.

    python -m benchmarks.shipped_model

It writes `registry/matching/shipped_model.json`, and is to be run whenever the comparisons change.
With folders of lists and their truth it measures how well the model does on them:

    python -m benchmarks.shipped_model FOLDER --write benchmarks/results/shipped-model.md
"""

import argparse
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.population import main as populate
from benchmarks.quality import COLUMNS, load, statements
from linkage.cambodia import Model, from_json, link, people, to_json, train
from linkage.evaluation import b_cubed, pairwise

PEOPLE, SEED = "30000", "11"
TARGET = Path(str(files("registry.matching") / "shipped_model.json"))


def shipped() -> Model:
    """Train it."""
    with TemporaryDirectory() as folder:
        populate([folder, "--people", PEOPLE, "--seed", SEED])
        return train(load(Path(folder))[0], seed=1)


def measured(folder: Path, model: Model) -> str:
    """A row of the table: how well the model links the lists of a folder."""
    taken = list(statements(folder))
    source, number = [scheme for scheme, _ in taken], [row.scheme_record_id for _, row in taken]
    columns = {name: [getattr(row.person, name) for _, row in taken] for name in COLUMNS}
    records = people(source, number, columns, background=model.background)
    truth = pd.read_csv(folder / "truth.csv", dtype=str)
    persons = truth.set_index(["scheme", "scheme_record_id"])["person"]
    known = persons.loc[pd.MultiIndex.from_arrays([source, number])].to_numpy(str)
    person = pd.factorize(known)[0][records.order]
    links = link(records, model)
    whole, sure = pairwise(links.clusters, person), pairwise(links.certain, person)
    figures = (whole.precision, whole.recall, whole.f1, b_cubed(links.clusters, person).f1)
    cells = [f"{figure:.4f}" for figure in figures]
    cells += [f"{sure.precision:.5f}", f"{sure.recall:.4f}"]
    return f"| {folder.name} | {len(records):,} | {' | '.join(cells)} |"


def main() -> None:
    """Write the model, or measure the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    if not chosen.folders:
        TARGET.write_text(to_json(shipped()), encoding="utf-8")
        return
    model = from_json(TARGET.read_text("utf-8"))
    lines = [
        "# The shipped model on lists that it has not seen",
        "",
        f"`python -m benchmarks.shipped_model {' '.join(one.name for one in chosen.folders)}`",
        "",
        "With a model of its own each does better: see `quality.md`.",
        "",
        "| lists | records | precision | recall | F1 | B-cubed F1 | certain: precision | recall |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(measured(folder, model) for folder in chosen.folders),
        "",
    ]
    print("\n".join(lines))
    if chosen.write:
        chosen.write.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
