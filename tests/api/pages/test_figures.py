"""The figures page: for whom it is, what it hides, and that it says how old it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from registry.access.roles import Role
from registry.database import transaction
from registry.indicators import catalogue
from registry.settings import Settings
from tests.api.pages.signing import sign_in
from tests.registry.indicators import people


@pytest.fixture
def http(database_url: str, engine: Engine, tmp_path: Path) -> Iterator[TestClient]:
    with transaction(engine) as session:
        people.write(session, 60)
    settings = Settings(database_url=database_url, home=tmp_path)
    browser = TestClient(
        create_app(settings), follow_redirects=False,
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )  # fmt: skip
    with browser as opened:
        yield opened


def test_viewer_sees_every_figure_with_small_counts_hidden(
    http: TestClient, engine: Engine
) -> None:
    sign_in(engine, http, Role.NATIONAL_VIEWER)
    page = http.get("/figures")
    assert page.status_code == 200
    for code in catalogue.FIGURES:
        assert f'id="{code}"' in page.text
    assert ">hidden</td>" in page.text
    assert "Counted on " in page.text
    assert len(page.content) < 150_000


def test_officer_of_the_registry_sees_small_counts(http: TestClient, engine: Engine) -> None:
    sign_in(engine, http, Role.DATA_OFFICER)
    assert ">hidden</td>" not in http.get("/figures").text


def test_figure_is_a_picture_and_a_table(http: TestClient, engine: Engine) -> None:
    sign_in(engine, http, Role.NATIONAL_VIEWER)
    picture = http.get("/figures/coverage_by_province.svg?in=km")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    table = http.get("/figures/coverage_by_province.csv")
    assert table.text.splitlines()[0].startswith("province,any,")
    assert http.get("/figures/list_quality.svg").status_code == 404
    assert http.get("/figures/weather.csv").status_code == 404


def test_figures_are_not_for_providers(http: TestClient, engine: Engine) -> None:
    assert http.get("/figures").headers["location"] == "/sign-in?next=%2Ffigures"
    sign_in(engine, http, Role.HEALTH_PROVIDER)
    assert http.get("/figures").status_code == 403
