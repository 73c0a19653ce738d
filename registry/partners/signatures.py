"""Signatures over messages of a header and a message: ed25519 over their digest and its times.

The digest is base64 of SHA-256 over compact JSON with sorted keys, all but ASCII escaped; what is
signed are `(created)`, `(expires)` and `digest`, a line each.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from registry.errors import SignatureInvalid

VALID_SECONDS = 300
SKEW_SECONDS = 60
ALGORITHM = "ed25519"
_PART = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Signer:
    """Who signs: the namespace of the convention, the sender's name, and the key."""

    namespace: str
    sender: str
    key: OKPKey

    def sign(self, header: Mapping[str, Any], message: Mapping[str, Any], now: datetime) -> str:
        """The signature of a header and a message, from now on for five minutes."""
        private = self.key.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise SignatureInvalid("The signing key is no ed25519 key.")
        created = int(now.timestamp())
        expires = created + VALID_SECONDS
        signed = private.sign(_content(created, expires, header, message))
        key_id = f"{self.sender}|{self.key.thumbprint()}|{ALGORITHM}"
        return (
            f'Signature: namespace="{self.namespace}", kidId="{key_id}", algorithm="{ALGORITHM}", '
            f'created="{created}", expires="{expires}", headers="(created) (expires) digest", '
            f'signature="{base64.b64encode(signed).decode()}"'
        )


def verify(
    signature: str, body: Mapping[str, Any], keys: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    """Let a body pass whose header and message one of the keys signed, not long ago.

    Raises:
        SignatureInvalid: none did, or the signature's times are not now.
    """
    parts = dict(_PART.findall(signature))
    if parts.get("algorithm", ALGORITHM).lower() not in {ALGORITHM, "eddsa"}:
        raise SignatureInvalid("Only ed25519 signatures are read.")
    try:
        created, expires = int(parts["created"]), int(parts["expires"])
        signed = base64.b64decode(parts["signature"], validate=True)
    except (KeyError, ValueError, binascii.Error):
        raise SignatureInvalid("The signature is not of the form that is described.") from None
    moment = now.timestamp()
    if (
        created > moment + SKEW_SECONDS
        or moment > min(expires, created + VALID_SECONDS) + SKEW_SECONDS
    ):
        raise SignatureInvalid("The signature is too old, or of the future: sign anew.")
    content = _content(created, expires, body.get("header", {}), body.get("message", {}))
    if not any(_signed_by(key, signed, content) for key in keys):
        raise SignatureInvalid


def public_key(text: str) -> dict[str, Any]:
    """An ed25519 public key, PEM or JWK, as a JWK.

    Raises:
        SignatureInvalid: it is none.
    """
    try:
        value = json.loads(text) if text.lstrip().startswith("{") else text
        key = OKPKey.import_key(value)
    except (JoseError, ValueError, TypeError):
        raise SignatureInvalid("This is no ed25519 public key in PEM or JWK.") from None
    if not isinstance(key.public_key, Ed25519PublicKey):
        raise SignatureInvalid("This is no ed25519 public key in PEM or JWK.")
    return dict(key.as_dict(private=False))


def _signed_by(key: Mapping[str, Any], signed: bytes, content: bytes) -> bool:
    public = OKPKey.import_key(dict(key)).public_key
    if not isinstance(public, Ed25519PublicKey):
        return False
    try:
        public.verify(signed, content)
    except InvalidSignature:
        return False
    return True


def _content(
    created: int, expires: int, header: Mapping[str, Any], message: Mapping[str, Any]
) -> bytes:
    """What is signed."""
    whole = {"header": header, "message": message}
    compact = json.dumps(whole, separators=(",", ":"), sort_keys=True)
    digest = base64.b64encode(hashlib.sha256(compact.encode()).digest()).decode()
    return f"(created): {created}\n(expires): {expires}\ndigest: {digest}".encode()
