"""Processes of a server that each listen for themselves, so that all of them get connections.

Processes that share one socket race for its connections, and whoever is awake already takes them
all. Here each has a socket of its own on the same port (`SO_REUSEPORT`), and the kernel spreads
connections over them. A process that ends takes its socket along; the others get what comes then.

Each has a session of its own as well, as each process of a PostgreSQL server has: where Linux
shares the processors out by sessions first, they count for as much each, and not for one together.
"""

import os
import socket
import sys
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from uvicorn.supervisors import Multiprocess

from registry.errors import Misconfigured


@dataclass(frozen=True)
class Place:
    """Where to listen; in a process that it is sent to, it arrives as a socket bound there."""

    host: str
    port: int

    def __reduce__(self) -> tuple[Any, tuple[str, int]]:
        """What the process makes that is sent this."""
        return _apart, (self.host, self.port)


def serve(application: str, host: str, port: int, *, workers: int, **how: Any) -> None:
    """Serve an application until stopped, by so many processes.

    Args:
        application: where it is, `module:name`.
        host: the address to listen on.
        port: the port there; 0 for any.
        workers: processes, one or more.
        how: what else is said to `uvicorn.Config`.

    Raises:
        Misconfigured: nobody can listen at this address, or somebody does.
    """
    _refuse_taken(host, port)
    if workers == 1 or sys.platform != "linux":
        uvicorn.run(application, host=host, port=port, workers=workers, **how)
        return
    with _bound(host, port) as held:
        config = uvicorn.Config(application, host=host, port=port, workers=workers, **how)
        place = Place(host, held.getsockname()[1])
        Multiprocess(config, sockets=[cast("socket.socket", place)]).run()


def _refuse_taken(host: str, port: int) -> None:
    """Refuse a port where somebody listens, whom a socket that shares its port could join."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        message = f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another --port."
        raise Misconfigured(message) from error


def _apart(host: str, port: int) -> socket.socket:
    """A socket for a process that leads a session of its own from now on."""
    os.setsid()
    return _bound(host, port)


def _bound(host: str, port: int) -> socket.socket:
    """A socket at an address that others may be bound to as well; it does not listen yet."""
    bound = socket.socket(_family(host))
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
