"""Browsers of officers who are signed in."""

import re
from datetime import UTC, datetime

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api import browser_sessions
from api.pages.forms import FIELD
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import transaction


def sign_in(engine: Engine, http: TestClient, role: Role) -> None:
    """Let a browser be that of an officer named for their role."""
    now = datetime.now(UTC)
    scheme = "hef" if role == Role.SCHEME_ADMINISTRATOR else None
    with transaction(engine) as session:
        officers.add(session, NewOfficer(role, role, frozenset({role}), scheme), now)
        officer = officers.find(session, role)
        opened = web_sessions.open_session(session, officer, Stage.SIGNED_IN, now)
    http.cookies.set(browser_sessions.NAME, opened.token)


def form(http: TestClient, path: str, **fields: object) -> dict[str, object]:
    """Fields of a form, with the token of the page that holds it."""
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', http.get(path).text)
    assert found is not None
    return {FIELD: found[1], **fields}
