"""A load generator of few processor cycles: raw HTTP/1.1 over kept connections, one process.

What it takes is taken from the service beside it: requests are made before, and answers are not
parsed but for their status and length.

`at_rate` starts requests when they are due, whether earlier ones were answered or not, and counts
the wait for a free connection as latency: a slow service cannot hide behind its own slowness.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import uvloop

OK = b"HTTP/1.1 200"
LENGTH = b"content-length:"
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Target:
    """Where to send: the whole of each request, headers and all, in turn."""

    host: str
    port: int
    requests: Sequence[bytes]


@dataclass(frozen=True)
class Measured:
    """What came of a run: latencies in seconds of the requests that were answered 200."""

    seconds: float
    latencies: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    errors: int

    @property
    def rate(self) -> float:
        """Requests a second that were answered."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Latency in milliseconds that this share stayed under."""
        return float(np.quantile(self.latencies, share) * 1e3) if len(self.latencies) else 0.0


def flat_out(target: Target, *, connections: int, seconds: float) -> Measured:
    """Every connection asks again as soon as it was answered."""
    return uvloop.run(_run(target, connections, seconds, None))


def at_rate(target: Target, *, rate: float, connections: int, seconds: float) -> Measured:
    """Requests start at a rate, however long the answers take."""
    return uvloop.run(_run(target, connections, seconds, rate))


def request(path: str, host: str, body: bytes, token: str | None = None) -> bytes:
    """A POST of JSON, whole."""
    head = [
        f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json",
        f"Content-Length: {len(body)}", *([f"Authorization: Bearer {token}"] if token else []),
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _run(target: Target, connections: int, seconds: float, rate: float | None) -> Measured:
    started = time.perf_counter()
    turns = _turns(started, seconds, rate)
    latencies: list[float] = []
    errors = await asyncio.gather(
        *(_ask(target, turns, started + seconds, latencies) for _ in range(connections))
    )
    return Measured(time.perf_counter() - started, np.array(latencies), sum(errors))


def _turns(started: float, seconds: float, rate: float | None) -> Iterator[tuple[int, float]]:
    """Number and due time of each request; 0 where it is due as soon as it can be sent."""
    number = 0
    while rate is None or number < rate * seconds:
        yield number, 0.0 if rate is None else started + number / rate
        number += 1


class _Connection(asyncio.Protocol):
    """A connection on which one request at a time is answered."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[bool] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes) -> "asyncio.Future[bool]":
        """Send a request; the answer tells whether its status was 200."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Read on, and tell once an answer is whole."""
        self._received += data
        end = self._received.find(END)
        if end < 0 or len(self._received) < end + len(END) + _length(self._received[:end]):
            return
        is_ok, self._received = self._received.startswith(OK), b""
        if self._answer is not None:
            self._answer.set_result(is_ok)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer waits in vain."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("The service hung up."))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


async def _ask(
    target: Target, turns: Iterator[tuple[int, float]], until: float, latencies: list[float]
) -> int:
    """Ask over one connection until the time is over; how many were not answered 200."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(_Connection, target.host, target.port)
    errors = 0
    for number, due in turns:
        now = time.perf_counter()
        if now >= until:
            break
        if due > now:
            await asyncio.sleep(due - now)
        since = due or now
        if await connection.ask(target.requests[number % len(target.requests)]):
            latencies.append(time.perf_counter() - since)
        else:
            errors += 1
    connection.close()
    return errors


def _length(head: bytes) -> int:
    """The length of a body, by the lines of its head."""
    lowered = head.lower()
    at = lowered.find(LENGTH)
    return int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
