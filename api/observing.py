"""What is seen of the service from outside: metrics, one log line a request.

Labels and lines name the route's template, never its path or query, and nothing of bodies: neither
can hold what somebody sent.
"""

import logging
from datetime import UTC, datetime
from functools import cache
from time import perf_counter
from typing import Final

import orjson
from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNKNOWN: Final = "unknown"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS: Final = Counter(
    "registry_http_requests_total", "Requests that were answered.", ("method", "route", "status")
)
SECONDS: Final = Histogram(
    "registry_http_request_seconds", "Time to the whole answer.", ("method", "route"),
    buckets=BUCKETS,
)  # fmt: skip
router = APIRouter(tags=["health"])
log = logging.getLogger("registry.http")


class Observed:
    """Counts and logs each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            _note(scope, status, perf_counter() - started)


@router.get("/metrics", include_in_schema=False)
def metrics() -> Response:
    """The figures that a monitoring system gathers; closed to the outside by the proxy in front."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def install(app: FastAPI) -> None:
    """Watch the application; a correlation id that a caller sends is kept when it is a UUID.

    No line says where in the code, or in which thread, it was made: to look for that took longer
    than to write it.
    """
    logging._srcfile = None  # noqa: SLF001 - as logging's own guide has it
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
    app.include_router(router)
    app.add_middleware(Observed)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Request-ID")


def tell(log: logging.Logger, level: int, event: str, **more: object) -> None:
    """Log an event as one line of JSON with the id of its request, wherever logs are sent."""
    if not log.isEnabledFor(level):
        return
    line = {
        "event": event, **more, "request": correlation_id.get(),
        "level": logging.getLevelName(level).lower(), "timestamp": datetime.now(UTC),
    }  # fmt: skip
    log.log(level, orjson.dumps(line, option=orjson.OPT_UTC_Z, default=str).decode())


@cache
def _figures(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The figures that a request counts in: there are as many as routes have statuses."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path_format", None) or UNKNOWN
    method = scope["method"] if scope["method"] in METHODS else UNKNOWN
    count, time = _figures(method, route, status)
    count.inc()
    time.observe(seconds)
    milliseconds = round(seconds * 1e3, 1)
    tell(
        log, logging.INFO, "request", method=method, route=route, status=status,
        milliseconds=milliseconds,
    )  # fmt: skip
