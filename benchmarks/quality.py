"""How well the Cambodian model finds persons on a folder of lists, without using the truth.

    python -m benchmarks.quality FOLDER [FOLDER ...] --write benchmarks/results/quality.md

A folder holds the five lists as schemes send them, and `truth.csv` that says which rows are one
person. The truth is read after linking, to judge.
"""

import argparse
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.agreement_codes import LEVELS
from linkage.cambodia import Index, Links, People, link, people, train
from linkage.cambodia.evidence import BIRTH_DATE, CARD, FAMILY, GIVEN, PLACE, SEX
from linkage.cambodia.name_agreement import CLOSE, PART_OF
from linkage.evaluation import b_cubed, pairwise
from linkage.identifiers import DIFFERENT, SAME
from linkage.places import SAME_COMMUNE
from registry.schemes import NormalisedPerson, Statement, adapter, codes
from registry.tables import read

TODAY = dt.date(2026, 7, 1)
SEED = 1
COLUMNS = NormalisedPerson._fields
CAUSES = (
    "birth date differs",
    "name differs",
    "other card",
    "left home",
    "sex differs",
    "weak",
)

Labels = npt.NDArray[np.integer]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Judged:
    """A linkage beside the truth: `person` int64[records], in the order of People."""

    index: Index
    links: Links
    person: Labels


def statements(folder: Path) -> Iterator[tuple[str, Statement]]:
    """Read the lists of a folder through the registry's adapters."""
    for scheme in codes():
        for path in sorted(folder.glob(f"{scheme}.*")):
            for row in adapter(scheme).parse(read(path), today=TODAY):
                if isinstance(row, Statement):
                    yield scheme, row


def load(folder: Path) -> tuple[People, Labels]:
    """Read the records of a folder, and who each really is."""
    taken = list(statements(folder))
    source = [scheme for scheme, _ in taken]
    number = [row.scheme_record_id for _, row in taken]
    columns = {name: [getattr(row.person, name) for _, row in taken] for name in COLUMNS}
    records = people(source, number, columns)
    truth = pd.read_csv(folder / "truth.csv", dtype=str)
    person = truth.set_index(["scheme", "scheme_record_id"])["person"]
    keys = pd.MultiIndex.from_arrays([source, number])
    return records, pd.factorize(person.loc[keys])[0][records.order]


def true_pairs(person: Labels) -> tuple[Rows, Rows]:
    """All pairs of records of one person, in order."""
    order = np.argsort(person, kind="stable").astype(np.int32)
    lefts, rights = [order[:0]], [order[:0]]
    for step in range(1, int(np.bincount(person).max(initial=1))):
        same = person[order[step:]] == person[order[:-step]]
        lefts.append(order[:-step][same])
        rights.append(order[step:][same])
    return np.concatenate(lefts), np.concatenate(rights)


def misses(judged: Judged) -> dict[str, int]:
    """Count the true pairs that the partition keeps apart, by what first speaks against them."""
    left, right = true_pairs(judged.person)
    compared = int(np.sum(judged.index.first_common(left, right) >= 0))
    seen, clusters = judged.links.evidence, judged.links.clusters
    together = clusters[seen.left] == clusters[seen.right]
    true = seen_true(judged)
    return {
        "never compared": left.size - compared,
        "hopeless at first sight": compared - int(true.sum()),
        **causes(judged, true & ~together),
        "true pairs found": int(np.sum(true & together)),
    }


def seen_true(judged: Judged) -> npt.NDArray[np.bool_]:
    """Which weighed pairs are one person."""
    seen = judged.links.evidence
    return np.asarray(judged.person[seen.left] == judged.person[seen.right])


def causes(judged: Judged, chosen: npt.NDArray[np.bool_]) -> dict[str, int]:
    """Sort pairs by the first of the causes that applies."""
    codes_of = judged.links.evidence.seen.codes[chosen]
    level = np.where(codes_of < 0, 0, codes_of % LEVELS)
    name = np.zeros(len(codes_of), np.bool_)
    for part in (FAMILY, GIVEN):
        name |= (level[:, part] > CLOSE) & (level[:, part] != PART_OF)
    conditions = (
        level[:, BIRTH_DATE] > 3,
        name,
        codes_of[:, CARD] == DIFFERENT,
        level[:, PLACE] > SAME_COMMUNE,
        codes_of[:, SEX] == 1,
        np.ones(len(codes_of), np.bool_),
    )
    first = np.argmax(np.stack(conditions), axis=0)
    return {cause: int(np.sum(first == number)) for number, cause in enumerate(CAUSES)}


def false_pairs(judged: Judged, labels: Labels) -> dict[str, int]:
    """Count the false pairs of a partition: of one household or card, or namesakes."""
    seen = judged.links.evidence
    wrong = ~seen_true(judged) & (labels[seen.left] == labels[seen.right])
    pairs = seen.left[wrong], seen.right[wrong]
    house = judged.index.records.household
    one = (house[pairs[0]] >= 0) & (house[pairs[0]] == house[pairs[1]])
    card = seen.seen.codes[wrong, CARD] == SAME
    return {
        "siblings and others of one household": int(np.sum(one | card)),
        "namesakes": int(np.sum(~(one | card))),
    }


def judge(folder: Path) -> tuple[list[str], list[str]]:
    """Link a folder and describe the result: a row of the table, and lines on its mistakes."""
    records, person = load(folder)
    start = time.perf_counter()
    index = Index.of(records)
    model = train(records, seed=SEED, index=index)
    trained = time.perf_counter()
    links = link(records, model, index=index)
    done = time.perf_counter()
    alone = link(records, model, index=index, context=False)
    judged = Judged(index, links, person)
    whole, sure = pairwise(links.clusters, person), pairwise(links.certain, person)
    row = [
        folder.name,
        f"{len(records):,}",
        f"{whole.precision:.4f}",
        f"{whole.recall:.4f}",
        f"**{whole.f1:.4f}**",
        f"{pairwise(alone.clusters, person).f1:.4f}",
        f"{b_cubed(links.clusters, person).f1:.4f}",
        f"{sure.precision:.5f}",
        f"**{sure.recall:.4f}**",
        f"{pairwise(alone.certain, person).recall:.4f}",
        f"{trained - start:.0f}",
        f"{done - trained:.0f}",
    ]
    notes = [
        f"- `{folder.name}` misses: {_words(misses(judged))}.",
        f"- `{folder.name}` false pairs: {_words(false_pairs(judged, links.clusters))}.",
        f"- `{folder.name}` certain false pairs: {_words(false_pairs(judged, links.certain))}.",
    ]
    return row, notes


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{cause} {count:,}" for cause, count in counts.items())


HEADINGS = (
    "lists",
    "records",
    "precision",
    "recall",
    "F1",
    "F1 without household context",
    "B-cubed F1",
    "certain: precision",
    "certain: recall",
    "the same without context",
    "train s",
    "link s",
)


def main() -> None:
    """Judge the folders and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    judged = [judge(folder) for folder in chosen.folders]
    table = [HEADINGS, ["---"] * len(HEADINGS), *(row for row, _ in judged)]
    lines = [f"| {' | '.join(row)} |" for row in table]
    lines += ["", *(note for _, notes in judged for note in notes)]
    names = " ".join(folder.name for folder in chosen.folders)
    command = f"python -m benchmarks.quality {names}"
    text = "\n".join([f"`{command}`", "", *lines, ""])
    print(text)
    if chosen.write:
        chosen.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
