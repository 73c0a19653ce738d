"""The keys that the registry signs its tokens with: made, published, rotated.

ES256 (RFC 7518). One key signs; those before it stay published until every token they signed has
ended. The private halves are sealed under the master key.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.sealing import Keyring

ALGORITHM = "ES256"
PUBLISHED_AFTER = timedelta(hours=1)
_LOCK = "SELECT pg_advisory_xact_lock(7202611220009)"


class SigningKey(Row):
    """A key; `public_key` is a JWK, `sealed` the private one."""

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


def current(session: Session, keyring: Keyring, now: datetime) -> SigningKey:
    """The key that signs now; the first one is made when it is asked for."""
    newest = select(SigningKey).where(SigningKey.retired_at.is_(None)).order_by(
        SigningKey.made_at.desc()
    ).limit(1)  # fmt: skip
    found = session.scalar(newest)
    if found is None:
        session.execute(text(_LOCK))
        found = session.scalar(newest) or _make(session, keyring, now)
    return found


def rotate(session: Session, keyring: Keyring, now: datetime) -> SigningKey:
    """Let a new key sign from now on; tokens of the former ones hold until they end."""
    session.execute(text(_LOCK))
    for key in session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))):
        key.retired_at = now
    return _make(session, keyring, now)


def reseal(session: Session, keyring: Keyring) -> int:
    """Seal under the present master key what is sealed under former ones; how many were."""
    former = [
        key for key in session.scalars(select(SigningKey)) if not keyring.is_current(key.sealed)
    ]
    for key in former:
        key.sealed = keyring.seal(keyring.open(key.sealed, _what(key.kid)), _what(key.kid))
    session.flush()
    return len(former)


def published(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The public keys that tokens of now may be signed with, as JWKs, the newest first."""
    keys = session.scalars(
        select(SigningKey)
        .where(or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > now - PUBLISHED_AFTER))
        .order_by(SigningKey.made_at.desc(), SigningKey.kid)
    )
    return [key.public_key for key in keys]


def private(key: SigningKey, keyring: Keyring) -> ECKey:
    """The private half."""
    return ECKey.import_key(keyring.open(key.sealed, _what(key.kid)))


def _make(session: Session, keyring: Keyring, now: datetime) -> SigningKey:
    kid = secrets.token_urlsafe(9)
    made = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": ALGORITHM})
    row = SigningKey(
        kid=kid, public_key=dict(made.as_dict(private=False)), made_at=now,
        sealed=keyring.seal(made.as_pem(private=True), _what(kid)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _what(kid: str) -> str:
    return f"signing key {kid}"
