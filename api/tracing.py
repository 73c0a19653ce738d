"""Traces for OpenTelemetry, an extra that is off unless an address is set.

A span a request, with the method, the route's template and the status: nothing of addresses or
bodies, which may hold what somebody sent. A trace that a caller began is gone on with.
"""

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.errors import Misconfigured
from registry.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

SERVICE: Final = "social-protection-registry"
UNKNOWN: Final = "unknown"
FAULT: Final = 500
NOTHING_ELSE: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""FastAPI's own telemetry, which would tell addresses and what was wrong with bodies, is off,
whatever else in the process or its environment asks for it."""


class Traced:
    """Tells a tracer of each request."""

    def __init__(self, app: ASGIApp, tracer: "Tracer") -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request within a span."""
        from opentelemetry.propagate import extract  # noqa: PLC0415 - the extra's
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 - the extra's

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = FAULT

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        carried = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
            if name in {b"traceparent", b"tracestate"}
        }  # fmt: skip
        begun = self._tracer.start_as_current_span(
            scope["method"], extract(carried), SpanKind.SERVER, record_exception=False,
            set_status_on_exception=False,
        )  # fmt: skip
        with begun as span:
            try:
                await self._app(scope, receive, sent)
            finally:
                route = getattr(scope.get("route"), "path_format", None) or UNKNOWN
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.request.method", scope["method"])
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                if status >= FAULT:
                    span.set_status(StatusCode.ERROR)


def install(app: FastAPI, settings: Settings) -> None:
    """Send traces where the installation says; nothing when it says nothing.

    Raises:
        Misconfigured: the extra is not installed.
    """
    if settings.telemetry_url is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise Misconfigured(
            "REGISTRY_TELEMETRY_URL is set: install social-protection-registry[telemetry]."
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    exporter = OTLPSpanExporter(f"{settings.telemetry_url.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    app.state.traces = provider
    app.add_middleware(Traced, tracer=provider.get_tracer(SERVICE))
