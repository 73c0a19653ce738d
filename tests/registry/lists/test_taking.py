"""Rows are taken while later ones are read, and seen when all are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry.database import transaction
from registry.lists import batches, imports, progress
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.lists.imports import Terms
from registry.lists.reading import Pace
from tests.registry.lists.test_imports import everything
from tests.registry.lists.test_ledger import Interrupted, interrupted_after, many
from tests.registry.sealed_rows import opened
from tests.registry.small_lists import DARA, SOKHA, SOKHA_AGAIN, hef

HEADINGS = ("equity card", "member id", "name", "sex", "date of birth", "relationship")
CARD = "05010806-4163"
WARNED = """
SELECT scheme_record_id, warnings
FROM record_version v JOIN source_record r ON r.id = v.record_id
WHERE warnings IS NOT NULL AND superseded_at IS NULL ORDER BY 1
"""

AN_EARLIER_DAY = """
UPDATE batch_chunk SET taking_seconds = 30, seconds = 1, kept_at = kept_at - interval '1 day'
"""


def warned(engine: Engine) -> list[tuple[str, list[str]]]:
    """Record numbers, and the codes of their warnings."""
    found = opened(engine, WARNED, warnings="problems")
    return [(number, [one["code"] for one in warnings]) for number, warnings in found]


def idpoor(folder: Path, relationships: Sequence[tuple[str, str]], name: str) -> Path:
    """A household whose members are born in a year and related to its head in a way."""
    path = folder / name
    members = [
        (CARD, f"{CARD}-{number:02d}", "Sok Dara", "f", born, relationship)
        for number, (born, relationship) in enumerate(relationships, start=1)
    ]
    lines = [",".join(cells) for cells in (HEADINGS, *members)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.core
def test_nothing_is_seen_before_all_rows_are_read(engine: Engine, tmp_path: Path) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]))
    before = {table: found for table, found in everything(engine).items() if "record" in table}
    seen = []

    def look(number: int) -> None:
        with transaction(engine) as session:
            if batches.find(session, number).status == BatchStatus.RECEIVED:
                found = everything(engine)
                seen.append({table: found[table] for table in before})

    changed = (*SOKHA[:-1], "2026-03-04")
    numbered = [(f"N{number}", *SOKHA[1:]) for number in range(6)]
    file = hef(tmp_path, [changed, *numbered, SOKHA_AGAIN], "later.csv")
    batch = imports.parse_file(engine, "hef", file, Terms(pace=Pace(1, 2), heard=look)).batch
    assert (batch.records_new, batch.records_changed) == (7, 1)
    assert len(seen) == 5
    assert all(found == before for found in seen)


@pytest.mark.core
def test_repeated_row_is_rejected_also_where_the_first_said_nothing_new(
    engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]))
    file = hef(tmp_path, [SOKHA, DARA, SOKHA_AGAIN, SOKHA], "later.csv")
    batch = imports.parse_file(engine, "hef", file, Terms(pace=Pace(1, 2))).batch
    assert (batch.records_new, batch.records_unchanged, batch.rows_rejected) == (1, 2, 1)
    query = "SELECT row, problems FROM rejected_row"
    [(row, [problem, *_])] = opened(engine, query, problems="problems")
    assert (row, problem["code"]) == (5, "record_number.repeated")
    assert "row 2" in problem["message"]


@pytest.mark.core
def test_what_rows_show_together_is_noted_once_however_often_they_are_taken(
    engine: Engine, tmp_path: Path
) -> None:
    whole = Terms(mode=Mode.SNAPSHOT, hold_share=0.2, pace=Pace(1, 1))
    five = [("1980", "head")] + [("2001", "child")] * 4
    imports.parse_file(engine, "idpoor", idpoor(tmp_path, five, "first.csv"), whole)
    strange = [("1970", "child"), ("1980", "head"), ("1990", "head")]
    file = idpoor(tmp_path, strange, "later.csv")
    with pytest.raises(Interrupted):
        imports.parse_file(
            engine, "idpoor", file,
            Terms(mode=Mode.SNAPSHOT, pace=Pace(1, 1), heard=interrupted_after(2).heard),
        )  # fmt: skip
    held = imports.parse_file(engine, "idpoor", file, whole).batch
    assert (held.status, held.records_ending) == (BatchStatus.HELD, 2)
    assert warned(engine) == []
    confirmed = imports.confirm(engine, held.id, whole)
    with transaction(engine) as session:
        found = {one.code: one.cells for one in batches.problems(session, confirmed)}
    assert warned(engine) == [
        (f"{CARD}-01", ["birth_date.before_mother"]), (f"{CARD}-03", ["household.two_heads"])
    ]  # fmt: skip
    assert (found["birth_date.before_mother"], found["household.two_heads"]) == (1, 1)


def test_time_left_counts_what_has_to_be_taken_again(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        imports.parse_file(engine, "hef", many(tmp_path), interrupted_after(3))
    left = []
    for since in (None, timedelta(), timedelta(seconds=40)):
        with transaction(engine) as session:
            session.execute(text(AN_EARLIER_DAY))
            found = session.get_one(Batch, 1)
            found.taking_since = None if since is None else datetime.now(UTC) - since
            session.flush()
            left.append(progress.read(session, 1).seconds_left or 0)
    assert left[1] == pytest.approx(left[0] + 90, abs=5)
    assert left[2] == pytest.approx(left[0] + 50, abs=5)
