"""`registry review`: an officer works through the queue on the command line."""

import re

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from registry.access import officers
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.cli import application
from registry.database import transaction
from registry.errors import Forbidden
from registry.people.reviews import Review
from registry.reviewing import review_queue
from tests.registry.reviewing.test_review_queue import undrawn, with_reviews
from tests.registry.small_world import START


@pytest.fixture
def waiting(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of the one review that waits, in a registry with an officer and an auditor."""
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")
    with transaction(engine) as session:
        with_reviews(session, 3)
        for login, role in (("dara", Role.DATA_OFFICER), ("chan", Role.AUDITOR)):
            officers.add(session, NewOfficer(login, login, frozenset({role})), START)
        return undrawn(session).id


def review(*arguments: str, officer: str = "dara") -> Result:
    return CliRunner().invoke(application("review"), ["review", *arguments, "--officer", officer])


def shown(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_pair_is_claimed_decided_and_undone(engine: Engine, waiting: int) -> None:
    listed = CliRunner().invoke(application("review"), ["review", "list"])
    assert re.search(r"hef \d+  hef \d+", shown(listed))
    pair = shown(review("next"))
    told = re.search(rf"registry review decide {waiting} \S+ --version (\d+)", pair)
    assert told is not None, pair
    decided = shown(review("decide", str(waiting), "different", "--version", told[1]))
    assert f"Review {waiting} is decided" in decided
    assert "Nothing waits." in shown(review("next"))
    word = re.search(r"(\d+) +│ +\d+ +│ different", shown(review("said")))
    assert word is not None
    assert re.search(r"is undone\. Review \d+ waits", shown(review("undo", word[1])))
    with transaction(engine) as session:
        audited = session.scalars(text("SELECT DISTINCT actor FROM audit_entry")).all()
        assert audited == ["dara"]


def test_claimed_review_is_released_for_others(engine: Engine, waiting: int) -> None:
    shown(review("claim", str(waiting)))
    shown(review("release", str(waiting)))
    with transaction(engine) as session:
        assert session.get_one(Review, waiting).claimed_by is None
        assert review_queue.claim(session, "bopha", START) is not None


def test_who_may_not_decide_reviews_sees_none(waiting: int) -> None:
    refused = review("next", officer="chan")
    assert isinstance(refused.exception, Forbidden)
    assert str(waiting) not in refused.stdout


def test_doubt_needs_its_reason(waiting: int) -> None:
    assert review("decide", str(waiting), "unsure", "--version", "1").exit_code != 0
