"""Resources over HTTP: pages, versions, keys, and who sees what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from httpx2 import Response
from sqlalchemy import Engine, text, update

from registry.access.roles import Role
from registry.database import transaction
from registry.lists.imports import parse_batch
from registry.records.source_records import RecordVersion
from registry.reviewing import findings
from registry.settings import Settings
from tests.api.served import Served, served
from tests.registry.small_lists import DARA, NAMELESS, SOKHA, hef

OFFICER, SUPERVISOR = Role.DATA_OFFICER, Role.SUPERVISOR
ADMINISTRATOR = Role.SCHEME_ADMINISTRATOR
CARE = {"purpose": "care"}


@pytest.fixture
def service(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(engine, Settings(database_url=database_url, home=tmp_path)) as opened:
        yield opened


def send(service: Served, path: Path, key: str | None = None, **form: str) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    files = {"file": (path.name, path.read_bytes())}
    return service.call(
        ADMINISTRATOR, "POST", "/v1/batches", data={"scheme": "hef", **form}, files=files,
        headers=headers,
    )  # fmt: skip


def next_review(service: Served, role: Role = OFFICER) -> Response:
    return service.call(role, "POST", "/v1/reviews/next", json=CARE)


def say(service: Served, number: int, verdict: str, etag: str | None, **headers: str) -> Response:
    seen = {} if etag is None else {"If-Match": etag}
    return service.call(
        OFFICER, "POST", f"/v1/reviews/{number}/words", json={"verdict": verdict, **CARE},
        headers={**seen, **headers},
    )  # fmt: skip


def test_list_is_sent_watched_and_corrected(service: Served, tmp_path: Path) -> None:
    sent = send(service, hef(tmp_path, [SOKHA, NAMELESS, DARA]))
    assert sent.status_code == 201, sent.text
    place = sent.headers["location"]
    watched = service.call(ADMINISTRATOR, "GET", place)
    assert watched.json()["status"] == "received"
    assert watched.headers["retry-after"] == "2"
    assert watched.headers["etag"] == sent.headers["etag"]
    parse_batch(service.engine, sent.json()["id"])
    taken = service.get(ADMINISTRATOR, place)
    assert taken["progress"]["rows_rejected"] == 1
    [row] = service.get(ADMINISTRATOR, f"{place}/rejected-rows")["items"]
    assert row["as_sent"]["patient_no"] == "P4"
    assert row["problems"][0]["message_km"]
    problems = service.get(ADMINISTRATOR, f"{place}/problems")["problems"]
    assert "name.missing" in {each["code"] for each in problems}
    workbook = service.call(ADMINISTRATOR, "GET", f"{place}/corrections")
    sheet = openpyxl.load_workbook(BytesIO(workbook.content)).active
    assert sheet is not None
    assert next(cell.value for cell in sheet[2]) == "P4"
    with transaction(service.engine) as session:
        said = session.execute(text("SELECT actor, action FROM audit_entry ORDER BY id")).all()
    assert [action for _, action in said] == [
        "send a list", "read rejected rows", "read rejected rows",
    ]  # fmt: skip
    assert len({actor for actor, _ in said}) == 1


def test_same_list_again_is_the_same_batch(service: Served, tmp_path: Path) -> None:
    first, again = (send(service, hef(tmp_path, [SOKHA])) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    with transaction(service.engine) as session:
        jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    assert jobs == 1


def test_what_is_sent_again_under_its_key_is_done_once(service: Served, tmp_path: Path) -> None:
    path = hef(tmp_path, [SOKHA])
    first, again = (send(service, path, "k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    other = send(service, hef(tmp_path, [DARA]), "k1")
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    same = hef(tmp_path, [SOKHA])
    assert send(service, same, "k2").status_code == 200, "another key, the same list"


def test_key_is_free_again_when_the_work_failed(service: Served, tmp_path: Path) -> None:
    sent = send(service, hef(tmp_path, [SOKHA]))
    place, key = sent.headers["location"], {"Idempotency-Key": "cancel"}
    stale = service.call(
        ADMINISTRATOR, "POST", f"{place}/cancel", headers={"If-Match": '"old"', **key}
    )
    assert stale.status_code == 412
    seen = {"If-Match": sent.headers["etag"], **key}
    first, again = (
        service.call(ADMINISTRATOR, "POST", f"{place}/cancel", headers=seen) for _ in range(2)
    )
    assert first.json() == again.json()
    assert first.status_code == again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"


def test_key_is_of_its_caller_and_kept_for_a_day(service: Served, tmp_path: Path) -> None:
    path = hef(tmp_path, [SOKHA])
    send(service, path, "k")
    with transaction(service.engine) as session:
        session.execute(text("UPDATE kept_answer SET caller = 'client 999'"))
    assert "idempotency-replayed" not in send(service, path, "k").headers
    with transaction(service.engine) as session:
        session.execute(text("UPDATE kept_answer SET at = at - interval '25 hours'"))
    assert "idempotency-replayed" not in send(service, path, "k").headers


def test_upload_begins_once_under_its_key(service: Served) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Idempotency-Key": "u"}
    first, again = (
        service.call(ADMINISTRATOR, "POST", "/v1/uploads", headers=headers) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"]
    part = {
        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }  # fmt: skip
    place = first.headers["location"]
    kept = service.call(ADMINISTRATOR, "PATCH", place, headers=part, content=b"abc")
    assert (kept.status_code, kept.headers["upload-offset"]) == (204, "3")


def test_administrator_sees_their_own_scheme_alone(service: Served, tmp_path: Path) -> None:
    refused = send(service, hef(tmp_path, [SOKHA]), scheme="idpoor")
    assert refused.status_code == 403
    with transaction(service.engine) as session:
        session.execute(text("UPDATE batch SET scheme = 'nssf'"))
        number = session.scalar(text("SELECT id FROM batch"))
    assert service.get(ADMINISTRATOR, "/v1/batches")["items"] == []
    for path in ("", "/problems", "/rejected-rows", "/corrections"):
        answer = service.call(ADMINISTRATOR, "GET", f"/v1/batches/{number}{path}")
        assert answer.status_code == 404


def test_batch_is_cancelled_as_it_was_seen(service: Served, tmp_path: Path) -> None:
    sent = send(service, hef(tmp_path, [SOKHA]))
    place = sent.headers["location"]
    assert service.call(ADMINISTRATOR, "POST", f"{place}/cancel").status_code == 428
    stale = service.call(ADMINISTRATOR, "POST", f"{place}/cancel", headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    seen = {"If-Match": sent.headers["etag"]}
    cancelled = service.call(ADMINISTRATOR, "POST", f"{place}/cancel", headers=seen)
    assert cancelled.json()["status"] == "cancelled"
    seen = {"If-Match": cancelled.headers["etag"]}
    assert service.call(ADMINISTRATOR, "POST", f"{place}/confirm", headers=seen).status_code == 409


def test_pages_follow_each_other_and_lose_nothing(service: Served, tmp_path: Path) -> None:
    sent = [send(service, hef(tmp_path, [SOKHA, (f"P{n}", *DARA[1:])])) for n in range(10, 15)]
    seen: list[Any] = []
    cursor: dict[str, object] = {}
    while True:
        page = service.get(ADMINISTRATOR, "/v1/batches", limit=2, **cursor)
        seen += [batch["id"] for batch in page["items"]]
        if len(seen) == 2:
            send(service, hef(tmp_path, [DARA]))
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen[:-1] == [answer.json()["id"] for answer in reversed(sent)]
    answer = service.call(ADMINISTRATOR, "GET", "/v1/batches", params={"cursor": "guess"})
    assert answer.status_code == 400


def test_review_is_claimed_spoken_on_and_taken_back(service: Served) -> None:
    claimed = next_review(service)
    assert claimed.status_code == 200, claimed.text
    review = claimed.json()["review"]
    sides = {claimed.json()[side]["record"]["scheme_record_id"] for side in ("left", "right")}
    assert sides == {"1", "2"}
    path = f"/v1/reviews/{review['id']}"
    assert next_review(service, SUPERVISOR).status_code == 204
    assert next_review(service, SUPERVISOR).headers["retry-after"]
    assert say(service, review["id"], "unsure", None).status_code == 428
    assert say(service, review["id"], "unsure", '"1-999"').status_code == 412
    key = {"Idempotency-Key": "said"}
    said = say(service, review["id"], "unsure", claimed.headers["etag"], **key)
    again = say(service, review["id"], "unsure", claimed.headers["etag"], **key)
    assert again.json() == said.json()
    assert say(service, review["id"], "same", claimed.headers["etag"], **key).status_code == 422
    assert (said.status_code, said.json()["status"]) == (200, "decided")
    [word] = service.get(OFFICER, "/v1/reviews/words")["items"]
    assert word["can_be_undone"]
    undone = service.call(
        OFFICER, "POST", f"/v1/reviews/words/{word['id']}/undo", json={"note": "error", **CARE}
    )
    assert undone.status_code in {200, 204}
    assert service.call(OFFICER, "GET", path, params=CARE).status_code == 200


def test_supervisor_undoes_a_decision(service: Served) -> None:
    claimed = next_review(service)
    say(service, claimed.json()["review"]["id"], "unsure", claimed.headers["etag"])
    [decision] = service.get(SUPERVISOR, "/v1/decisions")["items"]
    assert service.call(OFFICER, "GET", "/v1/decisions").status_code == 403
    undone = service.call(
        SUPERVISOR, "POST", f"/v1/decisions/{decision['id']}/undo", json={"note": "wrong", **CARE}
    )
    assert undone.json()["undone_by"] == "a supervisor"


@pytest.mark.parametrize("part", ["", "/values", "/history", "/households"])
def test_person_is_read_and_each_read_is_recorded(service: Served, part: str) -> None:
    sp_id = service.sp_ids["nssf", "1"]
    body = service.get(OFFICER, f"/v1/persons/{sp_id}{part}", **CARE)
    assert body["sp_id"] == sp_id
    with transaction(service.engine) as session:
        persons = session.scalars(text("SELECT cardinality(persons) FROM audit_entry")).all()
    assert persons[-1] == 1


def test_best_values_come_with_their_source(service: Served) -> None:
    sp_id = service.sp_ids["nssf", "1"]
    values = service.get(OFFICER, f"/v1/persons/{sp_id}/values", **CARE)["values"]
    best = values["birth_date"]["best"]
    assert (best["value"], best["scheme"]) == ("1990-05-04", "nssf")


def test_finding_is_read_and_closed(service: Served) -> None:
    with transaction(service.engine) as session:
        session.execute(update(RecordVersion).values(national_id="096371764"))
        findings.settle(session, datetime.now(UTC))
    found = service.get(OFFICER, "/v1/findings", kind="national_id_of_two", **CARE)["items"]
    assert {one["sp_id"] for one in found} == set(service.sp_ids.values())
    closed = service.call(
        OFFICER, "POST", f"/v1/findings/{found[0]['id']}/close", json={"note": "typed", **CARE}
    )
    assert closed.json()["closed_by"] == "a data_officer"
    left = service.get(OFFICER, "/v1/findings", kind="national_id_of_two", **CARE)["items"]
    assert [one["id"] for one in left] == [found[1]["id"]]
    assert service.get(OFFICER, "/v1/referrals", **CARE)["items"] == []
    unknown = service.call(OFFICER, "GET", "/v1/findings", params={"kind": "x", **CARE})
    assert unknown.status_code == 404


def test_schemes_say_their_rules_and_who_pays(service: Served) -> None:
    body = service.get(Role.HEALTH_PROVIDER, "/v1/schemes")
    assert body["payers"] == ["nssf", "hef"]
    assert {scheme["code"]: scheme["rule"]["list_lasts_days"] for scheme in body["schemes"]} == {
        "idpoor": 1095, "hef": 365, "nssf": 365, "cash_transfer": 365, "disability": 1095,
    }  # fmt: skip


def test_figures_hide_small_counts_from_viewers(service: Served) -> None:
    codes = service.get(Role.NATIONAL_VIEWER, "/v1/indicators")["codes"]
    assert "coverage_by_scheme" in codes
    viewed = service.get(Role.NATIONAL_VIEWER, "/v1/indicators/coverage_by_scheme")
    seen = service.get(OFFICER, "/v1/indicators/coverage_by_scheme")
    assert "hidden" in str(viewed["lines"])
    assert "hidden" not in str(seen["lines"])
