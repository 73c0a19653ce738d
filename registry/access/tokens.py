"""Access tokens: given to clients for ten minutes (RFC 6749, 4.4), signed (RFC 9068), read back.

A token says who its client is and which scopes it has; what the client is is looked up when it is
used, so that a revoked client's tokens are worth nothing.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy.orm import Session

from registry.access import client_assertions, principals, signing_keys
from registry.access.principals import Client
from registry.access.roles import Permission
from registry.access.signing_keys import ALGORITHM
from registry.errors import NotAllowed, TokenRefused
from registry.sealing import Keyring

LASTS = timedelta(minutes=10)
TYPE = "at+jwt"
_SUBJECT = "client:"


@dataclass(frozen=True)
class TokenRequest:
    """What a client sends to be given a token, as it came in the form or the header."""

    grant_type: str = ""
    scope: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    client_assertion: str = field(default="", repr=False)
    client_assertion_type: str = ""


@dataclass(frozen=True)
class Desk:
    """What tokens are made with.

    Attributes:
        issuer: address of the registry; also the audience of its tokens.
        token_addresses: further audiences that a client's assertion may name.
    """

    keyring: Keyring
    issuer: str
    token_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccessToken:
    """A token that was given."""

    token: str = field(repr=False)
    lasts: timedelta
    scopes: frozenset[Permission]

    @property
    def scope(self) -> str:
        """The scopes as OAuth writes them."""
        return " ".join(sorted(self.scopes))


@dataclass(frozen=True)
class Claims:
    """What a valid token says."""

    client: int
    scopes: frozenset[Permission]
    ends_at: datetime


def grant(session: Session, request: TokenRequest, desk: Desk, now: datetime) -> AccessToken:
    """Give a client a token.

    Raises:
        TokenRefused: the client does not prove who it is, or asks for what it may not have.
    """
    if request.grant_type != "client_credentials":
        code = "unsupported_grant_type" if request.grant_type else "invalid_request"
        raise TokenRefused(code, "The grant type must be client_credentials.")
    client = _prove(session, request, desk, now)
    scopes = _scopes(client, request.scope)
    key = signing_keys.current(session, desk.keyring, now)
    issued = int(now.timestamp())
    claims = {
        "iss": desk.issuer, "aud": desk.issuer, "sub": f"{_SUBJECT}{client.id}",
        "client_id": str(client.id), "scope": " ".join(sorted(scopes)),
        "iat": issued, "exp": issued + int(LASTS.total_seconds()), "jti": secrets.token_urlsafe(16),
    }  # fmt: skip
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    signed = jwt.encode(header, claims, signing_keys.private(key, desk.keyring))
    return AccessToken(signed, LASTS, scopes)


def read(token: str, keys: Mapping[str, ECKey], issuer: str, now: datetime) -> Claims:
    """What a token says, when it is the registry's own and still holds.

    Args:
        token: as it was sent.
        keys: kid → published key.
        issuer: address of the registry.
        now: time of use.

    Raises:
        NotAllowed: it is not valid.
    """

    def signer(guest: GuestProtocol) -> ECKey:
        return keys[guest.headers()["kid"]]

    known = JWTClaimsRegistry(
        now=int(now.timestamp()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": issuer},
        sub={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        decoded = jwt.decode(token, signer, algorithms=[ALGORITHM])
        known.validate(decoded.claims)
        if decoded.header.get("typ") != TYPE or not decoded.claims["sub"].startswith(_SUBJECT):
            raise NotAllowed("This token is not an access token.")
        return Claims(
            int(decoded.claims["sub"].removeprefix(_SUBJECT)),
            frozenset(map(Permission, decoded.claims.get("scope", "").split())),
            datetime.fromtimestamp(decoded.claims["exp"], UTC),
        )
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotAllowed("This token is not valid, or not any more.") from error


def _prove(session: Session, request: TokenRequest, desk: Desk, now: datetime) -> Client:
    """The client that sent a request, by its assertion or its secret; never by both."""
    if request.client_assertion and request.client_secret:
        raise TokenRefused("invalid_request", "Send a secret or an assertion, not both.")
    if request.client_assertion:
        if request.client_assertion_type != client_assertions.TYPE:
            raise TokenRefused("invalid_request", "The type of the assertion is not known.")
        client = session.get(Client, client_assertions.named_client(request.client_assertion))
        if client is None or client.revoked_at is not None or not client.public_keys:
            raise TokenRefused("invalid_client", "The assertion is not valid.")
        audiences = [desk.issuer, *desk.token_addresses]
        client_assertions.accept(session, client, request.client_assertion, audiences, now)
    else:
        found = principals.by_secret(session, request.client_secret)
        if found is None or (request.client_id != str(found.id)):
            raise TokenRefused("invalid_client", "The client or its secret is not valid.")
        client = found
    if request.client_id and request.client_id != str(client.id):
        raise TokenRefused("invalid_client", "The assertion is of another client.")
    return client


def _scopes(client: Client, asked: str) -> frozenset[Permission]:
    """The scopes a token gets: those asked for, or all that the client's role has."""
    having = client.principal.permissions
    if not asked.strip():
        return having
    if not set(asked.split()) <= {permission.value for permission in having}:
        raise TokenRefused("invalid_scope", "The client may not have a scope that it asks for.")
    return frozenset(map(Permission, asked.split()))
