"""The errors a caller of the registry may meet.

RegistryError
├── Misconfigured
├── UnreadableFile
│   ├── WrongHeadings
│   └── UnknownEncoding
├── UnknownScheme
├── InvalidScheme
├── Conflict
│   ├── BatchInProgress
│   ├── BatchCancelled
│   └── Outdated
├── NotDelivered
│   └── AddressRefused
├── SignatureInvalid
├── InvalidSearch
├── TooManyFound
├── NotFound
├── NotAllowed
│   └── SignInNeeded
├── Forbidden
├── TooMany
├── TokenRefused
├── KeyReused
├── PurposeNeeded
└── ProviderRefused

The docstring of each class is its default message.
"""

from datetime import timedelta


class RegistryError(Exception):
    """The registry could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class Misconfigured(RegistryError):
    """The registry's settings do not let it start."""


class UnreadableFile(RegistryError):
    """The file cannot be read as a table: send it as CSV (UTF-8) or as a workbook."""


class WrongHeadings(UnreadableFile):
    """The headings of the file are not those of the scheme."""


class UnknownEncoding(UnreadableFile):
    """The file is text, but not in UTF-8 or UTF-16.

    Attributes:
        suggestion: the encoding it may be in, for the sender to confirm.
    """

    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


class UnknownScheme(RegistryError):
    """There is no scheme of that code."""


class InvalidScheme(RegistryError):
    """The description of the scheme is not in order."""


class Conflict(RegistryError):
    """The request does not fit what the registry holds now."""


class BatchInProgress(Conflict):
    """A list of this scheme is being taken by another process: wait until it is done."""


class BatchCancelled(Conflict):
    """The batch was cancelled: its rows are not taken."""


class Outdated(Conflict):
    """This has changed since it was seen: look at it again."""


class NotDelivered(RegistryError):
    """The message reached nobody."""


class AddressRefused(NotDelivered):
    """The address is of the registry's own surroundings: nothing is sent there."""


class SignatureInvalid(RegistryError):
    """The signature is not of this message by a key of its sender."""


class InvalidSearch(RegistryError):
    """The conditions of the search are not in order."""


class TooManyFound(RegistryError):
    """The search finds more persons than it may: ask for fewer."""


class NotFound(RegistryError):
    """The registry holds nothing under that number."""


class NotAllowed(RegistryError):
    """Who asks is not known: sign in, or send a valid token."""


class SignInNeeded(NotAllowed):
    """Nobody is signed in in this browser, or not any more."""


class Forbidden(RegistryError):
    """Who asks is known and may not do this."""


class TooMany(RegistryError):
    """You ask too often, or too often in vain: wait, then go on.

    Attributes:
        wait: how long.
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__("You ask too often, or too often in vain: wait, then go on.")
        self.wait = wait


class TokenRefused(RegistryError):
    """No token is given for this request.

    Attributes:
        code: the error code of RFC 6749, section 5.2.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProviderRefused(RegistryError):
    """The provider that officers sign in with did not answer, or not as it should."""


class KeyReused(RegistryError):
    """This Idempotency-Key was used for another request: choose a new one."""


class PurposeNeeded(RegistryError):
    """Say why the data is read: no purpose is stated, and none is agreed with this client."""
