"""The door of pages: who is signed in, and what a page of another site may not do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Response
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.requests import Request

from api import browser_sessions
from api.app import create_app
from api.dependencies import signed_in
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.principals import Principal
from registry.access.roles import Permission, Role
from registry.access.web_sessions import Stage
from registry.database import transaction
from registry.settings import Settings

NOW = datetime.now(UTC)
Auditor = Annotated[Principal, Depends(signed_in(Permission.READ_AUDIT))]


def trial(settings: Settings) -> FastAPI:
    """The application with a page to try the door on."""
    app = create_app(settings)

    @app.api_route("/trial", methods=["GET", "POST"])
    def page(who: Auditor) -> str:
        return who.name

    @app.get("/trial-cookie")
    def cookie(request: Request, response: Response) -> None:
        browser_sessions.remember(request, response, "token")

    return app


@pytest.fixture
def http(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database_url, home=tmp_path)
    with TestClient(trial(settings), follow_redirects=False) as opened:
        yield opened


def signed(engine: Engine, http: TestClient, role: Role, stage: Stage = Stage.SIGNED_IN) -> None:
    with transaction(engine) as session:
        officers.add(session, NewOfficer("dara", "Dara", frozenset({role})), NOW)
        opened = web_sessions.open_session(session, officers.find(session, "dara"), stage, NOW)
    http.cookies.set(browser_sessions.NAME, opened.token)


def test_who_is_signed_in_comes_in(http: TestClient, engine: Engine) -> None:
    signed(engine, http, Role.AUDITOR)
    assert http.get("/trial").json() == "dara"


def test_nobody_is_led_to_the_sign_in_page_and_back(http: TestClient) -> None:
    answer = http.get("/trial")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Ftrial"
    assert http.post("/trial").headers["location"] == "/sign-in"
    asked = http.get("/trial", headers={"accept": "application/json"})
    assert asked.status_code == 401


@pytest.mark.parametrize("stage", [one for one in Stage if one != Stage.SIGNED_IN])
def test_half_signed_in_is_not_signed_in(http: TestClient, engine: Engine, stage: Stage) -> None:
    signed(engine, http, Role.AUDITOR, stage)
    assert http.get("/trial").status_code == 303


def test_who_may_not_is_told_so(http: TestClient, engine: Engine) -> None:
    signed(engine, http, Role.SUPERVISOR)
    assert http.get("/trial").status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
    ],
)
def test_page_of_another_site_changes_nothing(
    http: TestClient, engine: Engine, headers: dict[str, str], status: int
) -> None:
    signed(engine, http, Role.AUDITOR)
    assert http.post("/trial", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("address", "name", "is_secure"),
    [
        ("http://127.0.0.1:8000", "registry_session", False),
        ("https://registry.example", "__Host-registry_session", True),
    ],
)
def test_cookie_is_for_this_host_and_no_script(
    database_url: str, tmp_path: Path, address: str, name: str, *, is_secure: bool
) -> None:
    settings = Settings(database_url=database_url, home=tmp_path, public_url=address)
    with TestClient(trial(settings)) as http:
        cookie = http.get("/trial-cookie").headers["set-cookie"]
    assert cookie.startswith(f"{name}=token")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) == is_secure
