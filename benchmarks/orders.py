"""The same lists in three orders and as 50 small batches: the same persons, byte for byte.

    python -m benchmarks.orders FOLDER --samples registry/samples/lists

The five lists are loaded into an empty registry in each of three orders, linked after each list,
and once more cut into ten parts each, taken by turns: 50 batches. What `registry export links`
writes, the SP IDs replaced by numbers in the order of their first record, must have one digest; so
must the likely links and what waits for officers. Small registries are linked with the shipped
model, larger ones with a model that they learn whenever a record has changed. `--link-every` links
after so many of the small batches, not after each, which spares learning. With `--shipped` people
have chosen the shipped model: nothing is learned, and every list but the first is weighed against
what is there.
"""

import argparse
import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.registry_state import State, state
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.lists import imports
from registry.matching import models
from registry.tables import Row, read

Sent = tuple[str, Path]
SCHEMES = ("idpoor", "hef", "nssf", "cash_transfer", "disability")
ORDERS = (SCHEMES, SCHEMES[::-1], ("nssf", "cash_transfer", "idpoor", "disability", "hef"))
PARTS = 10
HEADED = 3
"""Cells of a row that is more than a title."""


def in_order(samples: Path, order: tuple[str, ...]) -> list[Sent]:
    """The lists, whole."""
    return [(scheme, next(iter(samples.glob(f"{scheme}.*")))) for scheme in order]


def in_parts(samples: Path, folder: Path) -> list[Sent]:
    """The lists cut into parts, taken by turns."""
    cut = [
        (number, (scheme, part))
        for scheme, file in in_order(samples, SCHEMES)
        for number, part in enumerate(_parts(scheme, file, folder))
    ]
    return [sent for _, sent in sorted(cut, key=lambda one: one[0])]


def _parts(scheme: str, file: Path, folder: Path) -> Iterator[Path]:
    with read(file) as table:
        rows: list[Row] = list(table.sheets[0].rows())
    first = next(at for at, row in enumerate(rows) if len(row.cells) >= HEADED)
    headings, rows = rows[first], rows[first + 1 :]
    size = -(-len(rows) // PARTS)
    for number in range(PARTS):
        path = folder / f"{scheme}-{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(headings.cells)
            writer.writerows(row.cells for row in rows[number * size : (number + 1) * size])
        yield path


@dataclass(frozen=True)
class Way:
    """How lists are loaded: which, after how many they are linked, and with which model."""

    name: str
    sent: list[Sent]
    link_every: int
    is_shipped: bool


def load(url: str, way: Way) -> State:
    """What an empty registry makes of the lists that it is sent."""
    name, sent = way.name, way.sent
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    engine = connect(make_url(url).set(database=name).render_as_string(hide_password=False))
    upgrade(engine)
    if way.is_shipped:
        with transaction(engine) as session:
            models.choose(session, models.shipped(session), datetime.now(UTC))
    started = time.perf_counter()
    for number, (scheme, file) in enumerate(sent, start=1):
        imports.parse_file(engine, scheme, file)
        if number % way.link_every == 0 or number == len(sent):
            linked = imports.link(engine)
    with transaction(engine) as session:
        made = state(session)
    engine.dispose()
    print(
        f"| {name.replace('_', ' ')} | {len(sent)} | {linked.records:,} | {linked.persons:,} "
        f"| `{made.partition}` | `{made.likely}` | `{made.waiting}` "
        f"| {time.perf_counter() - started:.0f} |",
        flush=True,
    )
    return made


def main() -> None:
    """Load the lists in all ways and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--link-every", type=int, default=1)
    parser.add_argument("--shipped", action="store_true")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    url = EmbeddedServer.at(chosen.folder / "home").start()
    print("| loaded | batches | records | persons | partition | likely links | waiting | s |")
    print("| --- | ---: | ---: | ---: | --- | --- | --- | ---: |")
    made = [
        load(url, Way(f"order_{number}", in_order(chosen.samples, order), 1, chosen.shipped))
        for number, order in enumerate(ORDERS, start=1)
    ]
    parts = in_parts(chosen.samples, chosen.folder)
    made.append(load(url, Way("small_batches", parts, chosen.link_every, chosen.shipped)))
    if any(other != made[0] for other in made):
        raise SystemExit("The orders come to different persons.")


if __name__ == "__main__":
    main()
