"""The matrix: every route of the application, by every role and by nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from api import browser_sessions
from api.app import create_app
from api.pages import forms
from registry.access import officers, principals, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import POLICY, Role
from registry.access.web_sessions import Stage
from registry.database import transaction
from registry.settings import Settings
from tests.api.doors import DOORS, Door, routes

NOW = datetime.now(UTC)
REFUSED = {401, 403}
FORM_TOKEN = "f" * forms.LENGTH


@dataclass(frozen=True)
class Keys:
    """What somebody of a role comes in with."""

    bearer: str
    cookie: str


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> FastAPI:
    return create_app(Settings(database_url=database_url, home=tmp_path, limit_factor=0))


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def keys(engine: Engine) -> dict[Role, Keys]:
    found: dict[Role, Keys] = {}
    with transaction(engine) as session:
        for role in Role:
            scheme = "nssf" if role == Role.SCHEME_ADMINISTRATOR else None
            bearer = principals.add_client(session, role, role, scheme=scheme)
            new = NewOfficer(role, role, frozenset({role}), scheme, has_password=False)
            officers.add(session, new, NOW)
            officer = officers.find(session, role)
            opened = web_sessions.open_session(session, officer, Stage.SIGNED_IN, NOW)
            found[role] = Keys(bearer, opened.token)
    return found


def test_every_route_is_a_door_of_the_table(app: FastAPI) -> None:
    assert set(routes(app)) == set(DOORS)


def test_every_door_opens_to_those_who_may_and_to_nobody_else(
    http: TestClient, keys: dict[Role, Keys]
) -> None:
    wrong = []
    for name, door in DOORS.items():
        for role in (None, *Role):
            answer = knock(http, name, door, None if role is None else keys[role])
            verdict = judge(answer, door, role)
            if verdict:
                wrong.append(f"{name} by {role or 'nobody'}: {answer.status_code}, {verdict}")
    assert not wrong, "\n".join(wrong)


def test_no_key_of_one_way_opens_the_other(http: TestClient, keys: dict[Role, Keys]) -> None:
    """A browser's cookie opens no programs' door, where any site could knock; nor a token pages."""
    for name, door in DOORS.items():
        if door.permission is None:
            continue
        role = next(role for role in Role if door.permission in POLICY[role])
        other = Door("page" if door.way == "api" else "api", door.permission)
        answer = knock(http, name, other, keys[role])
        assert judge(answer, door, None) == "", name


def knock(http: TestClient, name: str, door: Door, keys: Keys | None) -> Response:
    method, path = name.split(" ", 1)
    headers = {"Tus-Resumable": "1.0.0"}
    if keys and door.way in {"api", "known"}:
        headers["Authorization"] = f"Bearer {keys.bearer}"
    http.cookies.clear()
    if keys and door.way == "page":
        http.cookies.set(browser_sessions.NAME, keys.cookie)
    address = re.sub(r"\{[^}]*\}", "1", path)
    if method == "GET" or DOORS[name].way != "page":
        return http.request(method, address, headers=headers)
    http.cookies.set(forms.COOKIE, FORM_TOKEN)
    return http.request(method, address, data={forms.FIELD: FORM_TOKEN}, headers=headers)


def judge(answer: Response, door: Door, role: Role | None) -> str:
    """What is wrong with an answer; nothing when all is right."""
    is_led_away = answer.headers.get("location", "").startswith("/sign-in")
    is_refused = answer.status_code in REFUSED or is_led_away
    if answer.status_code >= 500:
        return "a fault"
    if door.way == "open":
        return ""
    if role is not None and _may(door, role):
        return "should come in" if is_refused else ""
    if not is_refused:
        return "should not come in"
    if role is None:
        return "" if answer.status_code == (303 if door.way == "page" else 401) else "not known"
    return "" if answer.status_code == 403 else "known, and may not"


def _may(door: Door, role: Role) -> bool:
    return door.permission is None or door.permission in POLICY[role]
