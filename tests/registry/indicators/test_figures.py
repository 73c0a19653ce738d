"""Each figure is what a plain count says."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.errors import Misconfigured, NotFound
from registry.indicators import catalogue, population, snapshot
from registry.indicators.coverage import ANY, UNKNOWN
from registry.indicators.figure import Figure, Mark
from registry.indicators.population import Group
from registry.indicators.snapshot import Snapshot
from registry.records import survivorship
from tests.registry.indicators import people
from tests.registry.indicators.people import NOW, SCHEMES, TODAY

PERSONS = 250
_ACTIVE = (
    "(enrolment_valid_from IS NULL OR enrolment_valid_from <= '2026-06-01')"
    " AND (enrolment_valid_until IS NULL OR enrolment_valid_until >= '2026-06-01')"
)
_HELD = "link JOIN source_record s ON s.id = record_id JOIN record_version v USING (record_id)"

REVIEWS = """
INSERT INTO review (left_record_id, right_record_id, weight, model, reason, status, opened_at)
SELECT n, n + 1, 1, 'm', (ARRAY['possible', 'twins'])[n % 2 + 1],
  (ARRAY['open', 'second', 'disputed', 'decided'])[n % 3 + 1 + n / 15], :now - n * interval '3 days'
FROM generate_series(1, 20) AS n
"""
FINDINGS = """
INSERT INTO finding (kind, person_id, cause, evidence, opened_at, closed_at)
SELECT kind, 1 + n % 10, kind || n, '[]', :now, CASE WHEN n % 10 < 5 THEN NULL ELSE :now END
FROM generate_series(0, 19) AS n,
  unnest(ARRAY['child_past_two', 'refer_sixty']) AS kind
"""


@pytest.fixture
def counted(session: Session) -> Snapshot:
    people.write(session, PERSONS)
    return snapshot.current(session, NOW)


def figure(counted: Snapshot, code: str) -> dict[tuple[str, ...], dict[str, object]]:
    made = catalogue.figure(code, counted, population.read(), sees_small_counts=True)
    return {line.about: dict(zip(made.columns, line.values, strict=True)) for line in made.lines}


def one(session: Session, query: str) -> int:
    return int(session.scalar(text(query)) or 0)


def test_coverage_by_scheme_is_a_plain_count(session: Session, counted: Snapshot) -> None:
    found = figure(counted, "coverage_by_scheme")
    persons = f"SELECT count(DISTINCT person_id) FROM {_HELD} WHERE {_ACTIVE}"
    homes = f"SELECT count(DISTINCT enrolment_household) FROM {_HELD} WHERE {_ACTIVE}"
    assert found[(ANY,)]["persons"] == one(session, persons)
    for scheme in SCHEMES:
        assert found[(scheme,)]["persons"] == one(session, f"{persons} AND scheme = '{scheme}'")
        assert found[(scheme,)]["households"] == one(session, f"{homes} AND scheme = '{scheme}'")


def test_coverage_by_place_sex_and_age_is_that_of_the_best_values(
    session: Session, counted: Snapshot
) -> None:
    expected: Counter[tuple[str, str, str]] = Counter()
    for person in active_persons(session):
        best = survivorship.view(session, person)
        values = {name: chosen.best.value for name, chosen in best.items()}
        birth = values.get("birth_date", "").rstrip("~")
        expected[
            values.get("village", UNKNOWN)[: 7 if "village" not in values else 2],
            values.get("sex", UNKNOWN),
            age_group(birth),
        ] += 1
    by_province = figure(counted, "coverage_by_province")
    for province in {key[0] for key in expected}:
        persons = sum(count for key, count in expected.items() if key[0] == province)
        assert by_province[(province,)][ANY] == persons
    by_age = figure(counted, "coverage_by_sex_and_age")
    for age in {key[2] for key in expected}:
        for sex in ("female", "male", UNKNOWN):
            persons = sum(n for key, n in expected.items() if key[1:] == (sex, age))
            assert by_age[(ANY, age)][sex] == persons


def active_persons(session: Session) -> Iterator[int]:
    return iter(session.scalars(text(f"SELECT DISTINCT person_id FROM {_HELD} WHERE {_ACTIVE}")))


def age_group(birth: str) -> str:
    if not birth:
        return UNKNOWN
    born = birth + {4: "-07-01", 7: "-15", 10: ""}[len(birth)]
    for group, limit in (("0-1", 2), ("2-4", 5), ("5-14", 15), ("15-59", 60)):
        if born > TODAY.replace(year=TODAY.year - limit).isoformat():
            return group
    return "60+"


def test_overlap_and_combinations_are_plain_counts(session: Session, counted: Snapshot) -> None:
    both = one(
        session,
        "SELECT count(*) FROM (SELECT person_id FROM "
        f"{_HELD} WHERE {_ACTIVE} AND scheme IN ('hef', 'idpoor')"
        " GROUP BY 1 HAVING count(DISTINCT scheme) = 2) AS a",
    )
    assert figure(counted, "overlap")[("hef",)]["idpoor"] == both > 0
    alone = one(
        session,
        f"SELECT count(*) FROM (SELECT person_id FROM {_HELD} WHERE {_ACTIVE} GROUP BY 1"
        " HAVING array_agg(DISTINCT scheme) = '{hef}') AS a",
    )
    assert figure(counted, "combinations")[("hef",)]["persons"] == alone > 0


@pytest.mark.parametrize(
    ("column", "condition"),
    [
        ("records", "true"),
        ("national_id", "national_id IS NOT NULL"),
        ("full_birth_date", "length(birth_date) = 10"),
        ("full_village", "length(village) = 8"),
        ("flagged", "warnings IS NOT NULL"),
        ("expired", "enrolment_valid_until < '2026-06-01'"),
    ],
)
def test_quality_of_a_list_is_a_plain_count(
    session: Session, counted: Snapshot, column: str, condition: str
) -> None:
    expected = f"SELECT count(*) FROM {_HELD} WHERE scheme = 'hef' AND {condition}"
    assert figure(counted, "list_quality")[("hef",)][column] == one(session, expected) > 0


def test_links_and_months_are_plain_counts(session: Session, counted: Snapshot) -> None:
    likely = one(session, "SELECT count(*) FROM link WHERE kind = 'likely'")
    assert figure(counted, "links")[("likely",)]["records"] == likely > 0
    in_april = one(
        session,
        "SELECT count(*) FROM link WHERE kind = 'new'"
        " AND linked_at >= '2026-04-01 00:00+00' AND linked_at < '2026-05-01 00:00+00'",
    )
    assert figure(counted, "over_time")[("2026-04",)]["link: new"] == in_april > 0


def test_backlog_findings_and_referrals_are_plain_counts(session: Session) -> None:
    people.write(session, 40)
    session.execute(text(REVIEWS), {"now": NOW})
    session.execute(text(FINDINGS), {"now": NOW})
    counted = snapshot.current(session, NOW)
    waiting = "SELECT count(*) FROM review WHERE status <> 'decided' AND reason = 'possible'"
    older = "opened_at <= timestamptz '2026-06-01 09:00+00' - interval '30 days'"
    backlog = figure(counted, "backlog")[("possible",)]
    assert sum(value for value in backlog.values() if isinstance(value, int)) == one(
        session, waiting
    )
    assert backlog["older"] == one(session, f"{waiting} AND {older}") > 0
    of_kind = "SELECT count(DISTINCT person_id) FROM finding WHERE closed_at IS NULL AND kind ="
    for code, kind in (("findings", "child_past_two"), ("referrals", "refer_sixty")):
        found = figure(counted, code)[(kind,)]["persons"]
        assert found == one(session, f"{of_kind} '{kind}'") == 5


def test_lists_tell_what_was_rejected(counted: Snapshot) -> None:
    taken = figure(counted, "lists")[("hef",)]
    assert (taken["rows_read"], taken["rows_rejected"], taken["share_rejected"]) == (40, 3, 3 / 40)


def test_figures_are_counted_again_when_they_are_five_minutes_old(session: Session) -> None:
    first = snapshot.current(session, NOW)
    people.write(session, 3)
    assert snapshot.current(session, NOW + timedelta(minutes=5)) == first
    later = snapshot.current(session, NOW + timedelta(minutes=5, seconds=1))
    assert (first.holdings.persons, later.holdings.persons) == (0, 3)
    assert later.taken_at == NOW + timedelta(minutes=5, seconds=1)


def test_the_public_sees_no_small_count_and_no_share_of_one(counted: Snapshot) -> None:
    whole = catalogue.figure(
        "coverage_by_sex_and_age", counted, population.read(), sees_small_counts=True
    )
    shown = whole.for_the_public()
    small = {value for value in numbers(shown) if 0 < value < 5}
    assert small == set()
    assert {value for value in numbers(whole) if 0 < value < 5} != set()
    assert any(Mark.HIDDEN in line.values for line in shown.lines)
    assert "hidden" in shown.as_csv()


def numbers(figure: Figure) -> Iterator[int]:
    return (value for line in figure.lines for value in line.values if isinstance(value, int))


def test_every_figure_can_be_made_of_an_empty_registry(session: Session) -> None:
    empty = snapshot.current(session, NOW)
    for code in catalogue.FIGURES:
        made = catalogue.figure(code, empty, population.read(), sees_small_counts=False)
        assert made.code == code
        assert made.as_csv().count("\n") == len(made.lines) + 1


def test_unknown_figure_is_not_found(session: Session) -> None:
    empty = snapshot.current(session, NOW)
    with pytest.raises(NotFound, match="coverage_by_scheme"):
        catalogue.figure("weather", empty, population.read(), sees_small_counts=True)


def test_installation_gives_its_own_population(tmp_path: Path) -> None:
    given = tmp_path / "population.csv"
    given.write_text("province,sex,age,persons,source\n12,,,1000,a survey\n")
    assert population.read(given).share(250, Group(province="12")) == 0.25
    assert population.read(given).share(250, Group()) is None
    given.write_text("province,persons\n12,many\n")
    with pytest.raises(Misconfigured, match="province, sex, age, persons, source"):
        population.read(given)
