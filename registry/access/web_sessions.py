"""Signed-in browsers: sessions kept here, of which the browser holds a random token only.

A session ends after half an hour without use, after twelve hours, when it is signed out, and when
its officer's account is closed. Its SHA-256 is stored. Every step of signing in gives a new token,
so that one known before is worth nothing after (session fixation).
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, delete, func
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.officers import Officer
from registry.access.principals import digest
from registry.auditing import audit
from registry.auditing.audit import Access
from registry.database import Row

TOKEN_BYTES = 32
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SIGNING_IN = timedelta(minutes=15)
NOTED_EVERY = timedelta(minutes=1)
OF_ACCOUNT = "own account"
"""The purpose under which the audit holds what officers do to their own accounts."""


class Stage(StrEnum):
    """How far an officer has come in signing in; only `SIGNED_IN` opens anything."""

    SECOND_FACTOR = "second_factor"
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105 - a stage
    ENROL = "enrol"
    SIGNED_IN = "signed_in"


class WebSession(Row):
    """A browser of an officer."""

    __tablename__ = "web_session"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    stage: Mapped[Stage]
    began_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime]
    ends_at: Mapped[datetime]


@dataclass(frozen=True)
class Opened:
    """A session as the browser gets it."""

    token: str = field(repr=False)
    stage: Stage
    officer: Officer


def open_session(session: Session, officer: Officer, stage: Stage, now: datetime) -> Opened:
    """Begin a session; ended ones of anybody are cleared away."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    lasts = LONGEST if stage == Stage.SIGNED_IN else SIGNING_IN
    session.execute(delete(WebSession).where(WebSession.ends_at < now))
    session.add(
        WebSession(
            token_sha256=digest(token), officer_id=officer.id, stage=stage, used_at=now,
            ends_at=now + lasts,
        )
    )  # fmt: skip
    session.flush()
    return Opened(token, stage, officer)


def record(session: Session, officer: Officer, outcome: str, now: datetime) -> None:
    """Let the audit know that somebody signed in to an account, or was refused at it.

    What was typed is not recorded: a password may have been typed for a login.
    """
    access = Access(officer.login, "sign in", OF_ACCOUNT, (), outcome)
    audit.record(session, access, now)


def find(session: Session, token: str | None, now: datetime) -> Opened | None:
    """The session of a token, when it still holds; its use is noted once a minute."""
    if not token:
        return None
    held = session.get(WebSession, digest(token))
    if held is None or now >= held.ends_at or now >= held.used_at + IDLE:
        return None
    officer = session.get_one(Officer, held.officer_id)
    if officer.closed_at is not None:
        return None
    if now >= held.used_at + NOTED_EVERY:
        held.used_at = now
    return Opened(token, held.stage, officer)


def end(session: Session, token: str | None) -> None:
    """Sign a browser out."""
    if token:
        session.execute(delete(WebSession).where(WebSession.token_sha256 == digest(token)))


def end_all(session: Session, officer: Officer) -> None:
    """Sign all browsers of an officer out."""
    session.execute(delete(WebSession).where(WebSession.officer_id == officer.id))
