"""Models: trained, compared, chosen, and put back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from benchmarks.population import main as populate
from linkage import cambodia
from registry.database import transaction
from registry.errors import Conflict, NotFound
from registry.lists import imports
from registry.matching import learning, model_life, models
from registry.people import clusters, engines, links, partition
from registry.people.decisions import Verdict, Word

Row = tuple[str, str, str]
NOW = datetime(2026, 7, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 2, tzinfo=UTC)


def test_the_shipped_model_is_in_use_until_another_is_chosen(engine: Engine) -> None:
    with transaction(engine) as session:
        assert models.in_use(session).is_shipped
        assert cambodia.to_json(models.trained(models.shipped_body())) == models.shipped_body()


def test_too_few_records_teach_nothing(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(Conflict, match="too few"):
        learning.train(session)


def test_a_model_that_is_not_kept_cannot_be_chosen(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(NotFound):
        model_life.use(session, "0123456789ab", NOW)


@pytest.fixture
def linked(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("lists")
    populate([str(folder), "--people", "1500", "--seed", "8", "--noise", "1.5"])
    for scheme in ("idpoor", "hef"):
        imports.parse_file(engine, scheme, folder / f"{scheme}.csv")
    imports.link(engine)
    return engine


def test_what_a_comparison_says_comes_true_and_is_undone(linked: Engine) -> None:
    with transaction(linked) as session:
        before = list(partition.rows(session))
        old, new = models.in_use(session).version, learning.train(session).version
        assert not models.find(session, new).is_shipped
        found = model_life.compare(session, old, new, NOW)
        assert list(partition.rows(session)) == before
        assert models.in_use(session).version == old

        model_life.use(session, new, NOW)
        assert engines.engine_in_use(session).model == new
        assert found.moved == _moved(before, list(partition.rows(session)))
        model_life.use(session, old, LATER)
        assert not _moved(before, list(partition.rows(session)))


def test_a_decision_stands_whichever_model_is_used(linked: Engine) -> None:
    with transaction(linked) as session:
        old, new = models.in_use(session).version, learning.train(session).version
        ends = session.execute(
            text("SELECT left_record_id, right_record_id FROM scored_pair ORDER BY weight LIMIT 1")
        ).one()
        clusters.judge(session, Word(ends[0], ends[1], Verdict.SAME, "Dara"), NOW)
        decided = list(partition.rows(session))
        for version, now in ((new, NOW), (old, LATER)):
            model_life.use(session, version, now)
            assert len(set(links.holders(session, list(ends)).values())) == 1
        assert not _moved(decided, list(partition.rows(session)))


def test_a_registry_learns_from_its_records_until_people_choose(
    linked: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(linked) as session:
        monkeypatch.setattr(learning, "ENOUGH_RECORDS", 500)
        own = learning.current(session, NOW).model
        assert not own.is_shipped
        assert own.version == learning.train(session).version
        assert not model_life.drift(session).is_training_advised

        monkeypatch.setattr(learning, "MOST_RECORDS", 501)
        session.execute(text("UPDATE record_version SET phone = NULL WHERE superseded_at IS NULL"))
        assert learning.current(session, NOW).model.version == own.version, "learned once is enough"
        monkeypatch.setattr(learning, "MOST_RECORDS", 50_000)
        assert learning.current(session, NOW).model.version != own.version

        models.choose(session, own, LATER)
        assert learning.current(session, LATER).model.version == own.version, "people chose"


def _moved(before: list[Row], after: list[Row]) -> tuple[tuple[str, str], ...]:
    """Records whose person has other records than before."""

    def mates(rows: list[Row]) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
        groups: dict[str, set[tuple[str, str]]] = {}
        for scheme, number, sp_id in rows:
            groups.setdefault(sp_id, set()).add((scheme, number))
        return {one: frozenset(group) for group in groups.values() for one in group}

    was, now = mates(before), mates(after)
    return tuple(sorted(one for one in was if was[one] != now[one]))
