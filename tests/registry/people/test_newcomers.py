"""Newcomers, settled column by column, are who they would be one by one."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.people import clusters
from tests.registry.small_world import Said, World

FORGET = ("link", "engine_link", "review", "person")
SETTLED = (
    """SELECT record_id, min(record_id) OVER (PARTITION BY person_id), kind, weight, model, actor,
    decision_id, linked_at, superseded_at FROM link ORDER BY record_id""",
    """SELECT record_id, min(record_id) OVER (PARTITION BY person_id), after_decision, linked_at,
    superseded_at FROM engine_link ORDER BY record_id""",
    """SELECT left_record_id, right_record_id, weight, model, reason, priority, status, opened_at
    FROM review ORDER BY id""",
    "SELECT count(*), count(DISTINCT sp_id), min(registered_at) FROM person",
)


def settled(session: Session, world: World) -> list[list[tuple[Any, ...]]]:
    with session.begin_nested() as kept:
        clusters.recluster_all(session, world.now)
        found = [[tuple(row) for row in session.execute(text(query))] for query in SETTLED]
        kept.rollback()
    return found


def test_newcomers_are_settled_as_others_are(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(session)
    said = [
        Said(name, birth, national_id, card, "p1")
        for name, birth, (national_id, card) in product(
            ("dara", "sokha"), ("1990-05-04", "1971", None),
            ((None, None), (None, "c1"), ("111111111", "c1"), ("222222222", None)),
        )
    ]  # fmt: skip
    schemes = ("hef", "nssf")
    world.load([((schemes[at % 2], str(at)), one) for at, one in enumerate(said)])
    for table in FORGET:
        session.execute(text(f"DELETE FROM {table}"))
    one_by_one = settled(session, world)
    monkeypatch.setattr(clusters, "AT_ONCE", 1)
    assert settled(session, world) == one_by_one
    assert {"new", "automatic"} <= {row[2] for row in one_by_one[0]}
    assert one_by_one[2]
