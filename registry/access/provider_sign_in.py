"""Signing in with a provider: an attempt is begun, taken once, and ends as an officer or not.

The browser holds one random secret for ten minutes; state, nonce and code verifier are drawn from
it, and the database holds its SHA-256 only. An attempt that was taken is gone, so that neither a
state nor a code is good twice. A provider's subject that no administrator connected with an account
comes in nowhere.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access import officer_identities, officers, web_sessions
from registry.access.principals import TOKEN_BYTES, digest
from registry.access.provider import Asked, Identity
from registry.access.web_sessions import Opened, Stage
from registry.database import Row

LASTS = timedelta(minutes=10)


class SignInAttempt(Row):
    """A browser that was sent to the provider, by the SHA-256 of its secret."""

    __tablename__ = "sign_in_attempt"

    secret_sha256: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Attempt:
    """An attempt as the browser holds it."""

    secret: str = field(repr=False)

    @property
    def asked(self) -> Asked:
        """What the browser takes to the provider."""
        return Asked(*(self._drawn(what) for what in ("state", "nonce", "code verifier")))

    def _drawn(self, what: str) -> str:
        return hmac.new(self.secret.encode(), what.encode(), hashlib.sha256).hexdigest()


def draw() -> Attempt:
    """A new attempt, which nobody knows yet."""
    return Attempt(secrets.token_urlsafe(TOKEN_BYTES))


def keep(session: Session, attempt: Attempt, now: datetime) -> None:
    """Let an attempt be ended within ten minutes; those that have ended are cleared away."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.ends_at < now))
    session.add(SignInAttempt(secret_sha256=digest(attempt.secret), ends_at=now + LASTS))
    session.flush()


def take(session: Session, secret: str | None, state: str, now: datetime) -> Asked | None:
    """Take the attempt of a browser that comes back, once; None when it is not of this browser."""
    if not secret:
        return None
    taken = session.scalar(
        delete(SignInAttempt)
        .where(SignInAttempt.secret_sha256 == digest(secret), SignInAttempt.ends_at > now)
        .returning(SignInAttempt.secret_sha256)
    )
    asked = Attempt(secret).asked
    is_its = hmac.compare_digest(asked.state.encode(), state.encode())
    return asked if taken is not None and is_its else None


def admit(session: Session, identity: Identity, now: datetime) -> Opened | None:
    """Sign in the officer whom a provider's word is of; None where it is nobody's.

    An account that needs a second factor asks for it unless the provider says that it did.
    """
    officer = officer_identities.officer_of(session, identity)
    if officer is None or officer.closed_at is not None:
        return None
    if identity.has_several_factors or not officer.needs_second_factor:
        officers.forgive(officer)
        stage = Stage.SIGNED_IN
        web_sessions.record(session, officer, "done", now)
    else:
        stage = Stage.SECOND_FACTOR if officer.has_second_factor else Stage.ENROL
    return web_sessions.open_session(session, officer, stage, now)
