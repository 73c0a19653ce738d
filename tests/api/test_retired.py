"""A person asked by a retired SP ID is the survivor, at every door; the audit says which door."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, text

from api.app import create_app
from api.fhir import systems
from api.pages.wording import PURPOSES
from registry.access import principals
from registry.access.roles import Role
from registry.database import transaction
from registry.settings import Settings
from registry.sp_id import SpId, printed
from tests.api.dci.conftest import by_number, search
from tests.api.pages.signing import form, sign_in
from tests.registry.partner_world import PartnerWorld, settle

BORN = "1990"
CARE = {"purpose": "care"}


@dataclass
class Desk:
    """Somebody who may look for people, by a program and in a browser."""

    http: TestClient
    engine: Engine
    world: PartnerWorld

    @property
    def retired(self) -> str:
        return self.world.sp_ids["bopha"]

    @property
    def survivor(self) -> str:
        return self.world.sp_ids["sokha"]

    def last(self) -> tuple[str, list[int]]:
        """The door and the persons of the newest entry of the audit."""
        with transaction(self.engine) as session:
            newest = "SELECT door, persons FROM audit_entry ORDER BY id DESC LIMIT 1"
            row = session.execute(text(newest)).one()
            return row.door, row.persons


@pytest.fixture
def desk(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with transaction(engine) as session:
        world = settle(session)
        token = principals.add_client(session, "office", Role.DATA_OFFICER)
    with TestClient(create_app(Settings(database_url=database_url, home=tmp_path))) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        sign_in(engine, http, Role.DATA_OFFICER)
        yield Desk(http, engine, world)


def person(part: str) -> Callable[[Desk], Response]:
    return lambda desk: desk.http.get(f"/v1/persons/{desk.retired}{part}", params=CARE)


def lookup(desk: Desk) -> Response:
    return desk.http.post("/v1/lookups", json={"by": "sp_id", "sp_id": desk.retired, **CARE})


def eligibility(desk: Desk) -> Response:
    asked = {"by": "sp_id", "sp_id": desk.retired, "date": "2026-06-01", **CARE}
    return desk.http.post("/v1/eligibility", json=asked)


def dci_search(desk: Desk) -> Response:
    return desk.http.post("/registry/sync/search", json=search(by_number("UIN", desk.retired)))


def fhir_read(desk: Desk) -> Response:
    return desk.http.get(f"/fhir/Patient/{desk.retired}")


def fhir_search(desk: Desk) -> Response:
    return desk.http.get("/fhir/Patient", params={"identifier": f"{systems.SP_ID}|{desk.retired}"})


def pix(desk: Desk) -> Response:
    asked = {"sourceIdentifier": f"{systems.SP_ID}|{desk.retired}"}
    return desk.http.get("/fhir/Patient/$ihe-pix", params=asked)


def match(desk: Desk) -> Response:
    numbers = [{"system": systems.SP_ID, "value": desk.retired}]
    resource = {"resourceType": "Patient", "identifier": numbers}
    parameters = [{"name": "resource", "resource": resource}]
    return desk.http.post(
        "/fhir/Patient/$match", json={"resourceType": "Parameters", "parameter": parameters}
    )


def people_page(desk: Desk) -> Response:
    fields = form(desk.http, "/people", text=desk.retired, purpose=next(iter(PURPOSES)))
    return desk.http.post("/people", data=fields)


DOORS: dict[str, tuple[Callable[[Desk], Response], str]] = {
    "person": (person(""), "api"),
    "values": (person("/values"), "api"),
    "history": (person("/history"), "api"),
    "households": (person("/households"), "api"),
    "lookup": (lookup, "api"),
    "DCI search": (dci_search, "dci"),
    "FHIR read": (fhir_read, "fhir"),
    "PDQm": (fhir_search, "fhir"),
    "PIXm": (pix, "fhir"),
    "$match": (match, "fhir"),
    "people": (people_page, "pages"),
}


def test_retired_sp_id_leads_to_the_survivor_at_every_door(desk: Desk) -> None:
    wrong = []
    for name, (ask, door) in DOORS.items():
        answer = ask(desk)
        told = desk.survivor in answer.text or printed(SpId(desk.survivor)) in answer.text
        if not answer.is_success or not told:
            wrong.append(f"{name}: {answer.status_code} {answer.text[:200]}")
        elif desk.last() != (door, [desk.world.persons["sokha"]]):
            wrong.append(f"{name}: the audit says {desk.last()}")
    assert not wrong, "\n".join(wrong)


def test_coverage_of_a_retired_sp_id_is_the_survivors(desk: Desk) -> None:
    body = eligibility(desk).json()
    assert body["person"]["birth_year"] == int(BORN)
    assert desk.last() == ("api", [desk.world.persons["sokha"]])
