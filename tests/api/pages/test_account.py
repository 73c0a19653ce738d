"""An officer's own account, whatever their role, as a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from api import browser_sessions
from api.app import create_app
from registry.access import officers
from registry.access.roles import Role
from registry.database import transaction
from registry.settings import Settings
from tests.api.pages.signing import form, sign_in

WORDS = "seven green buffaloes"
NEWER = "eight yellow buffaloes"


@pytest.fixture
def http(database_url: str, tmp_path: Path, engine: Engine) -> Iterator[TestClient]:
    """The browser of a data officer with a password of their own."""
    app = create_app(Settings(database_url=database_url, home=tmp_path))
    headers = {"Accept": "text/html", "Accept-Language": "km"}
    with TestClient(app, follow_redirects=False, headers=headers) as opened:
        sign_in(engine, opened, Role.DATA_OFFICER)
        with transaction(engine) as session:
            officers.choose_password(session, officers.find(session, Role.DATA_OFFICER), WORDS)
        yield opened


def change(http: TestClient, **fields: str) -> Response:
    sent = {"password": WORDS, "newer": NEWER, "again": NEWER, **fields}
    return http.post("/account/password", data=form(http, "/account", **sent))


@pytest.mark.parametrize(
    "fields",
    [{"password": "wrong"}, {"again": "another"}, {"newer": "short", "again": "short"}],
)
def test_what_is_refused_is_said_in_khmer(http: TestClient, fields: dict[str, str]) -> None:
    answer = change(http, **fields)
    assert answer.status_code == 422
    notice = answer.text.split('role="alert">')[1].split("</div>")[0]
    assert "lang=" not in notice
    assert any("ក" <= letter <= "\u17ff" for letter in notice)


def test_password_is_changed_and_this_browser_goes_on(http: TestClient) -> None:
    before = http.cookies[browser_sessions.NAME]
    answer = change(http)
    assert answer.status_code == 200
    for token, status in ((answer.cookies[browser_sessions.NAME], 200), (before, 303)):
        http.cookies.clear()
        http.cookies.set(browser_sessions.NAME, token)
        assert http.get("/account").status_code == status


def test_offer_that_was_not_made_is_refused(http: TestClient) -> None:
    sent = form(http, "/account", offer="nonsense", code="000000")
    assert http.post("/account/phone/code", data=sent).status_code == 401
