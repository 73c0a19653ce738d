"""Rules of coverage are data, and are refused when they are not in order."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from registry.entitlements import coverage, coverage_rules
from registry.entitlements.coverage import Coverage, Lists, Reason
from registry.entitlements.coverage_words import FALLBACKS, REASONS
from registry.errors import Misconfigured
from registry.lookups.confirmation import confirming
from registry.records.enrolments import Enrolment
from registry.schemes.mapped import load_scheme

DAY = date(2026, 6, 1)
FEEDING = """
code: school_feeding
name: School Feeding Programme
name_km: កម្មវិធីអាហារតាមសាលារៀន
stale_after_days: 30
headings: {record_number: [Pupil No]}
"""


def held(scheme: str, **more: str | None) -> Enrolment:
    values = {"household": None, "category": None, "status": None, "born": None, **more}
    return Enrolment(
        person=1, scheme=scheme, number="1", valid_from=None, valid_until=None, **values
    )


def lists(rules: coverage.Rules, taken: str = "2026-05-20") -> Lists:
    at = datetime.fromisoformat(taken).replace(tzinfo=UTC)
    return Lists(dict.fromkeys(rules.schemes, at), DAY)


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(content, "utf-8")
    return path


def test_first_payer_that_covers_pays() -> None:
    rules = coverage_rules.load()
    poor, worker = held("idpoor", category="poor_1"), held("nssf")
    assert coverage.judge([poor, worker], lists(rules), rules).payer == "nssf"
    assert coverage.judge([poor], lists(rules), rules).payer == "hef"
    assert coverage.judge([held("disability")], lists(rules), rules).payer is None


def test_rules_of_a_file_take_the_place_of_our_own(tmp_path: Path) -> None:
    rule = "{gives: care, gives_km: ការថែទាំ, list_lasts_days: 30, categories: [a]}"
    path = written(tmp_path, f"payers: [hef]\nschemes: {{hef: {rule}}}")
    rules = coverage_rules.load(path)
    [answer] = coverage.judge([held("hef", category="b")], lists(rules), rules).schemes
    assert (answer.coverage, answer.reason) == (Coverage.NOT_COVERED, Reason.OTHER_CATEGORY)


def test_card_of_a_list_that_lasts_longer_covers_through_it() -> None:
    rules = coverage_rules.load()
    known = Lists(
        {"idpoor": datetime(2024, 1, 1, tzinfo=UTC), "hef": datetime(2026, 5, 1, tzinfo=UTC)}, DAY
    )
    answers = coverage.judge([held("idpoor", category="poor_2")], known, rules).schemes
    assert {each.scheme for each in answers if each.coverage == Coverage.COVERED} == {
        "idpoor", "hef",
    }  # fmt: skip


def test_configured_scheme_covers_as_long_as_its_description_says(tmp_path: Path) -> None:
    scheme = load_scheme(written(tmp_path, FEEDING))
    rules = coverage_rules.load(configured={scheme.code: scheme})
    fresh = coverage.judge([held("school_feeding")], lists(rules), rules).schemes[-1]
    stale = coverage.judge([held("school_feeding")], lists(rules, "2026-05-01"), rules).schemes[-1]
    assert (fresh.coverage, stale.coverage) == (Coverage.COVERED, Coverage.UNKNOWN)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("schemes: {}", "schemes"),
        ("schemes: {hef: {gives: x, gives_km: y, list_lasts_days: 0}}", "list_lasts_days"),
        ("schemes: {hef: {gives: x, gives_km: y, list_lasts_days: 9, through: [army]}}", "army"),
        ("schemes: {army: {gives: x, gives_km: y, list_lasts_days: 9}}", "army"),
        ("payers: [nssf]\nschemes: {hef: {gives: x, gives_km: y, list_lasts_days: 9}}", "nssf"),
        ("{", "cannot be read"),
    ],
)
def test_rules_out_of_order_are_refused(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        coverage_rules.load(written(tmp_path, content))


def test_everything_is_told_in_both_languages() -> None:
    assert set(FALLBACKS) == set(Coverage)
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize(
    ("khmer", "latin", "initials"),
    [
        ("ផល រតនា", "phal rotana", ("ផ. រ.", "P. R.")),
        ("ស្រី ស្រស់", None, ("ស្រ. ស្រ.", None)),
        (None, "o'neil", (None, "O.")),
        (None, None, (None, None)),
    ],
)
def test_initials_are_of_clusters(
    khmer: str | None, latin: str | None, initials: tuple[str | None, str | None]
) -> None:
    shown = confirming(khmer, latin, "1990~")
    assert (shown.initials_khmer, shown.initials_latin) == initials
    assert shown.birth_year == 1990
