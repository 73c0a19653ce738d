"""Speed of the API under load, beside a bare route that does one indexed SELECT, in the same run.

    python -m benchmarks.load --fill 1000000 FOLDER
    python -m benchmarks.load --seconds 120 --importing 100000 FOLDER

The registry is filled by COPY into a folder, where it stays, and served by `registry serve`; the
bare route by as many workers of the same server. Server, database and load generator share the
machine. What each can answer at most is measured with several numbers of connections, for one that
suits the one may not suit the other; the ratio is that of the best of each. Each is asked for some
seconds before, so that what it reads has come from the disk, as in a registry that is at work.

A virtual machine's host may let others have its processors for a while: whoever asks then waits,
however quick the answer. How much of their time it withheld stands beside each line.
"""

import argparse
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy as np
import psutil

from benchmarks import load_client, load_registry, serving
from benchmarks.load_client import Measured, Target
from benchmarks.load_registry import Asked
from benchmarks.serving import HOST, REGISTRY
from registry.access import principals
from registry.access.roles import Role
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer

WARM_UP = 5.0
FLAT_OUT = 20.0
"""Seconds at the most for each number of connections on which as much is asked as is answered."""
HEADINGS = ("patient_no,last_name,first_name,name_kh,sex,dob,age_years,village_code,"
            "equity_card_no,national_id,phone,facility_code,registered_on")  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """All that runs are made with."""

    chosen: argparse.Namespace
    environment: dict[str, str]
    home: Path
    people: list[Asked]
    token: str


@dataclass(frozen=True)
class Run:
    """One line of the result: what was sent how, and what came of it.

    `withheld` is how much of the processors' time the machine's host gave to others, in percent.
    """

    name: str
    measured: Measured
    withheld: float

    def line(self) -> str:
        """As a row of a table."""
        one = self.measured
        return (
            f"| {self.name} | {one.rate:,.0f} | {one.quantile(0.5):.1f} | {one.quantile(0.99):.1f} "
            f"| {one.errors} | {self.withheld:.1f} |"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, or serve, ask and print."""
    chosen = _arguments().parse_args(arguments)
    url = EmbeddedServer.at(chosen.folder).start()
    if chosen.fill:
        _fill(chosen, url)
    else:
        _measure(chosen, url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="home of the registry that is asked")
    parser.add_argument("--fill", type=int, default=0, help="make so many persons there, no more")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 16, 32])
    parser.add_argument("--id-rate", type=float, default=500.0)
    parser.add_argument("--name-rate", type=float, default=30.0)
    parser.add_argument("--importing", type=int, default=0, help="rows imported meanwhile")
    return parser


def _fill(chosen: argparse.Namespace, url: str) -> None:
    engine = connect(url)
    upgrade(engine)
    started = time.perf_counter()
    with transaction(engine) as session:
        load_registry.fill(session, chosen.fill)
    load_registry.settle(engine)
    engine.dispose()
    print(f"{chosen.fill:,} persons filled in {time.perf_counter() - started:.0f} s")


def _measure(chosen: argparse.Namespace, url: str) -> None:
    home = chosen.folder
    environment = serving.environment(url, home)
    engine = connect(url)
    with transaction(engine) as session:
        people = load_registry.sample(session)
        token = principals.add_client(session, f"load {secrets.token_hex(4)}", Role.HEALTH_PROVIDER)
    engine.dispose()
    Random(1).shuffle(people)
    workers = chosen.workers
    with (
        serving.served(environment, ("-m", "benchmarks.bare"), workers=workers) as bare,
        serving.served(environment, workers=workers) as own,
    ):
        scene = Scene(chosen, environment, home, people, token)
        for line in _lines(scene, bare, own):
            print(line, flush=True)


def _lines(scene: Scene, bare: int, own: int) -> Iterator[str]:
    chosen, people, token = scene.chosen, scene.people, scene.token
    plain = Target(HOST, bare, [_bare(one) for one in people])
    by_id = Target(HOST, own, [_by_id(one, token) for one in people])
    by_name = Target(HOST, own, [_by_name(one, token) for one in people])
    for target in (plain, by_id, by_name):
        _apart("flat_out", target, connections=max(chosen.connections), seconds=WARM_UP)
    yield "| run | requests/s | p50 ms | p99 ms | errors | withheld % |\n|---|---|---|---|---|---|"
    best: dict[str, float] = {}
    seconds = min(chosen.seconds, FLAT_OUT)
    for connections in chosen.connections:
        for name, target in (("bare route", plain), ("eligibility by ID", by_id)):
            how = {"connections": connections, "seconds": seconds}
            run = _run(f"{name}, flat out on {connections}", "flat_out", target, how)
            best[name] = max(best.get(name, 0.0), run.measured.rate)
            yield run.line()
    paced = {"connections": 64, "seconds": chosen.seconds}
    yield _paced("eligibility by ID", by_id, chosen.id_rate, paced)
    if chosen.name_rate:
        yield _paced("by name and birth date", by_name, chosen.name_rate, paced)
    if chosen.importing:
        importing_it = (*REGISTRY, "import", "hef", str(_list(scene.home, chosen.importing)))
        with serving.running(importing_it, scene.environment, is_heard=False) as importing:
            yield _paced("by ID while a list is taken", by_id, chosen.id_rate, paced)
            yield f"the import {'went on' if importing.poll() is None else 'ended before'}"
    ratio = best["eligibility by ID"] / best["bare route"]
    yield f"ratio of throughput to the bare route, the best of each: {ratio:.2f}"


def _paced(name: str, target: Target, rate: float, how: dict[str, float]) -> str:
    return _run(f"{name}, {rate:.0f}/s", "at_rate", target, {"rate": rate, **how}).line()


def _run(name: str, how: str, target: Target, more: dict[str, float]) -> Run:
    psutil.cpu_times_percent()
    measured = _apart(how, target, **more)
    return Run(name, measured, getattr(psutil.cpu_times_percent(), "steal", 0.0))


def _apart(how: str, target: Target, **more: float) -> Measured:
    """Measure in a process of its own, so that this one's memory costs nothing."""
    with get_context("spawn").Pool(1) as pool:
        measured: Measured = pool.apply(getattr(load_client, how), (target,), dict(more))
    return measured


def _list(home: Path, rows: int) -> Path:
    """A list of patients who are in no other one."""
    home.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(rows)
    path = home / f"list-{rows}.csv"
    born = np.datetime64("1950-01-01") + rng.integers(0, 25_000, rows).astype("timedelta64[D]")
    words = ("Sok", "Chan", "Kim", "Phal", "Meas", "Rotana", "Dara", "Sophea", "Vanna", "Thy")
    name = rng.integers(0, len(words), (rows, 3))
    lines = [
        f"L{rows}-{at:07d},{words[name[at, 0]]},{words[name[at, 1]]} {words[name[at, 2]].lower()},,"
        f"{'MF'[at % 2]},{born[at]},,05090203,,,,,2025-01-02"
        for at in range(rows)
    ]
    path.write_text("\n".join((HEADINGS, *lines)) + "\n", "utf-8")
    return path


def _body(**question: str) -> bytes:
    today = datetime.now(UTC).date().isoformat()
    return json.dumps({"purpose": "treatment", "date": today, **question}).encode()


def _by_id(asked: Asked, token: str) -> bytes:
    body = _body(by="sp_id", sp_id=asked.sp_id)
    return load_client.request("/v1/eligibility", HOST, body, token)


def _by_name(asked: Asked, token: str) -> bytes:
    body = _body(
        by="name", name=asked.name, birth_date=asked.birth_date, sex=asked.sex,
        village=asked.village,
    )  # fmt: skip
    return load_client.request("/v1/eligibility", HOST, body, token)


def _bare(asked: Asked) -> bytes:
    return load_client.request("/bare", HOST, json.dumps({"sp_id": asked.sp_id}).encode())


if __name__ == "__main__":
    main()
