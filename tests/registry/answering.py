"""An application that answers with the process that answers."""

import os
from collections.abc import Awaitable, Callable
from typing import Any


async def application(
    scope: dict[str, Any],
    _receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer anything with the number of this process."""
    if scope["type"] != "http":
        return
    length = (b"content-length", str(len(str(os.getpid()))).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
