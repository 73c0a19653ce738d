"""The second factor: one-time codes of a phone (RFC 6238), and codes on paper for when it is lost.

A code is taken once, and one step early or late. Of the ten recovery codes each is taken once; they
hold 80 random bits, and their SHA-256 is stored.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlalchemy import ForeignKey, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.officers import Officer
from registry.database import Row
from registry.errors import RegistryError
from registry.sealing import Keyring

ISSUER = "Social protection registry"
CODES = 10
CODE_BYTES = 10
DRIFT = (-1, 0, 1)


class RecoveryCode(Row):
    """A code on paper that was not used yet, or when it was."""

    __tablename__ = "recovery_code"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Enrolment:
    """What an officer's phone is told: the secret, and the address that a picture of it holds."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(session: Session, officer: Officer, keyring: Keyring) -> Enrolment:
    """Give an officer a secret for their phone; the same again until a code of it confirms it.

    Raises:
        RegistryError: a second factor is confirmed already.
    """
    if officer.has_second_factor:
        raise RegistryError("This account has a second factor: it must be taken away first.")
    if officer.second_factor is None:
        officer.second_factor = keyring.seal(draw().encode(), _what(officer))
        session.flush()
    return enrolment(officer, keyring.open(officer.second_factor, _what(officer)).decode())


def draw() -> str:
    """A secret for a phone, which counts for nothing yet."""
    return pyotp.random_base32(32)


def enrolment(officer: Officer, secret: str) -> Enrolment:
    """What an officer's phone is told of a secret."""
    address = pyotp.TOTP(secret).provisioning_uri(name=officer.login, issuer_name=ISSUER)
    return Enrolment(secret, address)


def confirm(
    session: Session, officer: Officer, code: str, keyring: Keyring, now: datetime
) -> list[str] | None:
    """Let a first code confirm the phone; the recovery codes, shown this once, or None if wrong."""
    if officer.has_second_factor or not is_code(officer, code, keyring, now):
        return None
    officer.second_factor_at = now
    return renew_recovery_codes(session, officer)


def replace(
    session: Session, officer: Officer, typed: tuple[str, str], keyring: Keyring, now: datetime
) -> list[str] | None:
    """Let a first code of a new phone put its secret in the place of the former.

    Args:
        session: its transaction must be kept.
        officer: whose phone it is.
        typed: the new secret, and a code of it.
        keyring: what secrets are sealed with.
        now: the time.

    Returns:
        The recovery codes, shown this once; None where the code is wrong, and nothing changes.
    """
    secret, code = typed
    right = _steps(secret, code, now)
    if not right:
        return None
    officer.second_factor = keyring.seal(secret.encode(), _what(officer))
    officer.second_factor_at, officer.last_code = now, right[0]
    return renew_recovery_codes(session, officer)


def is_code(officer: Officer, code: str, keyring: Keyring, now: datetime) -> bool:
    """Whether a code of the phone is right, and take it: it is not right again."""
    if officer.second_factor is None:
        return False
    secret = keyring.open(officer.second_factor, _what(officer)).decode()
    fresh = [step for step in _steps(secret, code, now) if step > officer.last_code]
    if fresh:
        officer.last_code = fresh[0]
    return bool(fresh)


def is_recovery_code(session: Session, officer: Officer, code: str, now: datetime) -> bool:
    """Whether a code on paper is right and unused, and take it."""
    use = (
        update(RecoveryCode)
        .where(
            RecoveryCode.officer_id == officer.id,
            RecoveryCode.code_sha256 == _digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.officer_id)
    )
    return session.scalar(use) is not None


def renew_recovery_codes(session: Session, officer: Officer) -> list[str]:
    """Ten new recovery codes; the former ones are worth nothing."""
    codes = [_draw() for _ in range(CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer.id))
    session.add_all(RecoveryCode(officer_id=officer.id, code_sha256=_digest(it)) for it in codes)
    session.flush()
    return codes


def take_away(session: Session, officer: Officer) -> None:
    """Forget an officer's second factor, so that they enrol a new phone when they next sign in."""
    officer.second_factor = officer.second_factor_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer.id))
    session.flush()


def reseal(session: Session, officers: Sequence[Officer], keyring: Keyring) -> int:
    """Seal under the present master key what is sealed under former ones; how many were."""
    count = 0
    for officer in officers:
        sealed = officer.second_factor
        if sealed is not None and not keyring.is_current(sealed):
            officer.second_factor = keyring.seal(
                keyring.open(sealed, _what(officer)), _what(officer)
            )
            count += 1
    session.flush()
    return count


def _steps(secret: str, code: str, now: datetime) -> list[int]:
    """The steps of time of which this is the code."""
    totp = pyotp.TOTP(secret)
    given, step = code.replace(" ", "").encode(), totp.timecode(now)
    return [
        step + drift for drift in DRIFT
        if hmac.compare_digest(totp.generate_otp(step + drift).encode(), given)
    ]  # fmt: skip


def _draw() -> str:
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def _digest(code: str) -> str:
    plain = code.replace("-", "").replace(" ", "").lower()
    return hashlib.sha256(plain.encode()).hexdigest()


def _what(officer: Officer) -> str:
    return f"second factor of officer {officer.id}"
