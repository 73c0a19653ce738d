"""Secrets sealed under master keys that are not in the database.

AES-256-GCM (NIST SP 800-38D) with a random nonce; what a secret belongs to is authenticated with
it, so that a sealed value moved to another row does not open. The first master key seals, the
others only open: a new one is put in front, and `registry keys reseal` takes the former out of use.
"""

import base64
import binascii
import hashlib
import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import Misconfigured
from registry.settings import Settings

FILE = "master.key"
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 4


@dataclass(frozen=True, repr=False)
class Keyring:
    """Master keys, the present one first."""

    keys: tuple[bytes, ...]

    def seal(self, secret: bytes, what: str) -> bytes:
        """Seal a secret of something; `what` must be said again to open it."""
        key, nonce = self.keys[0], os.urandom(NONCE_BYTES)
        return _name(key) + nonce + AESGCM(key).encrypt(nonce, secret, what.encode())

    def open(self, sealed: bytes, what: str) -> bytes:
        """The secret that was sealed.

        Raises:
            Misconfigured: its master key is not here, or it is not the secret of this.
        """
        name, nonce = sealed[:NAME_BYTES], sealed[NAME_BYTES : NAME_BYTES + NONCE_BYTES]
        key = next((key for key in self.keys if hmac.compare_digest(_name(key), name)), None)
        if key is None:
            raise Misconfigured(
                f"The {what} is sealed under a master key that is not here: put it back into "
                f"REGISTRY_MASTER_KEY or {FILE}."
            )
        try:
            return AESGCM(key).decrypt(nonce, sealed[NAME_BYTES + NONCE_BYTES :], what.encode())
        except InvalidTag as error:
            raise Misconfigured(f"The sealed {what} was changed.") from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether a secret is sealed under the present key."""
        return sealed[:NAME_BYTES] == _name(self.keys[0])


def keyring(settings: Settings) -> Keyring:
    """The installation's master keys; where there are none, one is made in its home.

    Raises:
        Misconfigured: a key is not 32 bytes in base64, or the file may be read by others.
    """
    if settings.master_key is not None:
        return _parsed(settings.master_key.get_secret_value(), "REGISTRY_MASTER_KEY")
    path = settings.home / FILE
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise Misconfigured(f"{path} may be read by others: chmod 600 it.")
    return _parsed(path.read_text(encoding="ascii"), str(path))


def _make(path: Path) -> None:
    """Write a new key; of several processes that do so at once, one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _parsed(text: str, where: str) -> Keyring:
    try:
        keys = tuple(base64.b64decode(part.strip(), validate=True) for part in text.split(","))
    except binascii.Error as error:
        raise Misconfigured(f"{where} is not in base64.") from error
    if any(len(key) != KEY_BYTES for key in keys):
        raise Misconfigured(f"A key in {where} is not of {KEY_BYTES} bytes.")
    return Keyring(keys)


def _name(key: bytes) -> bytes:
    """What tells a key from others and nothing about it."""
    return hashlib.sha256(b"name of a master key" + key).digest()[:NAME_BYTES]
