"""An officer's own account: nothing changes without proof, everything that does is recorded."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.access import officers, own_account, second_factor, sign_in, web_sessions
from registry.access.officers import NewOfficer
from registry.access.own_account import Own, Proof
from registry.access.roles import Role
from registry.access.sign_in import Credentials
from registry.access.web_sessions import Stage
from registry.errors import NotAllowed, RegistryError
from registry.sealing import Keyring

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
RING = Keyring((b"k" * 32,))
WORDS = "seven green buffaloes"
NEWER = "eight yellow buffaloes"


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on each password; how much is spent on them is not tested here."""
    monkeypatch.setattr(officers, "_hasher", PasswordHasher(1, 8, 1))


@pytest.fixture
def own(session: Session) -> Own:
    """Somebody signed in, without a phone."""
    new = NewOfficer("sophea", "Sophea", frozenset({Role.AUDITOR}), needs_second_factor=False)
    officers.add(session, new, NOW)
    officer = officers.find(session, "sophea")
    officers.choose_password(session, officer, WORDS)
    return at(session, web_sessions.open_session(session, officer, Stage.SIGNED_IN, NOW).token)


def at(session: Session, token: str, now: datetime = NOW) -> Own:
    return own_account.opened(session, token, RING, now)


def connected(own: Own) -> tuple[Own, list[str], pyotp.TOTP]:
    """The same with a phone."""
    offer = own_account.offer_phone(own, Proof(WORDS))
    assert offer is not None
    phone = pyotp.TOTP(offer.enrolment.secret)
    again = own_account.offered(own, offer.sealed)
    taken = own_account.take_phone(own, again, phone.at(own.now))
    assert taken is not None
    return at(own.session, taken[0].token), taken[1], phone


def test_password_changes_and_all_other_browsers_are_signed_out(own: Own) -> None:
    other = web_sessions.open_session(own.session, own.officer, Stage.SIGNED_IN, NOW)
    opened = own_account.change_password(own, Proof(WORDS), NEWER)
    assert opened is not None
    assert web_sessions.find(own.session, other.token, NOW) is None
    assert web_sessions.find(own.session, own.token, NOW) is None
    assert web_sessions.find(own.session, opened.token, NOW) is not None
    assert sign_in.begin(own.session, Credentials("sophea", WORDS), NOW) is None
    told = own.session.execute(text("SELECT actor, action, outcome FROM audit_entry")).all()
    assert {tuple(one) for one in told} == {
        ("sophea", "change own password", "done"),
        ("sophea", "sign in", "refused"),
    }


def test_nothing_changes_without_proof_and_failures_lock(own: Own) -> None:
    for _ in range(officers.FREE_FAILURES):
        assert own_account.change_password(own, Proof("wrong words entirely"), NEWER) is None
    assert own.officer.is_locked(NOW)
    assert own_account.change_password(own, Proof(WORDS), NEWER) is None
    assert own_account.offer_phone(own, Proof(WORDS)) is None
    assert officers.is_password(own.officer, WORDS)


def test_easy_password_is_refused(own: Own) -> None:
    with pytest.raises(RegistryError, match="too easy"):
        own_account.change_password(own, Proof(WORDS), "sophea sophea sophea")


def test_with_a_phone_its_code_is_asked_for_too(own: Own) -> None:
    mine, codes, phone = connected(own)
    assert own_account.change_password(mine, Proof(WORDS), NEWER) is None
    assert own_account.change_password(mine, Proof(WORDS, "000000"), NEWER) is None
    then = at(own.session, mine.token or "", LATER)
    assert own_account.change_password(then, Proof(WORDS, phone.at(LATER)), NEWER) is not None
    assert len(codes) == second_factor.CODES


def test_former_phone_counts_until_the_new_one_has_shown_a_code(own: Own) -> None:
    mine, codes, former = connected(own)
    offer = own_account.offer_phone(mine, Proof(WORDS, codes[0]))
    assert offer is not None
    assert own_account.take_phone(mine, offer, "000000") is None
    assert second_factor.is_code(mine.officer, former.at(LATER), RING, LATER)
    newer = pyotp.TOTP(offer.enrolment.secret)
    then = at(own.session, mine.token or "", LATER)
    taken = own_account.take_phone(then, offer, newer.at(LATER))
    assert taken is not None
    after = LATER + timedelta(minutes=2)
    assert not second_factor.is_code(mine.officer, former.at(after), RING, after)
    assert second_factor.is_code(mine.officer, newer.at(after), RING, after)
    assert not second_factor.is_recovery_code(own.session, mine.officer, codes[1], after)


def test_offer_of_another_account_or_too_old_is_none(own: Own) -> None:
    offer = own_account.offer_phone(own, Proof(WORDS))
    assert offer is not None
    officers.add(own.session, NewOfficer("dara", "Dara", frozenset({Role.AUDITOR})), NOW)
    dara = officers.find(own.session, "dara")
    token = web_sessions.open_session(own.session, dara, Stage.SIGNED_IN, NOW).token
    with pytest.raises(NotAllowed):
        own_account.offered(at(own.session, token), offer.sealed)
    with pytest.raises(NotAllowed):
        own_account.offered(own, "nonsense")
    late = at(own.session, own.token or "", NOW + own_account.OFFER_LASTS)
    with pytest.raises(NotAllowed):
        own_account.offered(late, offer.sealed)


def test_recovery_codes_are_renewed_with_proof(own: Own) -> None:
    assert own_account.renew_recovery_codes(own, Proof(WORDS)) is None
    mine, codes, _ = connected(own)
    assert own_account.renew_recovery_codes(mine, Proof(WORDS)) is None
    newer = own_account.renew_recovery_codes(mine, Proof(WORDS, codes[0]))
    assert newer is not None
    assert not set(newer) & set(codes)
    assert not second_factor.is_recovery_code(own.session, mine.officer, codes[1], NOW)


def test_browsers_are_listed_and_ended_one_or_all(own: Own) -> None:
    others = [
        web_sessions.open_session(own.session, own.officer, Stage.SIGNED_IN, NOW).token
        for _ in range(3)
    ]
    listed = own_account.browsers(own)
    assert len(listed) == 4
    assert [one.handle for one in listed if one.is_this] == [
        one.handle for one in own_account.browsers(own) if one.is_this
    ]
    first = next(one for one in listed if not one.is_this)
    own_account.end_others(own, first.handle)
    assert len(own_account.browsers(own)) == 3
    own_account.end_others(own)
    assert [one.is_this for one in own_account.browsers(own)] == [True]
    assert all(web_sessions.find(own.session, token, NOW) is None for token in others)


def test_handle_of_this_browser_ends_nothing_and_another_officers_neither(own: Own) -> None:
    officers.add(own.session, NewOfficer("dara", "Dara", frozenset({Role.AUDITOR})), NOW)
    dara = officers.find(own.session, "dara")
    token = web_sessions.open_session(own.session, dara, Stage.SIGNED_IN, NOW).token
    theirs = own_account.browsers(at(own.session, token))[0]
    mine = own_account.browsers(own)[0]
    for handle in (theirs.handle, mine.handle, "%"):
        own_account.end_others(own, handle)
    assert web_sessions.find(own.session, token, NOW) is not None
    assert web_sessions.find(own.session, own.token, NOW) is not None
    assert own_account.browsers(own)[0].is_this


def test_nobody_but_who_is_signed_in_has_an_own_account(own: Own) -> None:
    enrolling = web_sessions.open_session(own.session, own.officer, Stage.ENROL, NOW)
    for token in (enrolling.token, "guess", None):
        with pytest.raises(NotAllowed):
            own_account.opened(own.session, token, RING, NOW)
