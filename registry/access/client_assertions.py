"""Clients that prove who they are with a signature instead of a secret: private_key_jwt (RFC 7523).

A client's public keys are registered once. Every assertion lives five minutes at most, names the
registry as its audience, and is taken once: its `jti` is kept until it has ended.
"""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.principals import Client
from registry.database import Row
from registry.errors import RegistryError, TokenRefused

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("ES256", "ES384", "PS256", "RS256")
LONGEST = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
LONGEST_JTI = 200
LARGEST = 2**63 - 1


class UsedAssertion(Row):
    """An assertion that was taken, until it has ended."""

    __tablename__ = "used_assertion"

    client_id: Mapped[int] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


def register_keys(session: Session, client: Client, text: str) -> int:
    """Let a client sign with the keys of a JWK set (or one JWK); how many they are.

    Raises:
        RegistryError: it is not a set of public keys.
    """
    try:
        found = json.loads(text)
        keys = KeySet.import_key_set(found if "keys" in found else {"keys": [found]}).keys
    except (ValueError, TypeError, JoseError) as error:
        raise RegistryError("The keys are not a JSON Web Key Set (RFC 7517).") from error
    if not keys or any(key.key_type not in {"EC", "RSA"} or key.is_private for key in keys):
        raise RegistryError("Send public keys only, of the types EC or RSA.")
    client.public_keys = [dict(key.as_dict(private=False)) for key in keys]
    session.flush()
    return len(keys)


def named_client(assertion: str) -> int:
    """The number of the client that an assertion says it is of; nothing is checked yet."""
    try:
        claims = json.loads(_decoded(assertion.split(".")[1]))
        number = int(claims["sub"])
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        raise TokenRefused("invalid_client", "The assertion cannot be read.") from None
    if not 0 < number <= LARGEST:
        raise TokenRefused("invalid_client", "The assertion cannot be read.")
    return number


def accept(
    session: Session, client: Client, assertion: str, audiences: list[str], now: datetime
) -> None:
    """Take an assertion of a client, once.

    Raises:
        TokenRefused: it is not signed by the client, not meant for the registry, ended or not yet
            begun, too long, or taken before.
    """
    known = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": str(client.id)},
        sub={"essential": True, "value": str(client.id)},
        aud={"essential": True, "values": audiences},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        keys = KeySet.import_key_set({"keys": client.public_keys or []})
        claims = jwt.decode(assertion, keys, algorithms=ALGORITHMS).claims
        known.validate(claims)
    except (JoseError, ValueError) as error:
        raise TokenRefused("invalid_client", "The assertion is not valid.") from error
    ends_at = datetime.fromtimestamp(claims["exp"], UTC)
    if ends_at > now + LONGEST + LEEWAY or not _is_word(claims["jti"]):
        raise TokenRefused("invalid_client", "The assertion lasts too long, or has no plain jti.")
    _use(session, client.id, claims["jti"], ends_at + LEEWAY)
    session.execute(delete(UsedAssertion).where(UsedAssertion.ends_at < now - LEEWAY))


def _use(session: Session, client: int, jti: str, ends_at: datetime) -> None:
    add = insert(UsedAssertion).values(client_id=client, jti=jti, ends_at=ends_at)
    taken = session.scalar(add.on_conflict_do_nothing().returning(UsedAssertion.jti))
    if taken is None:
        raise TokenRefused("invalid_client", "The assertion was used before.")


def _is_word(jti: object) -> bool:
    return isinstance(jti, str) and 0 < len(jti) <= LONGEST_JTI and jti.isprintable()


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
