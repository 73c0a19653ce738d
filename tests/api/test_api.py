"""The API over HTTP: its doors, its answers, its problems."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from registry.access import principals
from registry.access.roles import Role
from registry.auditing import audit_chain
from registry.database import connect, transaction
from registry.lists import imports
from registry.people import partition
from registry.settings import Settings
from registry.sp_id import SpId, printed
from tests.registry.small_lists import DARA, SOKHA, SOKHA_AGAIN, hef


class Service:
    """A client of the API on a database that holds three records."""

    def __init__(self, client: TestClient, database_url: str, token: str) -> None:
        self.http = client
        self.engine = connect(database_url)
        self.headers = {"Authorization": f"Bearer {token}"}
        with transaction(self.engine) as session:
            self.sp_ids = {number: sp_id for _, number, sp_id in partition.rows(session)}

    def look_up(self, **question: str) -> list[dict[str, object]]:
        body = {"purpose": "treatment", **question}
        answer = self.http.post("/v1/lookups", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        matches: list[dict[str, object]] = answer.json()["matches"]
        return matches

    def audit_entries(self) -> int:
        with transaction(self.engine) as session:
            assert audit_chain.verify(session).is_whole
            return int(session.scalar(text("SELECT count(*) FROM audit_entry")) or 0)


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    engine = connect(database_url)
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA]))
    imports.link(engine)
    with transaction(engine) as session:
        token = principals.add_client(session, "office", Role.DATA_OFFICER)
    engine.dispose()
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        opened = Service(client, database_url, token)
        yield opened
        opened.engine.dispose()


def test_person_is_found_by_sp_id_in_groups(service: Service) -> None:
    sp_id = service.sp_ids["P3"]
    [match] = service.look_up(by="sp_id", sp_id=printed(SpId(sp_id)))
    assert match["sp_id"] == sp_id


def test_person_is_found_by_scheme_number(service: Service) -> None:
    [match] = service.look_up(by="scheme_number", scheme="hef", scheme_record_id="P1")
    assert match["sp_id"] == service.sp_ids["P1"]


def test_person_is_found_by_national_id(service: Service) -> None:
    found = service.look_up(by="national_id", national_id="123456789")
    assert {match["sp_id"] for match in found} == {service.sp_ids["P1"], service.sp_ids["P2"]}


@pytest.mark.parametrize("name", ["Chan Dara", "ចាន់ ដារា", "Dara Chan"])
def test_person_is_found_by_name_in_either_script_and_order(service: Service, name: str) -> None:
    found = service.look_up(by="name", name=name, birth_date="1971-11-23")
    assert [match["sp_id"] for match in found] == [service.sp_ids["P3"]]
    assert isinstance(found[0]["match_weight"], float)


def test_nobody_found_is_an_empty_list(service: Service) -> None:
    assert service.look_up(by="national_id", national_id="000000001") == []
    assert service.look_up(by="sp_id", sp_id="100000000018") == []


def test_person_is_read_with_links_and_enrolments(service: Service) -> None:
    sp_id = service.sp_ids["P3"]
    answer = service.http.get(
        f"/v1/persons/{sp_id}", params={"purpose": "treatment"}, headers=service.headers
    )
    body = answer.json()
    assert body["sp_id"] == sp_id
    assert [link["scheme_record_id"] for link in body["links"]] == ["P3"]
    assert [enrolment["scheme"] for enrolment in body["enrolments"]] == ["hef"]


def test_every_read_is_in_the_audit(service: Service) -> None:
    service.look_up(by="national_id", national_id="123456789")
    service.http.get(
        f"/v1/persons/{service.sp_ids['P3']}", params={"purpose": "care"}, headers=service.headers
    )
    assert service.audit_entries() == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "sp_id", "sp_id": "\x00"},
        {"by": "scheme_number", "scheme": "\x00", "scheme_record_id": "1"},
        {"by": "scheme_number", "scheme": "hef", "scheme_record_id": "\x00"},
        {"by": "national_id", "national_id": "\x00"},
        {"by": "name", "name": "Sok \x00", "birth_date": "1990"},
    ],
)
def test_what_the_database_cannot_be_asked_for_is_refused(
    service: Service, asked: dict[str, str]
) -> None:
    body = {"purpose": "care", **asked}
    answer = service.http.post("/v1/lookups", json=body, headers=service.headers)
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/v1/persons/100000000018", "/v1/lookups"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}])
def test_without_a_valid_token_nothing_is_told(
    service: Service, path: str, headers: dict[str, str]
) -> None:
    method = "POST" if path.endswith("lookups") else "GET"
    answer = service.http.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("sp_id", ["100000000018", "100000000019", "hello"])
def test_number_never_issued_is_a_problem_document(service: Service, sp_id: str) -> None:
    answer = service.http.get(
        f"/v1/persons/{sp_id}", params={"purpose": "care"}, headers=service.headers
    )
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_read_without_a_purpose_is_refused(service: Service) -> None:
    sp_id = service.sp_ids["P3"]
    answer = service.http.get(f"/v1/persons/{sp_id}", headers=service.headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/purpose"


def test_malformed_question_is_told_where_and_not_repeated(service: Service) -> None:
    body = {"by": "name", "name": "Marked Name", "birth_date": "yesterday", "purpose": "care"}
    answer = service.http.post("/v1/lookups", json=body, headers=service.headers)
    assert answer.status_code == 422
    assert "birth_date" in answer.text
    assert "Marked" not in answer.text


def test_health_and_description_need_no_token(service: Service) -> None:
    for path in ("/livez", "/readyz", "/docs", "/openapi.json"):
        assert service.http.get(path).status_code == 200


def test_every_question_of_the_description_has_an_example(service: Service) -> None:
    described = service.http.get("/openapi.json").json()
    body = described["paths"]["/v1/lookups"]["post"]["requestBody"]["content"]["application/json"]
    assert {one["value"]["by"] for one in body["examples"].values()} == {
        "sp_id", "scheme_number", "national_id", "name",
    }  # fmt: skip


def test_client_without_the_permission_is_told_so_and_no_more(service: Service) -> None:
    with transaction(service.engine) as session:
        token = principals.add_client(session, "clinic")
    headers = {"Authorization": f"Bearer {token}"}
    sp_id = service.sp_ids["P3"]
    answers = [
        service.http.get(f"/v1/persons/{number}", params={"purpose": "care"}, headers=headers)
        for number in (sp_id, "100000000018")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()
