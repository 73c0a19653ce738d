"""Values sealed by field, so that who holds a copy of the database reads and guesses none of them.

A value is the number of its data key, a nonce, and what AES-256-GCM makes of it (NIST SP 800-38D);
what it is of is authenticated with it. Numbers of people are looked up by equality: their nonce is
their keyed hash (BLAKE2b with a key, RFC 7693), so that one value has one nonce and no other value
has it, whichever data key seals it. Everything else has a random nonce. Under one key random nonces
are good for 2^32 values.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import Misconfigured

NUMBER_BYTES: Final = 2
HASH_BYTES: Final = 12
DIGEST_BYTES: Final = 16
_HEAD: Final = NUMBER_BYTES + HASH_BYTES


@dataclass(frozen=True, repr=False)
class DataKeys:
    """The keys of an installation's values, as they are used; they are handed to its processes.

    Attributes:
        seals: AES keys by number.
        current: number of the key that seals.
        match: key of the hashes.
        engine: 16 characters, key of the numbers by which the engine finds records.
    """

    seals: Mapping[int, bytes]
    current: int
    match: bytes
    engine: str


class UnknownKey(Misconfigured):
    """A value is sealed under a data key that is not known."""


class Sealer:
    """Seals and opens values; thread-safe."""

    def __init__(self, keys: DataKeys) -> None:
        self.keys = keys
        self._ciphers = {number: AESGCM(key) for number, key in keys.seals.items()}
        self._head = keys.current.to_bytes(NUMBER_BYTES, "big")
        self._hashes: dict[str, hashlib.blake2b] = {}
        self._digests = hashlib.blake2b(key=keys.match, digest_size=DIGEST_BYTES)

    def seal(self, content: bytes, what: str) -> bytes:
        """Seal something; `what` it is must be said again to open it."""
        return self.seal_all([content], what)[0]

    def seal_all(self, contents: Sequence[bytes], what: str) -> list[bytes]:
        """Seal several."""
        encrypt, head, said = self._cipher.encrypt, self._head, what.encode()
        random = os.urandom(HASH_BYTES * len(contents))
        nonces = [random[at : at + HASH_BYTES] for at in range(0, len(random), HASH_BYTES)]
        return [
            head + nonce + encrypt(nonce, content, said)
            for nonce, content in zip(nonces, contents, strict=True)
        ]

    def seal_number(self, number: str, field: str) -> bytes:
        """Seal a number of a field, with its hash in sight."""
        nonce = self.hash(number, field)
        return self._head + nonce + self._cipher.encrypt(nonce, number.encode(), field.encode())

    def seal_numbers(self, numbers: Sequence[str | None], field: str) -> list[bytes | None]:
        """Seal several; what is missing or empty is None."""
        encrypt, head, said = self._cipher.encrypt, self._head, field.encode()
        begun, sealed = self._keyed(field), list[bytes | None]()
        for number in numbers:
            if not number:
                sealed.append(None)
                continue
            content, hashed = number.encode(), begun.copy()
            hashed.update(content)
            nonce = hashed.digest()
            sealed.append(head + nonce + encrypt(nonce, content, said))
        return sealed

    def hash(self, number: str, field: str) -> bytes:
        """What a number of a field is looked up by: 12 bytes."""
        hashed = self._keyed(field).copy()
        hashed.update(number.encode("utf-8", "replace"))
        return hashed.digest()

    def open(self, sealed: bytes, what: str) -> bytes:
        """What was sealed.

        Raises:
            UnknownKey: it is sealed under another key.
            Misconfigured: it was changed, or is not what it is said to be.
        """
        cipher = self._ciphers.get(int.from_bytes(sealed[:NUMBER_BYTES], "big"))
        if cipher is None:
            raise UnknownKey
        try:
            return cipher.decrypt(sealed[NUMBER_BYTES:_HEAD], sealed[_HEAD:], what.encode())
        except InvalidTag as error:
            raise Misconfigured(f"A sealed value ({what}) was changed in the database.") from error

    def digest(self, content: bytes) -> bytes:
        """What tells a content from others, and nothing about it to who has no key: 16 bytes.

        The content is digested before its key comes in: a digest of SHA-256 can be made one.
        """
        return self.digest_again(hashlib.sha256(content).digest())

    def digests(self, contents: Iterable[bytes]) -> list[bytes]:
        """The same of several."""
        sha256, begun, digests = hashlib.sha256, self._digests, list[bytes]()
        for content in contents:
            digest = begun.copy()
            digest.update(sha256(content).digest())
            digests.append(digest.digest())
        return digests

    def digest_again(self, sha256: bytes) -> bytes:
        """The same of a content's SHA-256."""
        digest = self._digests.copy()
        digest.update(sha256)
        return digest.digest()

    def is_current(self, sealed: bytes | memoryview) -> bool:
        """Whether a value is sealed under the key that seals now."""
        return bytes(sealed[:NUMBER_BYTES]) == self._head

    @cached_property
    def _cipher(self) -> AESGCM:
        return self._ciphers[self.keys.current]

    def _keyed(self, field: str) -> hashlib.blake2b:
        """The beginning of the hashes of a field."""
        if field not in self._hashes:
            self._hashes[field] = hashlib.blake2b(
                key=self.keys.match, digest_size=HASH_BYTES, person=field.encode()[:16]
            )
        return self._hashes[field]
