"""Signing in, step by step: a password, a code, a password of one's own, a phone enrolled.

Each step takes the browser's token and gives it a new one with the next stage, or None when what
was sent is wrong: failures are counted in the caller's transaction, which must be kept. Who is
refused is never told why: an unknown login, a wrong password and a locked account look the same.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.access import officers, second_factor, web_sessions
from registry.access.officers import Officer
from registry.access.web_sessions import Opened, Stage
from registry.errors import NotAllowed, RegistryError
from registry.sealing import Keyring


@dataclass(frozen=True)
class Credentials:
    """What somebody typed."""

    login: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(...)"


@dataclass(frozen=True)
class Enrolled:
    """A phone that was enrolled, and the recovery codes, shown this once."""

    opened: Opened
    recovery_codes: list[str]


def begin(session: Session, typed: Credentials, now: datetime) -> Opened | None:
    """Check a login and its password; the session at its next stage, or None when refused."""
    officer = officers.by_login(session, typed.login)
    fits = officers.is_password(officer, typed.password)
    if officer is None or officer.closed_at is not None or officer.is_locked(now):
        return None
    if not fits or (officer.password_ends_at is not None and officer.password_ends_at <= now):
        _refuse(session, officer, now)
        return None
    if officer.has_second_factor:
        return web_sessions.open_session(session, officer, Stage.SECOND_FACTOR, now)
    return _proceed(session, officer, now)


def check_code(
    session: Session, token: str | None, code: str, keyring: Keyring, now: datetime
) -> Opened | None:
    """Check a code of the phone, or one on paper; None when it is wrong.

    Raises:
        NotAllowed: nobody is at this stage in this browser.
    """
    officer = _at(session, token, Stage.SECOND_FACTOR, now)
    if officer.is_locked(now):
        return None
    right = second_factor.is_code(officer, code, keyring, now)
    if not right and not second_factor.is_recovery_code(session, officer, code, now):
        _refuse(session, officer, now)
        return None
    web_sessions.end(session, token)
    return _proceed(session, officer, now)


def choose_password(session: Session, token: str | None, password: str, now: datetime) -> Opened:
    """Take a password of the officer's own in the place of the initial one.

    Raises:
        NotAllowed: nobody is at this stage in this browser.
        RegistryError: the password is not good enough.
    """
    officer = _at(session, token, Stage.CHOOSE_PASSWORD, now)
    officers.choose_password(session, officer, password)
    web_sessions.end_all(session, officer)
    return _proceed(session, officer, now)


def enrolment(
    session: Session, token: str | None, keyring: Keyring, now: datetime
) -> second_factor.Enrolment:
    """What the officer's phone is to be told.

    Raises:
        NotAllowed: nobody is at this stage in this browser.
    """
    return second_factor.begin(session, _at(session, token, Stage.ENROL, now), keyring)


def enrol(
    session: Session, token: str | None, code: str, keyring: Keyring, now: datetime
) -> Enrolled | None:
    """Let a first code confirm the phone; None when it is wrong.

    Raises:
        NotAllowed: nobody is at this stage in this browser.
    """
    officer = _at(session, token, Stage.ENROL, now)
    codes = second_factor.confirm(session, officer, code, keyring, now)
    if codes is None:
        return None
    web_sessions.end(session, token)
    return Enrolled(_proceed(session, officer, now), codes)


def _refuse(session: Session, officer: Officer, now: datetime) -> None:
    """Count a failure, and let the audit know."""
    officers.fail(officer, now)
    session.flush()
    web_sessions.record(session, officer, "refused", now)


def _proceed(session: Session, officer: Officer, now: datetime) -> Opened:
    """The next stage of somebody who has shown all that guards the account."""
    officers.forgive(officer)
    if officer.password_ends_at is not None:
        stage = Stage.CHOOSE_PASSWORD
    elif officer.needs_second_factor and not officer.has_second_factor:
        stage = Stage.ENROL
    else:
        stage = Stage.SIGNED_IN
        web_sessions.record(session, officer, "done", now)
    return web_sessions.open_session(session, officer, stage, now)


def _at(session: Session, token: str | None, stage: Stage, now: datetime) -> Officer:
    """The officer whose browser is at a stage, locked for a change."""
    opened = web_sessions.find(session, token, now)
    if opened is None or opened.stage != stage:
        raise NotAllowed("Sign in again: this took too long, or another step comes first.")
    officer = officers.by_login(session, opened.officer.login)
    if officer is None:
        raise RegistryError("The account is gone.")
    return officer
