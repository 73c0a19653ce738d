"""Accounts for system administrators, the audit for auditors, and neither for anybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import create_app
from registry.access import officers
from registry.access.roles import Role
from registry.database import transaction
from registry.settings import Settings
from tests.api.pages.signing import form, sign_in


@pytest.fixture
def http(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    browser = TestClient(
        create_app(Settings(database_url=database_url, home=tmp_path)), follow_redirects=False,
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )  # fmt: skip
    with browser as opened:
        yield opened


@pytest.fixture
def administrator(http: TestClient, engine: Engine) -> TestClient:
    sign_in(engine, http, Role.SYSTEM_ADMINISTRATOR)
    return http


def add(http: TestClient, **fields: object) -> str:
    sent = {"login": "Sokha", "name": "Sok Kha", "role": "data_officer", **fields}
    answer = http.post("/accounts/officers/add", data=form(http, "/accounts", **sent))
    assert answer.status_code in {200, 422}
    return answer.text


def test_officer_is_added_with_provinces_and_a_password_shown_once(
    administrator: TestClient, engine: Engine
) -> None:
    told = add(administrator, province=["01", "12"])
    with transaction(engine) as session:
        officer = officers.find(session, "sokha")
        assert officer.provinces == ["01", "12"]
        password = told.split('class="secret', 1)[1].split(">", 1)[1].split("<", 1)[0]
        assert officers.is_password(officer, password)
    page = administrator.get("/accounts").text
    assert password not in page
    assert "Banteay Meanchey, Phnom Penh" in page


def test_what_is_wrong_is_said_and_nothing_is_kept(
    administrator: TestClient, engine: Engine
) -> None:
    add(administrator)
    assert "There is an officer sokha already" in add(administrator)
    assert "needs a scheme" in add(administrator, login="a", role="scheme_administrator")
    with transaction(engine) as session:
        assert len(officers.everybody(session)) == 2


def test_closed_account_is_out_and_every_change_is_recorded(
    administrator: TestClient, engine: Engine
) -> None:
    add(administrator)
    for act in ("reset", "unlock", "close"):
        sent = form(administrator, "/accounts", login="sokha")
        assert administrator.post(f"/accounts/officers/{act}", data=sent).status_code in {200, 303}
    with transaction(engine) as session:
        assert officers.find(session, "sokha").closed_at is not None
        rows = session.execute(text("SELECT actor, action, which FROM audit_entry ORDER BY id"))
        told = [tuple(row) for row in rows]
    who = Role.SYSTEM_ADMINISTRATOR.value
    acts = ("add officer", "reset officer", "unlock officer", "close officer")
    assert [(actor, action) for actor, action, _ in told] == [(who, act) for act in acts]
    assert {which[0].lower() for _, _, which in told} == {"sokha"}


def test_client_is_added_renewed_and_revoked(administrator: TestClient) -> None:
    sent = {"name": "Clinic", "role": "health_provider", "facility": "Clinic of Kep"}
    added = administrator.post(
        "/accounts/clients/add", data=form(administrator, "/accounts", **sent)
    )
    assert "Client number" in added.text
    named = form(administrator, "/accounts", name="Clinic")
    renewed = administrator.post("/accounts/clients/renew", data=named)
    assert "Client number" in renewed.text != added.text
    administrator.post("/accounts/clients/revoke", data=named)
    assert ">revoked<" in administrator.get("/accounts").text


def test_auditor_finds_who_did_what_and_is_recorded(http: TestClient, engine: Engine) -> None:
    sign_in(engine, http, Role.SYSTEM_ADMINISTRATOR)
    add(http)
    sign_in(engine, http, Role.AUDITOR)
    asked = form(http, "/audit", purpose="yearly check", actor="system_administrator")
    assert "add officer (Sokha)" in http.post("/audit", data=asked).text
    again = form(http, "/audit", purpose="yearly check", actor="auditor")
    assert "read the audit" in http.post("/audit", data=again).text
    assert http.post("/audit", data=form(http, "/audit", purpose="")).status_code == 422
    unknown = form(http, "/audit", purpose="yearly check", sp_id="1111 1111 1111")
    assert http.post("/audit", data=unknown).status_code == 422


def test_auditor_is_told_whether_the_record_is_whole(http: TestClient, engine: Engine) -> None:
    sign_in(engine, http, Role.AUDITOR)
    asked = form(http, "/audit", purpose="yearly check")
    http.post("/audit", data=asked)
    assert "Yes: 1 entries" in http.post("/audit/verify", data=asked).text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMINISTRATOR])
def test_accounts_are_for_system_administrators_alone(
    http: TestClient, engine: Engine, role: Role
) -> None:
    sign_in(engine, http, role)
    assert http.get("/accounts").status_code == 403
    assert http.get("/audit").status_code == (200 if role == Role.AUDITOR else 403)
