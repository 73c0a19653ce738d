"""Signing in: every stage, and everything that must not get through."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.access import officers, second_factor, sign_in, web_sessions
from registry.access.officers import NewOfficer, Officer
from registry.access.roles import Role
from registry.access.sign_in import Credentials
from registry.access.web_sessions import Opened, Stage
from registry.errors import Conflict, NotAllowed, RegistryError
from registry.sealing import Keyring

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
RING = Keyring((b"k" * 32,))
OWN = "seven green buffaloes"
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on each password; how much is spent on them is not tested here."""
    monkeypatch.setattr(officers, "_hasher", PasswordHasher(1, 8, 1))


def add(session: Session, **changes: object) -> str:
    values = {"login": "Sophea@moh.example", "name": "Sophea", "roles": frozenset({Role.AUDITOR})}
    return officers.add(session, NewOfficer(**{**values, **changes}), NOW) or ""  # type: ignore[arg-type] # the keywords of a NewOfficer


def sophea(session: Session) -> Officer:
    return officers.find(session, "sophea@moh.example")


def typed(password: str, login: str = "sophea@moh.example") -> Credentials:
    return Credentials(login, password)


def through(session: Session) -> tuple[Opened, list[str], pyotp.TOTP]:
    """Somebody who has gone through all stages."""
    opened = sign_in.begin(session, typed(add(session)), NOW)
    assert opened is not None
    opened = sign_in.choose_password(session, opened.token, OWN, NOW)
    phone = pyotp.TOTP(sign_in.enrolment(session, opened.token, RING, NOW).secret)
    enrolled = sign_in.enrol(session, opened.token, phone.at(NOW), RING, NOW)
    assert enrolled is not None
    return enrolled.opened, enrolled.recovery_codes, phone


def test_first_time_goes_through_every_stage(session: Session) -> None:
    first = sign_in.begin(session, typed(add(session)), NOW)
    assert first is not None
    assert first.stage == Stage.CHOOSE_PASSWORD
    second = sign_in.choose_password(session, first.token, OWN, NOW)
    assert second.stage == Stage.ENROL
    phone = pyotp.TOTP(sign_in.enrolment(session, second.token, RING, NOW).secret)
    third = sign_in.enrol(session, second.token, phone.at(NOW), RING, NOW)
    assert third is not None
    assert third.opened.stage == Stage.SIGNED_IN
    assert len(set(third.recovery_codes)) == 10


def test_next_time_a_password_and_a_code_are_enough(session: Session) -> None:
    _, _, phone = through(session)
    then = NOW + LATER
    opened = sign_in.begin(session, typed(OWN), then)
    assert opened is not None
    assert opened.stage == Stage.SECOND_FACTOR
    done = sign_in.check_code(session, opened.token, phone.at(then), RING, then)
    assert done is not None
    assert done.stage == Stage.SIGNED_IN
    assert done.officer.principal.name == "sophea@moh.example"


def test_every_step_ends_the_token_before(session: Session) -> None:
    first = sign_in.begin(session, typed(add(session)), NOW)
    assert first is not None
    second = sign_in.choose_password(session, first.token, OWN, NOW)
    assert web_sessions.find(session, first.token, NOW) is None
    phone = pyotp.TOTP(sign_in.enrolment(session, second.token, RING, NOW).secret)
    sign_in.enrol(session, second.token, phone.at(NOW), RING, NOW)
    assert web_sessions.find(session, second.token, NOW) is None


def test_no_step_is_left_out(session: Session) -> None:
    opened = sign_in.begin(session, typed(add(session)), NOW)
    assert opened is not None
    with pytest.raises(NotAllowed):
        sign_in.check_code(session, opened.token, "000000", RING, NOW)
    with pytest.raises(NotAllowed):
        sign_in.enrol(session, opened.token, "000000", RING, NOW)
    with pytest.raises(NotAllowed):
        sign_in.choose_password(session, "guess", OWN, NOW)


@pytest.mark.parametrize("login", ["sophea@moh.example", "nobody@moh.example", ""])
def test_wrong_password_and_unknown_login_look_the_same(session: Session, login: str) -> None:
    add(session)
    assert sign_in.begin(session, typed("wrong", login), NOW) is None


def test_fifth_failure_locks_and_each_further_for_longer(session: Session) -> None:
    password = add(session)
    for _ in range(5):
        assert sign_in.begin(session, typed("wrong"), NOW) is None
    assert sign_in.begin(session, typed(password), NOW) is None
    after = NOW + timedelta(minutes=1)
    assert sign_in.begin(session, typed("wrong"), after) is None
    assert sign_in.begin(session, typed(password), after + timedelta(minutes=1)) is None
    assert sign_in.begin(session, typed(password), after + timedelta(minutes=2)) is not None


def test_lock_ends_within_an_hour_whatever_happened(session: Session) -> None:
    password = add(session)
    sophea(session).failures = 10_000
    assert sign_in.begin(session, typed("wrong"), NOW) is None
    assert sign_in.begin(session, typed(password), NOW + timedelta(minutes=61)) is not None


def test_guessing_codes_locks_too(session: Session) -> None:
    through(session)
    then = NOW + LATER
    opened = sign_in.begin(session, typed(OWN), then)
    assert opened is not None
    for _ in range(5):
        assert sign_in.check_code(session, opened.token, "123", RING, then) is None
    assert sophea(session).is_locked(then)
    assert sign_in.begin(session, typed(OWN), then) is None


def test_code_is_taken_once(session: Session) -> None:
    _, _, phone = through(session)
    then = NOW + LATER
    code = phone.at(then)
    assert second_factor.is_code(sophea(session), code, RING, then)
    assert not second_factor.is_code(sophea(session), code, RING, then)


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_code_may_be_one_step_early_or_late(session: Session, seconds: int, *, fits: bool) -> None:
    _, _, phone = through(session)
    then = NOW + timedelta(hours=1)
    code = phone.at(then + timedelta(seconds=seconds))
    assert second_factor.is_code(sophea(session), code, RING, then) == fits


def test_code_on_paper_is_taken_once(session: Session) -> None:
    _, codes, _ = through(session)
    then = NOW + LATER
    for expected in (True, False):
        opened = sign_in.begin(session, typed(OWN), then)
        assert opened is not None
        done = sign_in.check_code(session, opened.token, codes[3].upper(), RING, then)
        assert (done is not None) == expected


def test_lost_phone_is_replaced(session: Session) -> None:
    _, codes, phone = through(session)
    second_factor.take_away(session, sophea(session))
    then = NOW + LATER
    opened = sign_in.begin(session, typed(OWN), then)
    assert opened is not None
    assert opened.stage == Stage.ENROL
    newer = sign_in.enrolment(session, opened.token, RING, then).secret
    assert newer != phone.secret
    assert not second_factor.is_recovery_code(session, sophea(session), codes[0], then)


def test_nothing_that_opens_is_readable_in_the_database(session: Session) -> None:
    opened, codes, phone = through(session)
    stored = " ".join(
        row
        for table in ("officer", "recovery_code", "web_session")
        for row in session.scalars(text(f"SELECT {table}::text FROM {table}"))
    )
    secret = phone.secret.encode()
    for word in (opened.token, OWN, phone.secret, secret.hex(), *codes):
        assert word not in stored


def test_session_ends_unused_and_after_half_a_day(session: Session) -> None:
    opened, _, _ = through(session)
    assert web_sessions.find(session, opened.token, NOW + timedelta(minutes=29)) is not None
    assert web_sessions.find(session, opened.token, NOW + timedelta(minutes=58)) is not None
    assert web_sessions.find(session, opened.token, NOW + timedelta(minutes=89)) is None
    for minutes in range(60, 12 * 60, 20):
        web_sessions.find(session, opened.token, NOW + timedelta(minutes=minutes))
    assert web_sessions.find(session, opened.token, NOW + timedelta(hours=12)) is None


def test_signed_out_closed_and_unknown_browsers_are_nobodys(session: Session) -> None:
    opened, _, _ = through(session)
    assert web_sessions.find(session, "guess", NOW) is None
    assert web_sessions.find(session, None, NOW) is None
    officers.close(session, sophea(session), NOW)
    assert web_sessions.find(session, opened.token, NOW) is None
    sophea(session).closed_at = None
    assert web_sessions.find(session, opened.token, NOW) is not None
    web_sessions.end(session, opened.token)
    assert web_sessions.find(session, opened.token, NOW) is None


@pytest.mark.parametrize(
    "plain", ["short", "a" * 30, "sophea@moh.example1", "x" * 201, "1212121212"]
)
def test_easy_password_is_refused(session: Session, plain: str) -> None:
    opened = sign_in.begin(session, typed(add(session)), NOW)
    assert opened is not None
    with pytest.raises(RegistryError):
        sign_in.choose_password(session, opened.token, plain, NOW)


def test_initial_password_ends_after_a_week_and_is_not_chosen_again(session: Session) -> None:
    password = add(session)
    opened = sign_in.begin(session, typed(password), NOW)
    assert opened is not None
    with pytest.raises(RegistryError):
        sign_in.choose_password(session, opened.token, password, NOW)
    assert sign_in.begin(session, typed(password), NOW + timedelta(days=7)) is None


def test_account_of_a_provider_has_no_password(session: Session) -> None:
    assert add(session, has_password=False) == ""
    assert sign_in.begin(session, typed(""), NOW) is None


@pytest.mark.parametrize(
    "changes", [{"roles": frozenset()}, {"roles": frozenset({Role.SCHEME_ADMINISTRATOR})}]
)
def test_account_without_role_or_scheme_is_refused(
    session: Session, changes: dict[str, object]
) -> None:
    with pytest.raises(RegistryError):
        add(session, **changes)


def test_two_officers_never_share_a_login(session: Session) -> None:
    add(session)
    with pytest.raises(Conflict):
        add(session, login=" SOPHEA@moh.example ")


def test_second_factors_are_sealed_under_a_new_master_key(session: Session) -> None:
    _, _, phone = through(session)
    newer = Keyring((b"n" * 32, b"k" * 32))
    assert second_factor.reseal(session, [sophea(session)], newer) == 1
    then = NOW + LATER
    assert second_factor.is_code(sophea(session), phone.at(then), Keyring((b"n" * 32,)), then)


def test_audit_knows_who_signed_in_and_who_was_refused(session: Session) -> None:
    through(session)
    assert sign_in.begin(session, typed("wrong"), NOW + LATER) is None
    assert sign_in.begin(session, typed(OWN, "a password typed here"), NOW + LATER) is None
    seen = session.execute(
        text("SELECT actor, outcome FROM audit_entry WHERE action = 'sign in' ORDER BY at")
    ).all()
    assert [tuple(row) for row in seen] == [
        ("sophea@moh.example", "done"),
        ("sophea@moh.example", "refused"),
    ]
