"""The Cambodian model on a whole nation: time, memory, pairs and quality by size.

    python -m benchmarks.nation make FOLDER --people 1600000 --regions 4 --seed 1
    python -m benchmarks.nation run FOLDER [FOLDER ...]

`make` writes the five lists of a population as normalised columns, region by region: each has
districts of its own. Five records come of eight people. `run` reads them in a process of its own
for each folder, and links them; reading and linking are measured, `make` is not. The truth is read
after linking.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from benchmarks.lists import write_lists
from benchmarks.population import Region, populate
from benchmarks.quality import COLUMNS, SEED, statements
from linkage.cambodia import Index, Options, link, people, train
from linkage.evaluation import pairwise

GIGABYTE = 1 << 20


def make(folder: Path, size: int, regions: int, seed: int) -> None:
    """Write a population's records, one file a region."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(regions):
        region = Region(number, regions)
        persons = populate(size // regions, seed + number, region)
        with tempfile.TemporaryDirectory() as lists:
            rng = np.random.default_rng([seed, number])
            write_lists(Path(lists), persons, rng, noise=1.0)
            frame = _records(Path(lists), region)
        frame.to_parquet(folder / f"{number:03}.parquet", index=False)
        print(f"region {number}: {len(frame):,} records", file=sys.stderr)


def _records(folder: Path, region: Region) -> pd.DataFrame:
    truth = pd.read_csv(folder / "truth.csv", dtype=str)
    known = truth.set_index(["scheme", "scheme_record_id"])["person"]
    taken = list(statements(folder))
    keys = [(scheme, row.scheme_record_id) for scheme, row in taken]
    columns: dict[str, object] = {
        name: [getattr(row.person, name) for _, row in taken] for name in COLUMNS
    }
    return pd.DataFrame(
        {
            "source": [scheme for scheme, _ in keys],
            "number": [f"{region.number:03}-{number}" for _, number in keys],
            "person": [f"{region.number:03}-{one}" for one in known.loc[keys]],
            **columns,
        }
    )


def _column(folder: Path, name: str) -> pd.Categorical:
    """Read one column of all files, its distinct values once each."""
    parts = [
        parquet.read_table(path, columns=[name]).column(name).cast("string").dictionary_encode()
        for path in sorted(folder.glob("*.parquet"))
    ]
    whole = pa.chunked_array([chunk for part in parts for chunk in part.chunks])
    return pd.Categorical(whole.unify_dictionaries().combine_chunks().to_pandas())


def run(folder: Path, options: Options) -> dict[str, Any]:
    """Link the records of a folder in this process."""
    clock = [time.perf_counter()]
    texts = {name: _column(folder, name) for name in ("source", "number", *COLUMNS)}
    records = people(texts.pop("source"), texts.pop("number"), texts)
    del texts
    clock.append(time.perf_counter())
    index = Index.of(records, options)
    clock.append(time.perf_counter())
    model = train(records, seed=SEED, index=index)
    clock.append(time.perf_counter())
    links = link(records, model, index=index)
    clock.append(time.perf_counter())
    used = resource.getrusage(resource.RUSAGE_SELF)
    truth = _column(folder, "person").codes[records.order]
    whole, sure = pairwise(links.clusters, truth), pairwise(links.certain, truth)
    steps = dict(zip(("read", "block", "train", "link"), np.diff(clock).round(1), strict=True))
    return {
        "records": f"{len(records):,}",
        "pairs": f"{sum(cost.pairs for cost in index.costs):,}",
        "left out": f"{sum(cost.left_out for cost in index.costs):,}",
        "pairs kept": f"{len(links.evidence):,}",
        **{f"{step} s": float(seconds) for step, seconds in steps.items()},
        "total s": round(clock[-1] - clock[0], 1),
        "processor s": round(used.ru_utime + used.ru_stime, 1),
        "peak GB": round(used.ru_maxrss / GIGABYTE, 2),
        "F1": f"{whole.f1:.4f}",
        "certain: precision": f"{sure.precision:.5f}",
        "certain: recall": f"{sure.recall:.4f}",
        "rules": {cost.rule: [cost.pairs, cost.left_out] for cost in index.costs},
    }


def main() -> None:
    """Write a population, or link some and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    does = parser.add_subparsers(dest="does", required=True)
    making = does.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("--people", type=int, default=1_600_000)
    making.add_argument("--regions", type=int, default=4)
    making.add_argument("--seed", type=int, default=1)
    running = does.add_parser("run")
    running.add_argument("folders", type=Path, nargs="+")
    running.add_argument("--threads", type=int, default=2)
    running.add_argument("--memory-mb", type=int, default=256)
    chosen = parser.parse_args()
    if chosen.does == "make":
        make(chosen.folder, chosen.people, chosen.regions, chosen.seed)
        return
    options = Options(threads=chosen.threads, memory_mb=chosen.memory_mb)
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        rows = pool.starmap(run, [(folder, options) for folder in chosen.folders], chunksize=1)
    rules = [row.pop("rules") for row in rows]
    print(f"| {' | '.join(rows[0])} |")
    print("|" + "---:|" * len(rows[0]))
    for row in rows:
        print(f"| {' | '.join(str(value) for value in row.values())} |")
    print("\nPairs, and pairs left out, by rule:", *map(json.dumps, rules), sep="\n")


if __name__ == "__main__":
    main()
