"""An officer's own account, changed by whoever is signed in to it and proves to be its officer.

Who changes anything types the password of now, and a code where a phone guards the account: a
browser left open does not let somebody else take the account. A new phone takes the place of the
former only when a first code of it was right. Every change is recorded.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.access import officers, second_factor, web_sessions
from registry.access.officers import Officer
from registry.access.principals import digest
from registry.access.second_factor import Enrolment
from registry.access.web_sessions import OF_ACCOUNT, Opened, Stage, WebSession
from registry.auditing import audit
from registry.auditing.audit import Access
from registry.errors import Misconfigured, NotAllowed
from registry.sealing import Keyring

OFFER_LASTS = timedelta(minutes=15)
HANDLE = 16
"""Digits of a session's digest that name it to its officer."""


@dataclass(frozen=True)
class Proof:
    """What an officer types to prove who they are; no code where no phone guards the account."""

    password: str
    code: str = ""

    def __repr__(self) -> str:
        return "Proof(...)"


@dataclass(frozen=True)
class Browser:
    """A browser that is signed in: `handle` names it, `is_this` is the one that asks."""

    handle: str
    began_at: datetime
    used_at: datetime
    is_this: bool


@dataclass(frozen=True)
class Offer:
    """A new phone's secret, before it counts; `sealed` is what the browser sends back."""

    enrolment: Enrolment
    sealed: str


@dataclass(frozen=True)
class Own:
    """Who is signed in, by which browser, and when.

    Attributes:
        officer: locked for a change.
        token: that of the browser.
    """

    session: Session
    officer: Officer
    token: str | None
    keyring: Keyring
    now: datetime


def opened(session: Session, token: str | None, keyring: Keyring, now: datetime) -> Own:
    """The account that a browser is signed in to.

    Raises:
        NotAllowed: nobody is signed in.
    """
    found = web_sessions.find(session, token, now)
    if found is None or found.stage != Stage.SIGNED_IN:
        raise NotAllowed("Sign in first.")
    officer = officers.find(session, found.officer.login)
    return Own(session, officer, token, keyring, now)


def change_password(own: Own, proof: Proof, newer: str) -> Opened | None:
    """Change the password; all browsers but this one are signed out. None where proof fails.

    Raises:
        RegistryError: the new password is not good enough.
    """
    if not _is_proven(own, proof):
        return None
    officers.choose_password(own.session, own.officer, newer)
    _record(own, "change own password")
    return _anew(own)


def offer_phone(own: Own, proof: Proof) -> Offer | None:
    """A secret for a new phone, which counts once a code of it is right; None where proof fails."""
    if not _is_proven(own, proof):
        return None
    return _offer(own, second_factor.draw(), own.now + OFFER_LASTS)


def offered(own: Own, sealed: str) -> Offer:
    """An offer that the browser sends back.

    Raises:
        NotAllowed: it is none of this account, or too old.
    """
    try:
        opened_offer = own.keyring.open(base64.urlsafe_b64decode(sealed), _what(own))
    except (ValueError, Misconfigured) as error:
        raise NotAllowed("Begin again: this is not what was offered.") from error
    until, secret = opened_offer.decode().split(" ")
    ends = datetime.fromisoformat(until)
    if own.now >= ends:
        raise NotAllowed("Begin again: this took too long.")
    return _offer(own, secret, ends)


def take_phone(own: Own, offer: Offer, code: str) -> tuple[Opened, list[str]] | None:
    """Let a first code of a new phone put it in the place of the former.

    Returns:
        The session of this browser, all others being signed out, and new recovery codes; None
        where the code is wrong.
    """
    if own.officer.is_locked(own.now):
        return None
    codes = second_factor.replace(
        own.session, own.officer, (offer.enrolment.secret, code), own.keyring, own.now
    )
    if codes is None:
        officers.fail(own.officer, own.now)
        own.session.flush()
        return None
    _record(own, "connect own phone")
    return _anew(own), codes


def renew_recovery_codes(own: Own, proof: Proof) -> list[str] | None:
    """New recovery codes in place of the former; None where proof fails or no phone is there."""
    if not own.officer.has_second_factor or not _is_proven(own, proof):
        return None
    _record(own, "renew own recovery codes")
    return second_factor.renew_recovery_codes(own.session, own.officer)


def browsers(own: Own) -> Sequence[Browser]:
    """The browsers that are signed in to the account, the latest used first."""
    living = (
        select(WebSession)
        .where(
            WebSession.officer_id == own.officer.id,
            WebSession.stage == Stage.SIGNED_IN,
            WebSession.ends_at > own.now,
            WebSession.used_at > own.now - web_sessions.IDLE,
        )
        .order_by(WebSession.used_at.desc(), WebSession.token_sha256)
    )
    here = digest(own.token or "")
    return [
        Browser(one.token_sha256[:HANDLE], one.began_at, one.used_at, one.token_sha256 == here)
        for one in own.session.scalars(living)
    ]


def end_others(own: Own, handle: str | None = None) -> None:
    """Sign out another browser of the account, or all others."""
    others = delete(WebSession).where(
        WebSession.officer_id == own.officer.id,
        WebSession.token_sha256 != digest(own.token or ""),
    )
    if handle is not None:
        others = others.where(WebSession.token_sha256.startswith(handle, autoescape=True))
    own.session.execute(others)
    _record(own, "sign out own browsers")


def _is_proven(own: Own, proof: Proof) -> bool:
    """Whether it is the officer; a failure counts as one of signing in."""
    officer = own.officer
    fits = officers.is_password(officer, proof.password)
    if officer.is_locked(own.now):
        return False
    if fits and officer.has_second_factor:
        fits = second_factor.is_code(
            officer, proof.code, own.keyring, own.now
        ) or second_factor.is_recovery_code(own.session, officer, proof.code, own.now)
    if not fits:
        officers.fail(officer, own.now)
    else:
        officers.forgive(officer)
    own.session.flush()
    return fits


def _offer(own: Own, secret: str, until: datetime) -> Offer:
    sealed = own.keyring.seal(f"{until.isoformat()} {secret}".encode(), _what(own))
    enrolment = second_factor.enrolment(own.officer, secret)
    return Offer(enrolment, base64.urlsafe_b64encode(sealed).decode())


def anew(own: Own, opened: Opened) -> Own:
    """The same account, as the browser is signed in to it now."""
    return replace(own, token=opened.token)


def _anew(own: Own) -> Opened:
    """A new session of this browser; all others of the account end."""
    web_sessions.end_all(own.session, own.officer)
    return web_sessions.open_session(own.session, own.officer, Stage.SIGNED_IN, own.now)


def _record(own: Own, action: str) -> None:
    access = Access(own.officer.login, action, OF_ACCOUNT, (), "done")
    audit.record(own.session, access, own.now)


def _what(own: Own) -> str:
    return f"offered second factor of officer {own.officer.id}"
