"""ETag and If-Match: nobody changes what they have not seen as it is now (RFC 9110)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Header, HTTPException

IfMatch = Annotated[
    str | None,
    Header(max_length=200, description="ETag of the thing as it was seen; needed to change it."),
]


def entity_tag(*version: object) -> str:
    """The strong ETag of a version."""
    return f'"{"-".join(map(str, version))}"'


def require(if_match: str | None, current: str) -> None:
    """Let a change go on when it is of the current version.

    Raises:
        HTTPException: 428 when no version was sent, 412 when it is another one.
    """
    if if_match is None:
        raise HTTPException(
            HTTPStatus.PRECONDITION_REQUIRED, "Send If-Match with the ETag that was read."
        )
    if current not in {each.strip() for each in if_match.split(",")}:
        raise HTTPException(
            HTTPStatus.PRECONDITION_FAILED, "This has changed since it was read: read it again."
        )
