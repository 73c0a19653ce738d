"""Link one list of people with this engine and with its peers, each in a process of its own.

    python benchmarks/side_by_side.py FILE.parquet [--learn SMALLER.parquet] [--only NAME ...]
        [--within SECONDS]

The files are written by benchmarks/people.py. Blocking, comparisons and levels are the same for
all; training is included, on the file itself or on the one that is named. Seconds are those of the
process's steps, `cpu` its processor seconds over all cores, memory its peak. A contender that has
not ended `--within` its time is stopped: `stopped` says after how many seconds, and the steps
before it stand in the table.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

NAMES = ("given_name", "surname")
NUMBERS = ("birth_date", "village", "phone")
JARO_WINKLER = (0.92, 0.8)
EDITS = (1, 2)
RULES = (("birth_date",), ("village",), ("given_name", "surname"), ("given_name", "birth_year"))
REVIEW, LINK = 0.0, 6.6

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Work:
    """The list to be linked, and the one to learn from."""

    path: str
    learn: str


def ours(work: Work, watch: "Watch") -> tuple[Pairs, np.ndarray]:
    """This engine."""
    import pyarrow.parquet as pq

    from linkage.blocking import Key, Rule
    from linkage.comparison import Comparison, exact, jaro_winkler, levenshtein
    from linkage.linker import deduplicate, train
    from linkage.model import Model
    from linkage.records import Column, Records

    watch.lap("import")

    def column(path: str, name: str) -> Column:
        chunk = pq.read_table(path, columns=[name]).column(0).combine_chunks().dictionary_encode()
        codes = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        return Column(codes, chunk.dictionary.to_numpy(zero_copy_only=False))

    def read(path: str) -> Records:
        fields = (*NAMES, *NUMBERS, "sex")
        ids = pq.read_table(path, columns=["unique_id"]).column(0).to_numpy()
        return Records.of(ids, {name: column(path, name) for name in fields})

    records = read(work.path)
    watch.lap("read")
    names = (exact(), *(jaro_winkler(bound) for bound in JARO_WINKLER))
    numbers = (exact(), *(levenshtein(bound) for bound in EDITS))
    comparisons = [Comparison(name, names) for name in NAMES]
    comparisons += [Comparison(name, numbers) for name in NUMBERS]
    year = Key("birth_date", "first 4")
    rules = [
        Rule(tuple(year if name == "birth_year" else Key(name) for name in rule)) for rule in RULES
    ]
    model = Model(
        (*comparisons, Comparison("sex", (exact(),))), tuple(rules), review=REVIEW, link=LINK
    )
    trained = train(records if work.learn == work.path else read(work.learn), model, seed=1)
    watch.lap("train")
    linkage = deduplicate(records, trained)
    watch.lap("predict")
    for cost in linkage.costs:
        print(cost, file=sys.stderr)
    return (linkage.left, linkage.right, linkage.weight), linkage.clusters


def splink(work: Work, watch: "Watch") -> tuple[Pairs, np.ndarray]:
    """Splink on DuckDB."""
    import logging

    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    watch.lap("import")
    api = DuckDBAPI()
    table = api.register(pd.read_parquet(work.path))
    watch.lap("read")
    parts = {name: name for name in (*NAMES, *NUMBERS)} | {"birth_year": "substr(birth_date, 1, 4)"}
    rules = [block_on(*(parts[name] for name in rule)) for rule in RULES]
    comparisons = [cl.JaroWinklerAtThresholds(name, list(JARO_WINKLER)) for name in NAMES]
    comparisons += [cl.LevenshteinAtThresholds(name, list(EDITS)) for name in NUMBERS]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*comparisons, cl.ExactMatch("sex")],
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    apart = work.learn != work.path
    known = DuckDBAPI().register(pd.read_parquet(work.learn)) if apart else table
    linker = Linker(known, settings, log_level=logging.ERROR)
    certain = [block_on("given_name", "surname", "birth_date"), block_on("given_name", "phone")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(rules[0])
    linker.training.estimate_parameters_using_expectation_maximisation(rules[2])
    if apart:
        linker = Linker(table, linker.misc.save_model_to_json(), log_level=logging.ERROR)
    watch.lap("train")
    found = linker.inference.predict(threshold_match_weight=REVIEW)
    watch.lap("predict")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        found, threshold_match_weight=LINK
    )
    watch.lap("cluster")
    pairs = found.as_pandas_dataframe()
    labels = clusters.as_pandas_dataframe().astype({"unique_id": int}).sort_values("unique_id")
    sides = [pairs[f"unique_id_{side}"].astype(int).to_numpy() for side in "lr"]
    weights = pairs["match_weight"].to_numpy()
    return (sides[0], sides[1], weights), pd.factorize(labels["cluster_id"])[0]


CONTENDERS: dict[str, Callable[[Work, "Watch"], tuple[Pairs, np.ndarray]]] = {
    "ours": ours,
    "splink": splink,
}


class Watch:
    """Times the steps of a run."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """End a step."""
        now = time.perf_counter()
        self.laps[step] = round(now - self._last, 2)
        self._last = now
        print(json.dumps({"laps": self.laps}), flush=True)


def run(name: str, work: Work) -> dict[str, Any]:
    """Run one contender in this process."""
    watch = Watch()
    (left, right, weight), clusters = CONTENDERS[name](work, watch)
    used = resource.getrusage(resource.RUSAGE_SELF)
    from linkage.evaluation import of_pairs, pairwise

    truth = pd.read_parquet(work.path, columns=["person"])["person"].to_numpy()
    kept = weight >= LINK
    return {
        "contender": name,
        **watch.laps,
        "total": round(sum(watch.laps.values()), 2),
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        "peak_gb": round(used.ru_maxrss / 1e6, 2),
        "pairs_kept": len(weight),
        "f1_review": round(of_pairs(left, right, truth).f1, 4),
        "f1_link": round(of_pairs(left[kept], right[kept], truth).f1, 4),
        "f1_clusters": round(pairwise(clusters, truth).f1, 4),
    }


def raced(name: str, work: Work, within: float | None) -> dict[str, Any]:
    """Run one contender in a process of its own, for so many seconds at most."""
    command = [sys.executable, __file__, work.path, "--learn", work.learn, "--run", name]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            output, _ = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            laps = [json.loads(line)["laps"] for line in output.splitlines()]
            stopped = round(time.perf_counter() - begun)
            return {"contender": name, **(laps[-1] if laps else {}), "stopped": stopped}
    if process.returncode:
        message = f"{name} failed: see above what it said"
        raise SystemExit(message)
    row: dict[str, Any] = json.loads(output.splitlines()[-1])
    return row


def main() -> None:
    """Run the contenders one after the other and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--learn", help="the list to learn from, where it is another")
    parser.add_argument("--only", nargs="*", default=list(CONTENDERS), choices=list(CONTENDERS))
    parser.add_argument("--within", type=float, help="seconds a contender has")
    parser.add_argument("--run", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    work = Work(asked.file, asked.learn or asked.file)
    if asked.run:
        print(json.dumps(run(asked.run, work)))
        return
    rows = [raced(name, work, asked.within) for name in asked.only]
    names = list(dict.fromkeys(name for row in rows for name in row))
    print("| " + " | ".join(names) + " |")
    print("|---|" + "---:|" * (len(names) - 1))
    for row in rows:
        print("| " + " | ".join(str(row.get(name, "")) for name in names) + " |")


if __name__ == "__main__":
    main()
