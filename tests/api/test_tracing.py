"""Traces: what is told of requests, and what is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api import tracing
from api.app import create_app
from registry.settings import Settings

TRACE = "0af7651916cd43dd8448eb211c80319c"
MARKED = "marked-somebody"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def http(database_url: str, tmp_path: Path, spans: InMemorySpanExporter) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=database_url, home=tmp_path))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.add_middleware(tracing.Traced, tracer=provider.get_tracer("test"))
    with TestClient(app) as opened:
        yield opened


def test_request_is_a_span_of_its_route_and_of_its_callers_trace(
    http: TestClient, spans: InMemorySpanExporter
) -> None:
    parent = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    http.get(f"/v1/persons/{MARKED}", params={"purpose": MARKED}, headers=parent)
    [span] = spans.get_finished_spans()
    assert span.name == "GET /v1/persons/{sp_id}"
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET", "http.route": "/v1/persons/{sp_id}",
        "http.response.status_code": 401,
    }  # fmt: skip
    assert MARKED not in span.to_json()


def test_nothing_is_traced_unless_an_address_is_set(database_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(database_url=database_url, home=tmp_path))
    assert not any("Traced" in repr(one) for one in app.user_middleware)
    traced = create_app(
        Settings(database_url=database_url, home=tmp_path, telemetry_url="http://127.0.0.1:4318")
    )
    assert any("Traced" in repr(one) for one in traced.user_middleware)
    traced.state.traces.shutdown()


def test_what_else_is_set_up_in_the_process_is_told_nothing(
    database_url: str,
    tmp_path: Path,
    spans: InMemorySpanExporter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    assert trace.get_tracer_provider() is provider
    with TestClient(create_app(Settings(database_url=database_url, home=tmp_path))) as opened:
        for path in ("/v1/persons/", "/fhir/Patient/", "/registry/", "/nowhere/"):
            opened.get(f"{path}{MARKED}", params={"purpose": MARKED})
    assert not spans.get_finished_spans()
