"""In whichever order and batches lists come, the same records make the same persons."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from benchmarks.population import main as populate
from registry.database import connect, transaction
from registry.lists import imports
from registry.people import partition
from tests.conftest import _create, _drop, _url

Sent = tuple[str, Path]
SCHEMES = ("idpoor", "hef", "nssf", "cash_transfer", "disability")
ORDERS = (SCHEMES, SCHEMES[::-1], ("nssf", "cash_transfer", "idpoor", "disability", "hef"))
ROWS_A_BATCH = int(os.environ.get("REGISTRY_TEST_BATCH_ROWS", "60"))


@pytest.fixture
def registries(server_url: str, template: str) -> Iterator[Callable[[], Engine]]:
    """Makes an empty registry as often as it is called."""
    made: list[tuple[str, Engine]] = []

    def new() -> Engine:
        name = f"registry_order_{os.getpid()}_{len(made)}"
        _create(server_url, name, template)
        made.append((name, connect(_url(server_url, name))))
        return made[-1][1]

    yield new
    for name, engine in made:
        engine.dispose()
        _drop(server_url, name)


def state_after(engine: Engine, sent: list[Sent]) -> tuple[object, ...]:
    """Who is grouped with whom, how the records are linked, and what waits for officers."""
    for scheme, file in sent:
        imports.parse_file(engine, scheme, file)
        imports.link(engine)
    with transaction(engine) as session:
        places: dict[str, int] = {}
        groups = [
            (scheme, number, places.setdefault(sp_id, len(places)))
            for scheme, number, sp_id in partition.rows(session)
        ]
        likely = session.execute(
            text("SELECT s.scheme, s.scheme_record_id FROM link l"
                 " JOIN source_record s ON s.id = l.record_id"
                 " WHERE l.superseded_at IS NULL AND l.kind = 'likely' ORDER BY 1, 2")
        ).all()  # fmt: skip
        waiting = session.execute(
            text("SELECT least(a.scheme || a.scheme_record_id, b.scheme || b.scheme_record_id),"
                 " greatest(a.scheme || a.scheme_record_id, b.scheme || b.scheme_record_id),"
                 " weight, reason, priority FROM review"
                 " JOIN source_record a ON a.id = left_record_id"
                 " JOIN source_record b ON b.id = right_record_id"
                 " WHERE status = 'open' ORDER BY 1, 2")
        ).all()  # fmt: skip
    return groups, likely, waiting


def in_batches(folder: Path) -> list[Sent]:
    """The lists cut into small ones, taken by turns."""
    cut: list[tuple[int, Sent]] = []
    for scheme in SCHEMES:
        rows = pd.read_csv(folder / f"{scheme}.csv", dtype=str, keep_default_na=False)
        for at, start in enumerate(range(0, len(rows), ROWS_A_BATCH)):
            file = folder / f"{scheme}-{at}.csv"
            rows.iloc[start : start + ROWS_A_BATCH].to_csv(file, index=False)
            cut.append((at, (scheme, file)))
    return [sent for _, sent in sorted(cut, key=lambda one: one[0])]


def test_order_and_batches_of_lists_make_no_difference(
    registries: Callable[[], Engine], tmp_path: Path
) -> None:
    populate([str(tmp_path), "--people", "700", "--seed", "9", "--noise", "1.5"])
    orders = [[(scheme, tmp_path / f"{scheme}.csv") for scheme in order] for order in ORDERS]
    first, *others = (state_after(registries(), sent) for sent in (*orders, in_batches(tmp_path)))
    assert all(first)
    for other in others:
        assert other == first
