"""A provider of OpenID Connect: found by discovery, asked who somebody is, and made to prove it.

The authorisation code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207). Of the ID
token its signature, issuer, audience, times and nonce are checked; nothing else of it is used than
the subject and whether more than one factor was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from registry.errors import ProviderRefused
from registry.settings import Settings

WELL_KNOWN = "/.well-known/openid-configuration"
CALLBACK = "/sign-in/provider/callback"
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
)
"""Signatures that are believed: none that a shared secret makes, and never `none`."""
TIMEOUT = 5.0
REMEMBERED = timedelta(hours=1)
KEYS_AGAIN = timedelta(minutes=1)
LEEWAY = timedelta(minutes=1)
LONGEST_SUBJECT = 255
SEVERAL_FACTORS = "mfa"
"""What `amr` says when more than one factor was shown (RFC 8176)."""


@dataclass(frozen=True)
class Identity:
    """Whom a provider knows: a subject is told apart by its issuer alone."""

    issuer: str
    subject: str
    has_several_factors: bool = False


@dataclass(frozen=True)
class Asked:
    """What a browser takes to the provider, and what the provider's word is held against."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class _Remembered:
    value: Mapping[str, Any]
    since: datetime


class Provider:
    """The provider that an installation's officers sign in with; one a process."""

    def __init__(self, settings: Settings, issuer: str) -> None:
        self.issuer = issuer
        self.name = settings.sign_in_name or httpx.URL(issuer).host
        self._client_id = settings.sign_in_client_id
        secret = settings.sign_in_client_secret
        self._secret = None if secret is None else secret.get_secret_value()
        self._home = settings.public_url.rstrip("/") + "/"
        self._trust = httpx.create_ssl_context()
        self._metadata: _Remembered | None = None
        self._keys: _Remembered | None = None

    def address(self, asked: Asked, now: datetime) -> str:
        """Where a browser goes to sign in.

        Raises:
            ProviderRefused: the provider does not answer, or cannot be believed.
        """
        found = self._described(now)
        with self._client(found) as client:
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"], state=asked.state, nonce=asked.nonce,
                code_verifier=asked.verifier,
            )  # fmt: skip
        return str(address)

    def leave(self, now: datetime) -> str:
        """Where a browser signs out of the provider too; the registry where it has no such place.

        Raises:
            ProviderRefused: the provider does not answer.
        """
        place = self._described(now).get("end_session_endpoint")
        if not isinstance(place, str):
            return self._home
        back = {"client_id": self._client_id, "post_logout_redirect_uri": self._home}
        return str(httpx.URL(place).copy_merge_params(back))

    def identify(self, code: str, issuer: str | None, asked: Asked, now: datetime) -> Identity:
        """Who signed in, from the code that the browser came back with.

        Args:
            code: as the provider gave it to the browser.
            issuer: whom the answer says it is of (RFC 9207), where it says so.
            asked: what this browser went there with.
            now: the time.

        Raises:
            ProviderRefused: the provider does not know the code, or its word cannot be believed.
        """
        found = self._described(now)
        is_told = found.get("authorization_response_iss_parameter_supported", False)
        if issuer != self.issuer and (issuer is not None or is_told):
            raise ProviderRefused("The answer is of another issuer.")
        try:
            with self._client(found) as client:
                given = client.fetch_token(
                    found["token_endpoint"], code=code, code_verifier=asked.verifier
                )
        except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
            raise ProviderRefused("The code was not taken.") from error
        token = given.get("id_token") if isinstance(given, dict) else None
        if not isinstance(token, str):
            raise ProviderRefused("There is no ID token.")
        return self._believed(token, asked, found, now)

    def _believed(
        self, token: str, asked: Asked, found: Mapping[str, Any], now: datetime
    ) -> Identity:
        offered = found.get("id_token_signing_alg_values_supported", ["RS256"])
        known = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )
        try:
            claims = self._decoded(token, sorted(ALGORITHMS & set(offered)), found, now)
            known.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderRefused("The ID token is not valid.") from error
        party = claims.get("azp", self._client_id)
        has_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if party != self._client_id or (has_others and "azp" not in claims):
            raise ProviderRefused("The ID token is for another party.")
        if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT or not claims["sub"].isprintable():
            raise ProviderRefused("The subject of the ID token is not a plain word.")
        shown = claims.get("amr")
        return Identity(
            self.issuer, claims["sub"], isinstance(shown, list) and SEVERAL_FACTORS in shown
        )

    def _decoded(
        self, token: str, algorithms: list[str], found: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """What a token says; an unknown key is looked for once more at the provider."""
        held = self._keys
        if held is None or now >= held.since + REMEMBERED:
            held = self._ask_keys(found, now)
        try:
            return jwt.decode(token, _key_set(held.value), algorithms=algorithms).claims
        except (JoseError, ValueError):
            if now < held.since + KEYS_AGAIN:
                raise
        held = self._ask_keys(found, now)
        return jwt.decode(token, _key_set(held.value), algorithms=algorithms).claims

    def _ask_keys(self, found: Mapping[str, Any], now: datetime) -> _Remembered:
        self._keys = _Remembered(self._fetched(found["jwks_uri"]), now)
        return self._keys

    def _described(self, now: datetime) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        held = self._metadata
        if held is not None and now < held.since + REMEMBERED:
            return held.value
        found = self._fetched(self.issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != self.issuer:
            raise ProviderRefused("The provider calls itself by another name.")
        for place in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(place), str):
                raise ProviderRefused("The provider does not say where to go.")
        self._metadata = _Remembered(found, now)
        return found

    def _client(self, found: Mapping[str, Any]) -> OAuth2Client:
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in methods
        method = "client_secret_basic" if basic else "client_secret_post"
        return OAuth2Client(
            self._client_id, self._secret, scope="openid", redirect_uri=self._home[:-1] + CALLBACK,
            code_challenge_method="S256", timeout=TIMEOUT, verify=self._trust,
            token_endpoint_auth_method="none" if self._secret is None else method,
        )  # fmt: skip

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            answer = httpx.get(address, timeout=TIMEOUT, verify=self._trust)
            found = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderRefused("The provider does not answer.") from error
        if not isinstance(found, dict):
            raise ProviderRefused("The provider's answer cannot be read.")
        return found


def of_installation(settings: Settings) -> Provider | None:
    """The provider that is set; None where officers have passwords of the registry only."""
    issuer = settings.sign_in_issuer
    return None if issuer is None else Provider(settings, issuer)


def _key_set(found: Mapping[str, Any]) -> KeySet:
    """The keys that signatures are checked with; what is not for that is left out."""
    listed = found.get("keys")
    fit = [
        key for key in listed if isinstance(key, dict)
        and key.get("kty") in {"RSA", "EC"} and key.get("use", "sig") == "sig"
    ] if isinstance(listed, list) else []  # fmt: skip
    return KeySet.import_key_set({"keys": fit})
