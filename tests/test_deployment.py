"""The files that an installation is made of say what the code needs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.cli.serving import GRACE_SECONDS
from registry.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"


@pytest.fixture
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8")))


def test_services_wait_for_each_other_in_order(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        needed = service.get("depends_on", {})
        assert set(needed) <= set(services)
    assert services["api"]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert services["prepare"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_only_the_proxy_is_reached_from_outside_and_the_database_reaches_nothing(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    out = {name for name, one in services.items() if "outside" in one["networks"]}
    assert out == {"proxy", "api", "worker"}
    assert services["database"]["networks"] == services["prepare"]["networks"] == ["inside"]


def test_settings_are_ones_that_the_registry_or_its_server_reads(compose: dict[str, Any]) -> None:
    of_uvicorn = {"FORWARDED_ALLOW_IPS"}
    known = of_uvicorn | {f"REGISTRY_{name.upper()}" for name in Settings.model_fields}
    assert set(compose["services"]["api"]["environment"]) <= known


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    text = str(compose)
    assert "${POSTGRES_PASSWORD:?}" in text
    assert "${REGISTRY_MASTER_KEY:?}" in text


def test_api_stops_before_its_container_is_killed(compose: dict[str, Any]) -> None:
    grace = compose["services"]["api"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > GRACE_SECONDS


def test_proxy_leads_to_the_api_and_hides_what_is_inside() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert text.count("{") == text.count("}")
    assert re.search(r"reverse_proxy api:8000", text)
    assert re.search(r"@inside path [^\n]*/metrics", text)
    assert "purpose" in text


def test_container_runs_as_nobody_in_particular_from_the_lock_file() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "--require-hashes -r requirements.lock" in text
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    copied = set(re.findall(r"^COPY (\w+) \w+$", text, re.MULTILINE))
    assert copied == {"linkage", "registry", "api", "migrations"}
