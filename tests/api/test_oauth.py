"""Tokens over HTTP, and the doorkeeper that lets their holders in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from registry.access import principals
from registry.access.doorkeeper import Doorkeeper
from registry.access.roles import Role
from registry.database import transaction
from registry.errors import NotAllowed
from registry.settings import Settings

QUESTION = {"by": "sp_id", "sp_id": "1000 0000 0018", "purpose": "treatment"}
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, home=tmp_path)


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as opened:
        yield opened


@pytest.fixture
def secret(engine: Engine) -> str:
    with transaction(engine) as session:
        return principals.add_client(session, "office", Role.DATA_OFFICER)


def token(http: TestClient, secret: str, **form: str) -> str:
    answer = http.post(
        "/oauth2/token", data={"grant_type": "client_credentials", **form}, auth=("1", secret)
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["token_type"].lower() == "bearer"
    assert answer.json()["expires_in"] == 600
    return str(answer.json()["access_token"])


def ask(http: TestClient, bearer: str) -> int:
    headers = {"Authorization": f"Bearer {bearer}"}
    return http.post("/v1/lookups", json=QUESTION, headers=headers).status_code


def test_secret_is_exchanged_for_a_token_that_opens(http: TestClient, secret: str) -> None:
    assert ask(http, token(http, secret)) == 200


def test_secret_may_be_sent_in_the_form(http: TestClient, secret: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "1", "client_secret": secret}
    assert http.post("/oauth2/token", data=form).status_code == 200


def test_scope_closes_what_the_role_opens(http: TestClient, secret: str) -> None:
    assert ask(http, token(http, secret, scope="read_findings")) == 403


def test_wrong_secret_is_answered_as_oauth_says(http: TestClient, secret: str) -> None:
    assert secret
    form = {"grant_type": "client_credentials"}
    answer = http.post("/oauth2/token", data=form, auth=("1", "guess"))
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"] == "Basic"
    assert http.post("/oauth2/token", data={}).json()["error"] == "invalid_request"


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic MQ==", "Digest x"])
def test_header_that_cannot_be_read_is_refused(http: TestClient, header: str) -> None:
    answer = http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": header},
    )
    assert answer.status_code == 401


def test_keys_and_addresses_are_published(http: TestClient, secret: str) -> None:
    token(http, secret)
    [key] = http.get("/.well-known/jwks.json").json()["keys"]
    assert key["kty"] == "EC"
    assert "d" not in key
    described = http.get("/.well-known/oauth-authorization-server").json()
    assert "private_key_jwt" in described["token_endpoint_auth_methods_supported"]


def test_revoked_client_is_out_within_a_minute(
    http: TestClient, engine: Engine, settings: Settings, secret: str
) -> None:
    signed = token(http, secret)
    now = datetime.now(UTC)
    doorkeeper = Doorkeeper(engine, settings)
    for bearer in (signed, secret):
        assert doorkeeper.admit(bearer, now).name == "office"
    with transaction(engine) as session:
        principals.revoke(session, principals.find_client(session, "office"), now)
    for bearer in (signed, secret):
        with pytest.raises(NotAllowed):
            doorkeeper.admit(bearer, now + A_MINUTE)


def test_remembered_token_still_ends(
    http: TestClient, engine: Engine, settings: Settings, secret: str
) -> None:
    signed = token(http, secret)
    now = datetime.now(UTC)
    doorkeeper = Doorkeeper(engine, settings)
    doorkeeper.admit(signed, now)
    with pytest.raises(NotAllowed):
        doorkeeper.admit(signed, now + 11 * A_MINUTE)


def test_installation_may_refuse_secrets_as_tokens(
    engine: Engine, settings: Settings, secret: str
) -> None:
    strict = settings.model_copy(update={"plain_tokens": False})
    with pytest.raises(NotAllowed, match="Exchange"):
        Doorkeeper(engine, strict).admit(secret, datetime.now(UTC))
