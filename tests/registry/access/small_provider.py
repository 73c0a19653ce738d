"""A small provider of OpenID Connect on loopback, which may be told to answer wrongly."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT = "registry"
SECRET = "a secret of the registry at the provider"
SUBJECT = "f3a1-sokha"


def key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class SmallProvider:
    """What the provider answers; a test changes what matters to it.

    Attributes:
        claims: what the ID token says otherwise than it should; None leaves a claim out.
        forged: a whole ID token in place of a signed one.
    """

    issuer: str = ""
    named: str | None = None
    signing: ECKey = field(default_factory=lambda: key("one"))
    published: list[ECKey] | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    forged: str | None = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, address: str) -> dict[str, str]:
        """What a browser comes back with that was sent to an address and signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.named or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            **self.metadata,
        }

    def keys(self) -> dict[str, Any]:
        found = [self.signing] if self.published is None else self.published
        return {"keys": [one.as_dict(private=False) for one in found]}

    def give(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, to the client it is for, with the verifier of its challenge."""
        asked = self._codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if asked is None or proof != asked["code_challenge"] or authorization != f"Basic {known}":
            return None
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._token(asked)}

    def _token(self, asked: dict[str, str]) -> str:
        if self.forged is not None:
            return self.forged
        claims = self._said(asked["nonce"]) | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.signing.kid}, said, self.signing)

    def unsigned(self, nonce: str) -> str:
        """A token that says all that it should and is signed by nobody."""
        return _joined({"alg": "none", "kid": self.signing.kid}, self._said(nonce)) + "."

    def signed_with_the_published_key(self, nonce: str) -> str:
        """A token whose signature anybody can make: the public key taken for a shared secret."""
        signed = _joined({"alg": "HS256", "kid": self.signing.kid}, self._said(nonce))
        shared = self.signing.as_pem(private=False)
        return f"{signed}.{_packed(hmac.new(shared, signed.encode(), hashlib.sha256).digest())}"

    def _said(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer, "aud": CLIENT, "sub": SUBJECT, "nonce": nonce,
            "iat": now, "exp": now + 300,
        }  # fmt: skip


def _joined(*parts: dict[str, Any]) -> str:
    return ".".join(_packed(json.dumps(part).encode()) for part in parts)


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


class _Answers(BaseHTTPRequestHandler):
    provider: ClassVar[SmallProvider]

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self._answer(self.provider.described())
        elif self.path == "/keys":
            self._answer(self.provider.keys())
        else:
            self._answer(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self.provider.give(form, self.headers.get("Authorization", "")))

    def _answer(self, found: dict[str, Any] | None) -> None:
        body = json.dumps({"error": "invalid_grant"} if found is None else found).encode()
        self.send_response(400 if found is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[SmallProvider]:
    """A provider that answers while the block lasts."""
    provider = SmallProvider()
    handler = type("Answers", (_Answers,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
