"""Signing in with a provider of OpenID Connect, against a small one on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import Engine, text

from api import browser_sessions
from api.app import create_app
from api.pages.routes.provider import NAME
from registry.access import accounts, officers, provider_sign_in, second_factor, web_sessions
from registry.access.accounts import Steward
from registry.access.officers import NewOfficer
from registry.access.provider import CALLBACK, Identity
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import transaction
from registry.errors import Conflict
from registry.sealing import keyring
from registry.settings import Settings
from tests.api.pages.signing import form, sign_in
from tests.registry.access import small_provider
from tests.registry.access.small_provider import CLIENT, SECRET, SUBJECT, SmallProvider

NOW = datetime.now(UTC)
BY = Steward("administrator", NOW)


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with small_provider.listening() as opened:
        yield opened


@pytest.fixture
def settings(provider: SmallProvider, database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url, home=tmp_path, sign_in_issuer=provider.issuer,
        sign_in_client_id=CLIENT, sign_in_client_secret=SecretStr(SECRET),
        sign_in_name="CamDigiKey",
    )  # fmt: skip


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    browser = TestClient(
        create_app(settings), follow_redirects=False,
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )  # fmt: skip
    with browser as opened:
        yield opened


@pytest.fixture
def sokha(engine: Engine, provider: SmallProvider) -> None:
    with transaction(engine) as session:
        officers.add(session, NewOfficer("sokha", "Sok Kha", frozenset({Role.AUDITOR})), NOW)
        accounts.connect_officer(session, "sokha", Identity(provider.issuer, SUBJECT), BY)


def leave(http: TestClient) -> str:
    answer = http.get("/sign-in/provider")
    assert answer.status_code == 303
    return answer.headers["location"]


def come_back(http: TestClient, provider: SmallProvider) -> Response:
    return http.get(CALLBACK, params=provider.sign_in(leave(http)))


def stage(engine: Engine, http: TestClient) -> Stage | None:
    with transaction(engine) as session:
        found = web_sessions.find(session, http.cookies.get(browser_sessions.NAME), NOW)
        return None if found is None else found.stage


@pytest.mark.usefixtures("sokha")
def test_whom_the_provider_asked_for_two_factors_is_signed_in(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    provider.claims = {"amr": ["pwd", "mfa"]}
    http.get("/sign-in?next=/audit")
    answer = come_back(http, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit")
    assert http.get("/audit").status_code == 200
    assert NAME not in http.cookies
    with transaction(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM sign_in_attempt")) == 0


@pytest.mark.usefixtures("sokha")
def test_account_that_needs_a_second_factor_asks_for_its_own_otherwise(
    http: TestClient, provider: SmallProvider, engine: Engine, settings: Settings
) -> None:
    assert come_back(http, provider).headers["location"] == "/sign-in/phone"
    assert http.get("/audit").status_code == 303
    with transaction(engine) as session:
        officer = officers.find(session, "sokha")
        second_factor.begin(session, officer, keyring(settings))
        officer.second_factor_at = NOW
    assert come_back(http, provider).headers["location"] == "/sign-in/code"
    assert stage(engine, http) == Stage.SECOND_FACTOR


def test_subject_of_nobody_makes_no_account(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    answer = come_back(http, provider)
    assert answer.status_code == 422
    assert SUBJECT in answer.text
    with transaction(engine) as session:
        assert not officers.everybody(session)
    assert stage(engine, http) is None


@pytest.mark.usefixtures("sokha")
def test_closed_account_stays_closed(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    with transaction(engine) as session:
        accounts.close_officer(session, "sokha", BY)
    assert come_back(http, provider).status_code == 422
    assert stage(engine, http) is None


@pytest.mark.usefixtures("sokha")
def test_state_is_good_once_and_in_its_own_browser(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    provider.claims = {"amr": ["mfa"]}
    address = leave(http)
    back = provider.sign_in(address)
    secret = http.cookies[NAME]
    assert http.get(CALLBACK, params={**back, "state": "0" * 64}).status_code == 422
    http.cookies.set(NAME, secret)
    assert http.get(CALLBACK, params=back).status_code == 422, "the attempt was taken"
    back = provider.sign_in(leave(http))
    http.cookies.delete(NAME)
    assert http.get(CALLBACK, params=back).status_code == 422, "another browser"
    assert stage(engine, http) is None


@pytest.mark.usefixtures("sokha")
def test_code_is_good_once(http: TestClient, provider: SmallProvider) -> None:
    provider.claims = {"amr": ["mfa"]}
    back = provider.sign_in(leave(http))
    assert http.get(CALLBACK, params=back).status_code == 303
    state = provider.sign_in(leave(http))["state"]
    again = {"code": back["code"], "state": state}
    assert http.get(CALLBACK, params=again).status_code == 422


@pytest.mark.usefixtures("sokha")
def test_word_that_is_not_believed_signs_nobody_in(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    provider.claims = {"amr": ["mfa"], "aud": "another client"}
    answer = come_back(http, provider)
    assert answer.status_code == 422
    assert "did not work" in answer.text
    assert stage(engine, http) is None


@pytest.mark.usefixtures("sokha")
def test_who_signs_out_may_sign_out_of_the_provider_too(
    http: TestClient, provider: SmallProvider, engine: Engine
) -> None:
    provider.claims = {"amr": ["mfa"]}
    come_back(http, provider)
    answer = http.post("/sign-out", data=form(http, "/"))
    assert answer.headers["location"] == "/signed-out"
    assert stage(engine, http) is None
    assert 'href="/sign-out/provider"' in http.get("/signed-out").text
    there = urlsplit(http.get("/sign-out/provider").headers["location"])
    assert there.path == "/logout"
    assert parse_qs(there.query)["client_id"] == [CLIENT]


def test_sign_in_page_offers_the_provider_in_both_languages(http: TestClient) -> None:
    assert "Sign in with CamDigiKey" in http.get("/sign-in").text
    khmer = http.get("/sign-in", headers={"Accept-Language": "km"}).text
    assert "ចូលប្រើតាម CamDigiKey" in khmer


def test_nothing_is_offered_where_no_provider_is_set(database_url: str, tmp_path: Path) -> None:
    plain = create_app(Settings(database_url=database_url, home=tmp_path))
    with TestClient(plain, follow_redirects=False, headers={"Accept": "text/html"}) as http:
        assert "/sign-in/provider" not in http.get("/sign-in").text
        for path in ("/sign-in/provider", CALLBACK, "/sign-out/provider"):
            assert http.get(path).status_code == 404


def test_administrator_connects_and_disconnects(http: TestClient, engine: Engine) -> None:
    sign_in(engine, http, Role.SYSTEM_ADMINISTRATOR)
    with transaction(engine) as session:
        officers.add(session, NewOfficer("dara", "Dara", frozenset({Role.AUDITOR})), NOW)
    sent = form(http, "/accounts", login="dara", subject=SUBJECT)
    assert http.post("/accounts/officers/connect", data=sent).status_code == 303
    assert SUBJECT in http.get("/accounts").text
    with transaction(engine) as session:
        assert officers.find(session, "dara").password_hash is None
        assert accounts.reset_officer(session, "dara", BY) is None
    told = http.post("/accounts/officers/disconnect", data=form(http, "/accounts", login="dara"))
    assert told.status_code == 200
    with transaction(engine) as session:
        assert officers.find(session, "dara").password_hash is not None
        actions = session.scalars(text("SELECT action FROM audit_entry ORDER BY id")).all()
    assert actions == ["connect officer", "reset officer", "disconnect officer"]


@pytest.mark.usefixtures("sokha")
def test_subject_is_one_officers(engine: Engine, provider: SmallProvider) -> None:
    with transaction(engine) as session:
        officers.add(session, NewOfficer("dara", "Dara", frozenset({Role.AUDITOR})), NOW)
    with pytest.raises(Conflict), transaction(engine) as session:
        accounts.connect_officer(session, "dara", Identity(provider.issuer, SUBJECT), BY)
    with transaction(engine) as session:
        accounts.connect_officer(session, "sokha", Identity(provider.issuer, "another"), BY)
        gone = provider_sign_in.admit(session, Identity(provider.issuer, SUBJECT), NOW)
    assert gone is None, "the subject before signs in no more"
