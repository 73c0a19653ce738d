"""Tokens: given to who proves itself, read back, refused whenever something is not right."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from registry.access import client_assertions, principals, signing_keys, tokens
from registry.access.principals import Client
from registry.access.roles import Permission, Role
from registry.access.tokens import Desk, TokenRequest
from registry.errors import NotAllowed, RegistryError, TokenRefused
from registry.sealing import Keyring

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
ISSUER = "https://registry.example"
RING = Keyring((b"k" * 32,))
DESK = Desk(RING, ISSUER, (f"{ISSUER}/oauth2/token",))


@pytest.fixture
def request_(session: Session) -> TokenRequest:
    """What a clinic with a secret sends."""
    secret = principals.add_client(session, "clinic", Role.DATA_OFFICER)
    number = principals.find_client(session, "clinic").id
    return TokenRequest("client_credentials", client_id=str(number), client_secret=secret)


@pytest.fixture
def signer(session: Session) -> ECKey:
    """The key of a laboratory that signs."""
    key = ECKey.generate_key("P-256", {"kid": "laboratory"})
    principals.add_client(session, "laboratory")
    public = json.dumps({"keys": [key.as_dict(private=False)]})
    client_assertions.register_keys(session, laboratory(session), public)
    return key


def laboratory(session: Session) -> Client:
    return principals.find_client(session, "laboratory")


def keys(session: Session, now: datetime = NOW) -> Mapping[str, ECKey]:
    return {key["kid"]: ECKey.import_key(key) for key in signing_keys.published(session, now)}


def assertion(session: Session, key: ECKey, **changes: object) -> TokenRequest:
    number = str(laboratory(session).id)
    claims = {
        "iss": number, "sub": number, "aud": ISSUER, "jti": uuid4().hex,
        "exp": int((NOW + timedelta(minutes=2)).timestamp()), **changes,
    }  # fmt: skip
    signed = jwt.encode({"alg": "ES256", "kid": "laboratory"}, claims, key)
    return TokenRequest(
        "client_credentials",
        client_assertion=signed,
        client_assertion_type=client_assertions.TYPE,
    )


def test_token_holds_for_ten_minutes(session: Session, request_: TokenRequest) -> None:
    given = tokens.grant(session, request_, DESK, NOW)
    claims = tokens.read(given.token, keys(session), ISSUER, NOW + timedelta(minutes=9, seconds=59))
    assert str(claims.client) == request_.client_id
    assert claims.ends_at == NOW + timedelta(minutes=10)
    with pytest.raises(NotAllowed):
        tokens.read(given.token, keys(session), ISSUER, NOW + timedelta(minutes=10, seconds=1))


def test_token_says_what_rfc_9068_wants(session: Session, request_: TokenRequest) -> None:
    given = tokens.grant(session, request_, DESK, NOW)
    [key] = keys(session).values()
    decoded = jwt.decode(given.token, key)
    assert decoded.header["typ"] == "at+jwt"
    assert decoded.header["kid"] == key.kid
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"} == set(decoded.claims)


def test_scopes_are_those_asked_for(session: Session, request_: TokenRequest) -> None:
    given = tokens.grant(session, replace(request_, scope="look_up"), DESK, NOW)
    claims = tokens.read(given.token, keys(session), ISSUER, NOW)
    assert claims.scopes == {Permission.LOOK_UP}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_secret": "guess"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"client_id": "0"}, "invalid_client"),
        ({"client_id": ""}, "invalid_client"),
        ({"scope": "manage_accounts"}, "invalid_scope"),
        ({"scope": "look_up everything"}, "invalid_scope"),
        ({"client_assertion": "a.b.c"}, "invalid_request"),
    ],
)
def test_what_is_not_right_gets_no_token(
    session: Session, request_: TokenRequest, change: dict[str, str], code: str
) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.grant(session, replace(request_, **change), DESK, NOW)
    assert refused.value.code == code


def test_revoked_client_gets_no_token(session: Session, request_: TokenRequest) -> None:
    principals.revoke(session, principals.find_client(session, "clinic"), NOW)
    with pytest.raises(TokenRefused):
        tokens.grant(session, request_, DESK, NOW)


def test_token_of_another_audience_or_issuer_is_refused(
    session: Session, request_: TokenRequest
) -> None:
    given = tokens.grant(session, request_, replace(DESK, issuer="https://other.example"), NOW)
    with pytest.raises(NotAllowed):
        tokens.read(given.token, keys(session), ISSUER, NOW)


def test_token_changed_anywhere_is_refused(session: Session, request_: TokenRequest) -> None:
    token = tokens.grant(session, request_, DESK, NOW).token
    for place in range(0, len(token) - 1, 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(NotAllowed):
            tokens.read(changed, keys(session), ISSUER, NOW)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_token_of_no_algorithm_or_of_the_public_key_as_secret_is_refused(
    session: Session, request_: TokenRequest, algorithm: str
) -> None:
    """The two classic forgeries: an unsigned token, and one signed with the key that is public."""
    _, claims, _ = tokens.grant(session, request_, DESK, NOW).token.split(".")
    [key] = keys(session).values()
    header = json.dumps({"alg": algorithm, "typ": "at+jwt", "kid": key.kid}).encode()
    content = f"{_encoded(header)}.{claims}"
    forged = hmac.digest(key.as_pem(private=False), content.encode(), "sha256")
    signature = "" if algorithm == "none" else _encoded(forged)
    with pytest.raises(NotAllowed):
        tokens.read(f"{content}.{signature}", keys(session), ISSUER, NOW)


def test_assertion_is_no_access_token(session: Session, signer: ECKey) -> None:
    asked = assertion(session, signer)
    tokens.grant(session, asked, DESK, NOW)
    with pytest.raises(NotAllowed):
        tokens.read(asked.client_assertion, keys(session), ISSUER, NOW)


def test_client_proves_itself_with_its_key(session: Session, signer: ECKey) -> None:
    given = tokens.grant(session, assertion(session, signer), DESK, NOW)
    assert given.scopes == {Permission.ASK_ELIGIBILITY}
    at_the_address = assertion(session, signer, aud=f"{ISSUER}/oauth2/token")
    assert tokens.grant(session, at_the_address, DESK, NOW).scopes == given.scopes


def test_assertion_is_taken_once(session: Session, signer: ECKey) -> None:
    asked = assertion(session, signer)
    tokens.grant(session, asked, DESK, NOW)
    for later in (0, 60, 149):
        with pytest.raises(TokenRefused, match="used before"):
            tokens.grant(session, asked, DESK, NOW + timedelta(seconds=later))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"},
        {"iss": "0"},
        {"exp": int((NOW - timedelta(minutes=1)).timestamp())},
        {"exp": int((NOW + timedelta(hours=1)).timestamp())},
        {"nbf": int((NOW + timedelta(minutes=1)).timestamp())},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 5},
        {"jti": "a\0"},
        {"sub": str(2**63)},
        {"sub": "-1"},
        {"exp": None},
        {"jti": None},
    ],
)
def test_assertion_that_is_not_right_is_refused(
    session: Session, signer: ECKey, changes: dict[str, object]
) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.grant(session, assertion(session, signer, **changes), DESK, NOW)
    assert refused.value.code == "invalid_client"


def test_assertion_of_another_key_is_refused(session: Session, signer: ECKey) -> None:
    assert signer
    other = ECKey.generate_key("P-256", {"kid": "laboratory"})
    with pytest.raises(TokenRefused):
        tokens.grant(session, assertion(session, other), DESK, NOW)


@pytest.mark.parametrize("text", ["", "nothing", "[]", '{"keys": []}', '{"kty": "EC"}'])
def test_what_is_no_key_set_is_refused(session: Session, signer: ECKey, text: str) -> None:
    assert signer
    with pytest.raises(RegistryError):
        client_assertions.register_keys(session, laboratory(session), text)


def test_private_key_is_not_taken(session: Session, signer: ECKey) -> None:
    with pytest.raises(RegistryError, match="public"):
        client_assertions.register_keys(
            session, laboratory(session), json.dumps(signer.as_dict(private=True))
        )


def test_rotated_key_reads_until_its_tokens_end(session: Session, request_: TokenRequest) -> None:
    before = tokens.grant(session, request_, DESK, NOW)
    signing_keys.rotate(session, RING, NOW)
    after = tokens.grant(session, request_, DESK, NOW)
    for given in (before, after):
        tokens.read(given.token, keys(session), ISSUER, NOW)
    assert len(keys(session)) == 2
    assert len(keys(session, NOW + timedelta(hours=2))) == 1


def test_published_keys_are_public(session: Session) -> None:
    signing_keys.current(session, RING, NOW)
    [published] = signing_keys.published(session, NOW)
    assert "d" not in published


def test_signing_keys_are_sealed_under_a_new_master_key(session: Session) -> None:
    key = signing_keys.current(session, RING, NOW)
    newer = Keyring((b"n" * 32, b"k" * 32))
    assert signing_keys.reseal(session, newer) == 1
    assert signing_keys.reseal(session, newer) == 0
    assert signing_keys.private(key, Keyring((b"n" * 32,))).is_private


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()
