"""What officers see of a weight is what the engine added up."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from registry.database import transaction
from registry.lists import imports
from registry.matching import evidence
from registry.people.pairs import ScoredPair

LISTS = ("hef.csv", "disability.csv")


@pytest.fixture
def linked(engine: Engine, samples: Path) -> Engine:
    for name in LISTS:
        imports.parse_file(engine, Path(name).stem, samples / name)
    imports.link(engine)
    return engine


def test_contributions_sum_to_the_stored_weight_and_none_is_shown_otherwise(
    linked: Engine,
) -> None:
    with transaction(linked) as session:
        waiting = session.execute(
            text("SELECT left_record_id, right_record_id FROM review ORDER BY id LIMIT 60")
        ).all()
        assert len(waiting) > 10
        for left, right in waiting:
            found = evidence.of_pair(session, right, left)
            stored = session.get_one(ScoredPair, (left, right))
            assert found is not None, (left, right, stored.weight)
            assert found.weight == pytest.approx(stored.weight, abs=evidence.A_STEP)
            assert found.contributions[0].name == "prior"
        left, right = waiting[0]
        session.execute(
            text(
                "UPDATE record_version SET birth_date = '1901-02-03', sex = NULL"
                " WHERE record_id = :id"
            ),
            {"id": left},
        )
        assert evidence.of_pair(session, left, right) is None
        unpaired = session.scalar(select(ScoredPair.left_record_id).limit(1)) or 0
        assert evidence.of_pair(session, unpaired, 10**9) is None
