"""The keys that messages to partner systems are signed with: ed25519, sealed, published."""

from datetime import datetime
from typing import Any

from joserfc.jwk import OKPKey
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.sealing import Keyring

_LOCK = "SELECT pg_advisory_xact_lock(7202611220003)"


class MessageKey(Row):
    """A key; `public_key` is a JWK, `sealed` the private one. The newest signs."""

    __tablename__ = "message_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed: Mapped[bytes]
    made_at: Mapped[datetime]


def current(session: Session, keyring: Keyring, now: datetime) -> OKPKey:
    """The key that signs now; the first one is made when it is asked for."""
    newest = select(MessageKey).order_by(MessageKey.made_at.desc(), MessageKey.kid).limit(1)
    found = session.scalar(newest)
    if found is None:
        session.execute(text(_LOCK))
        found = session.scalar(newest) or _make(session, keyring, now)
    return OKPKey.import_key(keyring.open(found.sealed, _what(found.kid)))


def published(session: Session) -> list[dict[str, Any]]:
    """The public keys, as JWKs, the newest first; former ones stay, for what they signed."""
    keys = session.scalars(select(MessageKey).order_by(MessageKey.made_at.desc(), MessageKey.kid))
    return [key.public_key for key in keys]


def reseal(session: Session, keyring: Keyring) -> int:
    """Seal under the present master key what is sealed under former ones; how many were."""
    former = [
        key for key in session.scalars(select(MessageKey)) if not keyring.is_current(key.sealed)
    ]
    for key in former:
        key.sealed = keyring.seal(keyring.open(key.sealed, _what(key.kid)), _what(key.kid))
    session.flush()
    return len(former)


def _make(session: Session, keyring: Keyring, now: datetime) -> MessageKey:
    made = OKPKey.generate_key("Ed25519")
    kid = made.thumbprint()
    public = {**made.as_dict(private=False), "kid": kid, "use": "sig", "alg": "EdDSA"}
    row = MessageKey(
        kid=kid, public_key=public, made_at=now,
        sealed=keyring.seal(made.as_pem(private=True), _what(kid)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _what(kid: str) -> str:
    return f"message key {kid}"
