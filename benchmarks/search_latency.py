"""Time single searches of people in an index of them, in wall and in processor time.

python -m benchmarks.search_latency RECORDS [--queries N]
"""

import argparse
import time

import numpy as np

from benchmarks.people import FIELDS, people
from benchmarks.test_search import MODEL
from linkage.linker import train
from linkage.records import Records
from linkage.search import Index

WARM_UP = 20


def main() -> None:
    """Print the quantiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("--queries", type=int, default=500)
    asked = parser.parse_args()
    frame = people(asked.records, seed=1)
    columns = {name: frame[name].to_numpy(object).tolist() for name in FIELDS}
    records = Records.of(frame["unique_id"].to_numpy(object), columns)
    trained = train(records, MODEL, seed=1)
    start = time.perf_counter()
    index = Index(records, trained)
    print(f"{len(records)} records indexed in {time.perf_counter() - start:.1f} s")
    rows = np.random.default_rng(1).integers(0, len(records), asked.queries + WARM_UP)
    times = []
    for row in rows:
        query = records.take(np.array([row]))
        wall, cpu = time.perf_counter(), time.process_time()
        assert index.search(query)[0].records.size
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    for name, taken in zip(("wall", "cpu"), np.array(times[WARM_UP:]).T * 1e3, strict=True):
        p50, p95, p99 = np.percentile(taken, [50, 95, 99])
        print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")


if __name__ == "__main__":
    main()
