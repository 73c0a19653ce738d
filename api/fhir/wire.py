"""FHIR on the wire: JSON in and out, and which forms are spoken."""

import json
from collections.abc import Mapping
from typing import Any

LARGEST_BODY = 1024 * 1024
JSON_TYPES = frozenset({"application/fhir+json", "application/json", "text/json"})
FORMATS = JSON_TYPES | {"json"}
UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, AssertionError, RecursionError)
"""What the models raise for what is no resource of theirs."""
ANY = frozenset({"*/*", "application/*"})


def encoded(body: Mapping[str, Any]) -> bytes:
    """A resource as text, without members that have no value."""
    return json.dumps(known(body), ensure_ascii=False, separators=(",", ":")).encode()


def known(value: Any) -> Any:
    """A value without the members that are None or empty, all the way down."""
    if isinstance(value, Mapping):
        members = {name: known(each) for name, each in value.items()}
        return {name: each for name, each in members.items() if each not in (None, [], {})}
    if isinstance(value, list | tuple):
        return [known(each) for each in value]
    return value


def is_spoken(accept: str, wanted: str | None) -> bool:
    """Whether one of the forms that a caller takes is JSON; `_format` comes before the header."""
    if wanted is not None:
        return wanted.split(";")[0].strip().replace(" ", "+").lower() in FORMATS
    taken = {part.split(";")[0].strip().lower() for part in accept.split(",") if part.strip()}
    return not taken or bool(taken & (JSON_TYPES | ANY))
