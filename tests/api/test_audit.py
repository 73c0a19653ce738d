"""The audit for programs: for auditors alone, page by page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.access.roles import Role
from registry.settings import Settings
from tests.api.served import Served, served

OFFICER, AUDITOR = Role.DATA_OFFICER, Role.AUDITOR
CHECK = {"purpose": "yearly check"}


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(engine, Settings(database_url=database_url, home=tmp_path)) as opened:
        yield opened


def test_auditor_reads_who_looked_at_whom_and_the_reading_is_an_entry(service: Served) -> None:
    sp_id = service.sp_ids["nssf", "1"]
    for part in ("", "/values", "/history"):
        service.get(OFFICER, f"/v1/persons/{sp_id}{part}", purpose="care")
    first = service.get(AUDITOR, "/v1/audit", limit=2, **CHECK)
    assert [entry["action"] for entry in first["items"]] == [
        "read history of a person", "read values of a person",
    ]  # fmt: skip
    assert {(entry["door"], *entry["sp_ids"]) for entry in first["items"]} == {("api", sp_id)}
    second = service.get(AUDITOR, "/v1/audit", limit=2, cursor=first["next"], **CHECK)
    assert [entry["action"] for entry in second["items"]] == ["read person"]
    assert second["next"] is None
    last = service.get(AUDITOR, "/v1/audit", limit=1, **CHECK)["items"][0]
    assert (last["action"], last["actor"], last["purpose"]) == (
        "read the audit", "a auditor", "yearly check",
    )  # fmt: skip


def test_audit_is_narrowed_by_who_whom_when_and_door(service: Served) -> None:
    one, two = service.sp_ids.values()
    for sp_id in (one, two):
        service.get(OFFICER, f"/v1/persons/{sp_id}", purpose="care")
    mine = service.get(AUDITOR, "/v1/audit", sp_id=one, actor="a data_officer", **CHECK)["items"]
    assert [entry["sp_ids"] for entry in mine] == [[one]]
    assert service.get(AUDITOR, "/v1/audit", door="fhir", **CHECK)["items"] == []
    before = service.get(AUDITOR, "/v1/audit", until="2020-01-01T00:00:00Z", **CHECK)
    assert before["items"] == []
    for wrong, status in (
        ({"sp_id": "1"}, 404), ({"since": "2026-01-01T00:00:00"}, 422),
        ({"since": "0190-03-21T09:20:34-19:45"}, 200),
        ({"until": "0001-01-01T00:00:00+14:00"}, 422),
    ):  # fmt: skip
        answer = service.call(AUDITOR, "GET", "/v1/audit", params={**CHECK, **wrong})
        assert answer.status_code == status
    assert service.call(OFFICER, "GET", "/v1/audit", params=CHECK).status_code == 403
