"""What the server bears from outside: sizes, slowness; and the headers that every answer has."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

MEGABYTE = 1 << 20
USUAL_SIZE = 2 * MEGABYTE
LARGE: Mapping[str, int] = MappingProxyType(
    {"/v1/batches": 512 * MEGABYTE, "/v1/uploads": 512 * MEGABYTE, "/lists": 201 * MEGABYTE}
)
"""Beginnings of the addresses that take more than the usual size."""
SLOWEST = 20.0
"""Seconds that a body of the usual size may take to arrive; each piece of a large one, too."""
LATE = "The body took too long to arrive: send it again."
TOO_LARGE = "The body is larger than is taken here."
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
STAYING: Mapping[str, str] = MappingProxyType({"Strict-Transport-Security": "max-age=63072000"})
RawHeaders = tuple[tuple[bytes, bytes], ...]
"""Headers as they are sent."""


@dataclass(frozen=True)
class Bounds:
    """The application within its bounds (ASGI middleware)."""

    app: ASGIApp
    large: Mapping[str, int] = field(default_factory=lambda: LARGE)
    slowest: float = SLOWEST
    strict_transport: bool = False

    @cached_property
    def _headers(self) -> RawHeaders:
        said = {**HEADERS, **(STAYING if self.strict_transport else {})}
        return tuple((name.lower().encode(), value.encode()) for name, value in said.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, self._headers)
        most = next(
            (size for start, size in self.large.items() if scope["path"].startswith(start)),
            USUAL_SIZE,
        )
        if _declared(scope) > most:
            await _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, scope, answer)
        else:
            await self.app(scope, _Body(receive, most, self.slowest), answer)


class _Body:
    """A body that is counted and timed as it comes."""

    def __init__(self, receive: Receive, most: int, slowest: float) -> None:
        self._receive, self._most, self._slowest = receive, most, slowest
        self._size = 0
        self._is_large = most > USUAL_SIZE
        self._ends_at: float | None = None
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        if self._ends_at is None or self._is_large:
            self._ends_at = now + self._slowest
        try:
            async with asyncio.timeout_at(self._ends_at):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, LATE) from error
        self._size += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._size > self._most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        return message


class _Answer:
    """An answer with the headers that every answer has."""

    def __init__(self, send: Send, headers: RawHeaders) -> None:
        self._send, self._headers = send, headers

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _ in message["headers"]}
            ours = (each for each in self._headers if each[0] not in said)
            message["headers"] = [*message["headers"], *ours]
        await self._send(message)


def _declared(scope: Scope) -> int:
    """The size that a request says its body has; 0 when it says none."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(status: HTTPStatus, scope: Scope, answer: _Answer) -> None:
    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    await problem(status, TOO_LARGE)(scope, nothing, answer)
