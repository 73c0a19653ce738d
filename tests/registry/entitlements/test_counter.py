"""One field at a counter: what a text may be, and when nobody is certain."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from registry.entitlements import counter, coverage_rules
from registry.entitlements.counter import Typed
from registry.entitlements.coverage import Coverage
from registry.entitlements.eligibility import Asking
from registry.lookups.lookup import Reader
from registry.settings import Settings

SCHEMES = ("idpoor", "hef", "nssf")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2345 6789 0124", {"sp_id"}),
        ("២៣៤៥ ៦៧៨៩ ០១២៤", {"sp_id"}),
        ("2345 6789 0125", {"equity_card", *SCHEMES}),
        ("096371764", {"national_id", *SCHEMES}),
        ("05090203-8107", {"equity_card", *SCHEMES}),
        ("P0509020002487", {*SCHEMES}),
        ("Phal Rotana", {"name"}),
        ("ផល រតនា", {"name"}),
    ],
)
def test_text_is_asked_as_every_number_that_it_can_be(text: str, kinds: set[str]) -> None:
    assert set(counter.meanings(Typed(text, "2002"), SCHEMES)) == kinds


def test_name_needs_a_birth_date() -> None:
    assert Typed("Phal Rotana").lacks_birth_date
    assert not Typed("Phal Rotana", "2002").lacks_birth_date
    assert not Typed("096371764").lacks_birth_date


@pytest.mark.parametrize("text", ["2345 6789 0124", "096371764", "05090203-8107"])
def test_number_that_nobody_holds_is_unknown_and_never_a_no(session: Session, text: str) -> None:
    asking = Asking(Reader("clinic", "treatment", NOW), coverage_rules.of_installation(Settings()))
    answer = counter.ask(session, Typed(text), date(2026, 6, 1), asking)
    assert answer.coverage == Coverage.UNKNOWN
    assert answer.person is None
    assert answer.resolved_by
