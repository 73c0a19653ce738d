"""Limits: how often, by whom, shared by all processes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from registry.access.limits import (
    LIMITS,
    MOST_FAILURES,
    MOST_IN_A_ROW,
    MOST_MISSES,
    MOST_WIDE,
    USUAL,
    Limit,
    Limiter,
    by_purpose,
)
from registry.access.principals import Principal
from registry.access.roles import Permission, Role
from registry.auditing.signs import Signs
from registry.database import transaction
from registry.errors import TooMany

NOW = datetime(2026, 5, 4, 3, 2, 10, tzinfo=UTC)
CLINIC = Principal("client", 1, "clinic", frozenset({Role.HEALTH_PROVIDER}))
OTHER = Principal("client", 2, "other", frozenset({Role.HEALTH_PROVIDER}))
OFFICER = Principal("officer", 1, "officer", frozenset({Role.DATA_OFFICER}))
ASK = Permission.ASK_ELIGIBILITY
A_MINUTE = LIMITS[ASK].minute


def use(limiter: Limiter, times: int, who: Principal = CLINIC, now: datetime = NOW) -> None:
    for _ in range(times):
        limiter.count(who, ASK, now)


def test_as_many_as_the_limit_and_not_one_more(engine: Engine) -> None:
    limiter = Limiter(engine)
    use(limiter, A_MINUTE)
    with pytest.raises(TooMany) as refused:
        use(limiter, 1)
    assert refused.value.wait == timedelta(seconds=50)
    use(limiter, 1, now=NOW + timedelta(seconds=50))


def test_everybody_and_everything_has_limits_of_its_own(engine: Engine) -> None:
    limiter = Limiter(engine)
    use(limiter, A_MINUTE)
    use(limiter, 1, OTHER)
    use(limiter, 1, OFFICER)
    limiter.count(CLINIC, Permission.LOOK_UP, NOW)


def test_processes_share_what_they_counted(engine: Engine) -> None:
    one, two = Limiter(engine), Limiter(engine)
    use(one, A_MINUTE // 2)
    use(two, A_MINUTE // 2)
    for limiter in (one, two, one):
        limiter.meet(NOW)
    for limiter in (one, two):
        with pytest.raises(TooMany):
            use(limiter, 1)


def test_meeting_again_counts_nothing_twice(engine: Engine) -> None:
    limiter = Limiter(engine)
    use(limiter, 7)
    for _ in range(3):
        limiter.meet(NOW)
    with transaction(engine) as session:
        assert set(session.scalars(text("SELECT count FROM use_count"))) == {7}
    use(limiter, A_MINUTE - 7)
    with pytest.raises(TooMany):
        use(limiter, 1)


def test_day_has_a_limit_too(engine: Engine) -> None:
    limiter = Limiter(engine, factor=1 / LIMITS[ASK].day)
    use(limiter, 1)
    with pytest.raises(TooMany) as refused:
        use(limiter, 1, now=NOW + timedelta(minutes=1))
    assert refused.value.wait > timedelta(hours=20)


def test_who_asks_in_vain_again_and_again_is_stopped_for_the_hour(engine: Engine) -> None:
    limiter = Limiter(engine)
    limiter.heed(CLINIC, Signs(vain=MOST_MISSES), NOW)
    use(limiter, 1)
    limiter.heed(CLINIC, Signs(vain=1), NOW)
    with pytest.raises(TooMany):
        use(limiter, 1)
    with pytest.raises(TooMany):
        limiter.count(CLINIC, Permission.LOOK_UP, NOW)
    use(limiter, 1, OTHER)
    use(limiter, 1, now=NOW + timedelta(hours=1))


def test_ended_windows_are_forgotten(engine: Engine) -> None:
    limiter = Limiter(engine)
    use(limiter, 3)
    limiter.meet(NOW)
    limiter.meet(NOW + timedelta(days=2))
    use(limiter, 1, now=NOW + timedelta(days=2))
    limiter.meet(NOW + timedelta(days=2))
    with transaction(engine) as session:
        assert session.scalar(text("SELECT max(count) FROM use_count")) == 1


def test_processes_meet_about_once_a_second(engine: Engine) -> None:
    limiter = Limiter(engine)
    assert not limiter.is_due(NOW)
    use(limiter, 1)
    assert limiter.is_due(NOW)
    limiter.meet(NOW)
    assert not limiter.is_due(NOW + timedelta(milliseconds=900))
    assert limiter.is_due(NOW + timedelta(seconds=1))


def test_installation_may_have_no_limits(engine: Engine) -> None:
    limiter = Limiter(engine, factor=0)
    use(limiter, A_MINUTE + 1)
    limiter.heed(CLINIC, Signs(vain=10_000), NOW)
    use(limiter, 1)
    assert USUAL.minute < A_MINUTE


def asked(*numbers: int) -> Signs:
    return Signs(numbers=[("national_id", number) for number in numbers])


def test_who_counts_through_numbers_is_stopped(engine: Engine) -> None:
    limiter = Limiter(engine)
    for number in range(100_000_000, 100_000_000 + MOST_IN_A_ROW + 1):
        limiter.heed(CLINIC, asked(number), NOW)
    use(limiter, 1)
    limiter.heed(CLINIC, asked(100_000_000 + MOST_IN_A_ROW + 1), NOW)
    with pytest.raises(TooMany):
        use(limiter, 1)
    use(limiter, 1, OTHER)


def test_numbers_of_a_queue_of_patients_are_nothing_to_stop(engine: Engine) -> None:
    limiter = Limiter(engine)
    for patient in range(500):
        limiter.heed(CLINIC, asked(patient * 7919 % 1_000_003), NOW)
        limiter.heed(CLINIC, asked(patient * 7919 % 1_000_003), NOW)
    use(limiter, 1)


def test_neighbours_of_another_kind_are_none(engine: Engine) -> None:
    limiter = Limiter(engine)
    for number in range(MOST_IN_A_ROW + 2):
        limiter.heed(CLINIC, Signs(numbers=[(f"kind {number % 2}", number * 2)]), NOW)
    use(limiter, 1)


def test_who_searches_for_very_many_again_and_again_is_stopped(engine: Engine) -> None:
    limiter = Limiter(engine)
    limiter.heed(CLINIC, Signs(wide=MOST_WIDE + 1), NOW)
    with pytest.raises(TooMany):
        use(limiter, 1)


def test_purpose_may_have_a_limit_of_its_own(engine: Engine) -> None:
    limiter = Limiter(engine, purposes=by_purpose("research=2/3, training=1/1"))
    for purpose in ("Research", "DCI search: research"):
        limiter.count_purpose(CLINIC, purpose, NOW)
    with pytest.raises(TooMany):
        limiter.count_purpose(CLINIC, "research", NOW)
    limiter.count_purpose(CLINIC, "care", NOW)
    limiter.count_purpose(OTHER, "research", NOW)


@pytest.mark.parametrize("wrong", ["research", "research=0/5", "=1/2", "research=1"])
def test_limits_of_purposes_are_of_one_form(wrong: str) -> None:
    assert by_purpose("") == {}
    assert by_purpose("a b=1/2") == {"a b": Limit(1, 2)}
    with pytest.raises(ValueError, match="limit of a purpose"):
        by_purpose(wrong)


def test_address_that_fails_to_sign_in_again_and_again_is_stopped(engine: Engine) -> None:
    one, other = "address 10.0.0.1", "address 10.0.0.2"
    limiter = Limiter(engine)
    for _ in range(MOST_FAILURES + 1):
        limiter.fail(one, NOW)
    with pytest.raises(TooMany):
        limiter.attempt(one, NOW)
    limiter.attempt(other, NOW)
