"""Answers of which head and body leave in one write.

The server writes the head of an answer, and then its body: two calls of the kernel, two packets,
and whoever reads is woken twice. Here what is written in one turn of the event loop leaves at its
end, together.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class OneWrite(HttpToolsProtocol):
    """HTTP/1.1 over a transport that gathers what is written."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Speak over what gathers."""
        super().connection_made(Gathered(transport, self.loop))  # type: ignore[arg-type]


class Gathered:
    """A transport; all but writing and closing is left to it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._written: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write with whatever else is written in this turn of the loop."""
        if not self._written:
            self._loop.call_soon(self._leave)
        self._written.append(data)

    def close(self) -> None:
        """Write what is left, and close."""
        self._leave()
        self._transport.close()

    def _leave(self) -> None:
        if self._written:
            written, self._written = b"".join(self._written), []
            self._transport.write(written)
