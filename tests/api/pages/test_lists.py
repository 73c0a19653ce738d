"""Lists of a scheme: sent, looked at, submitted or given up, watched, corrected."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import create_app
from api.pages import list_progress
from api.pages.languages import ENGLISH
from registry.access.roles import Role
from registry.database import transaction
from registry.jobs import Work, work
from registry.lists import imports, layouts
from registry.lists.batches import BatchStatus, Mode
from registry.lists.imports import Terms
from registry.lists.progress import Progress
from registry.lists.reading import Pace
from registry.schemes.fields import Field
from registry.settings import Settings
from tests.api.pages.signing import form, sign_in
from tests.registry.small_lists import DARA, HEADINGS, NAMELESS, SOKHA, csv_of, hef

ONE = Terms(pace=Pace(1))


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
    sign_in(engine, http, Role.SCHEME_ADMINISTRATOR)
    return http


def send(http: TestClient, path: Path, mode: Mode = Mode.DELTA) -> str:
    """Send a file; where it leads."""
    fields = form(http, "/lists", mode=mode.value)
    answer = http.post("/lists", data=fields, files={"file": (path.name, path.read_bytes())})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def press(http: TestClient, place: str, act: str) -> int:
    return http.post(f"{place}/{act}", data=form(http, place)).status_code


def status(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(text("SELECT status FROM batch ORDER BY id")))


def jobs(engine: Engine) -> int:
    with transaction(engine) as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


def recorded(engine: Engine, place: str) -> list[str]:
    """What the audit holds of a list."""
    query = text("SELECT action FROM audit_entry WHERE which = :which ORDER BY id")
    with transaction(engine) as session:
        which = [f"hef {place.rsplit('/', 1)[1]}"]
        return list(session.scalars(query, {"which": which}))


def finish(engine: Engine) -> None:
    """What a worker does."""
    work(engine, Work(ONE, until_idle=True))


def test_list_is_looked_at_before_anything_is_taken_of_it(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    place = send(administrator, hef(tmp_path, [SOKHA, NAMELESS]))
    page = administrator.get(place).text
    assert "4 May 1990" in page
    assert "The row has no name." in page
    assert (status(engine), jobs(engine)) == (["draft"], 0)
    checked = administrator.get(f"{place}/check").text
    assert "If it were taken now" in checked
    assert (status(engine), jobs(engine)) == (["draft"], 0)
    assert send(administrator, hef(tmp_path, [SOKHA, NAMELESS])) == place


def test_submitted_list_is_taken_watched_and_corrected(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    place = send(administrator, hef(tmp_path, [SOKHA, NAMELESS]))
    assert press(administrator, place, "submit") == 303
    assert (status(engine), jobs(engine)) == (["received"], 1)
    waiting = administrator.get(place).text
    assert 'Its rows are read: <strong data-progress="step_0">waits for its turn<' in waiting
    assert "progress.js" in waiting
    assert f'data-events="{place}/progress"' in waiting
    finish(engine)
    done = administrator.get(place).text
    assert "progress.js" not in done
    assert "The row has no name." in done
    for rows, count in (("rejected", 1), ("all", 2)):
        answer = administrator.get(f"{place}/corrections", params={"rows": rows})
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
        assert sheet.max_row == 1 + count
    assert ">done<" in administrator.get("/lists").text
    in_khmer = {"Accept-Language": "km"}
    assert "បញ្ជីលេខ ១" in administrator.get(place, headers=in_khmer).text
    assert "១: hef.csv" in administrator.get("/lists", headers=in_khmer).text
    assert recorded(engine, place) == [
        "send a list", "let a list be taken", "read rejected rows", "read all rows of a list",
    ]  # fmt: skip


def test_progress_comes_as_events_that_end_with_the_list(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    place = send(administrator, hef(tmp_path, [SOKHA, NAMELESS]))
    press(administrator, place, "submit")
    finish(engine)
    answer = administrator.get(f"{place}/progress", headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert '"rows_read":"2"' in answer.text
    assert '"status":"done"' in answer.text
    assert '"step_2":"done"' in answer.text
    assert answer.text.endswith("event: end\ndata: {}\n\n")


def test_headings_are_mapped_and_remembered_once_submitted(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    strange = ("zq", *HEADINGS[1:])
    place = send(administrator, csv_of(tmp_path / "strange.csv", strange, SOKHA))
    page = administrator.get(place).text
    assert "It cannot be taken yet" in page
    assert f"{place}/submit" not in page
    fields = form(
        administrator, place, sheet="strange", shown_sheet="strange", heading_row=1,
        shown_heading_row=1, heading=["zq"], shown_meaning=[""], meaning=["record_number"],
    )  # fmt: skip
    assert administrator.post(f"{place}/layout", data=fields).status_code == 303
    assert f"{place}/submit" in administrator.get(place).text
    with transaction(engine) as session:
        assert layouts.remembered(session, "hef").says_nothing
    press(administrator, place, "submit")
    with transaction(engine) as session:
        assert layouts.remembered(session, "hef").headings == {"zq": Field.RECORD_NUMBER}
    finish(engine)
    assert status(engine) == ["linked"]


def test_whole_list_that_ends_too_much_waits_for_a_word(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    imports.parse_file(engine, "hef", hef(tmp_path, [SOKHA, DARA]), ONE)
    imports.link(engine)
    place = send(administrator, hef(tmp_path, [SOKHA], "whole.csv"), Mode.SNAPSHOT)
    assert "It would be held" in administrator.get(f"{place}/check").text
    press(administrator, place, "submit")
    finish(engine)
    assert "does not have 1 records" in administrator.get(place).text
    assert press(administrator, place, "confirm") == 303
    finish(engine)
    assert status(engine) == ["linked", "linked"]


def test_draft_is_given_up_or_submitted_once(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    place = send(administrator, hef(tmp_path, [SOKHA]))
    sent = form(administrator, place)
    assert administrator.post(f"{place}/cancel", data=sent).status_code == 303
    assert administrator.post(f"{place}/submit", data=sent).status_code == 409
    assert administrator.get(f"{place}/check").headers["location"] == place
    assert (status(engine), jobs(engine)) == (["cancelled"], 0)


def test_file_that_is_no_list_says_why(administrator: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    place = send(administrator, path)
    page = administrator.get(place).text
    assert "This file cannot be read as a list" in page
    assert f"{place}/submit" not in page


def test_no_file_is_said(administrator: TestClient) -> None:
    answer = administrator.post("/lists", data=form(administrator, "/lists"), files={"x": b""})
    assert answer.status_code == 422


def test_other_schemes_lists_are_not_found(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    other = imports.receive(engine, "nssf", hef(tmp_path, [SOKHA])).id
    assert "hef.csv" not in administrator.get("/lists").text
    fields = form(administrator, "/lists")
    for path in ("", "/check", "/progress", "/corrections"):
        assert administrator.get(f"/lists/{other}{path}").status_code == 404
    for act in ("submit", "confirm", "cancel"):
        assert administrator.post(f"/lists/{other}/{act}", data=fields).status_code == 404
    assert status(engine) == ["received"]


def test_form_of_another_page_is_refused(
    administrator: TestClient, engine: Engine, tmp_path: Path
) -> None:
    path = hef(tmp_path, [SOKHA])
    answer = administrator.post("/lists", files={"file": (path.name, path.read_bytes())})
    assert answer.status_code >= 400
    assert status(engine) == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SCHEME_ADMINISTRATOR])
def test_lists_are_for_scheme_administrators(http: TestClient, engine: Engine, role: Role) -> None:
    sign_in(engine, http, role)
    assert http.get("/lists").status_code == 403


@pytest.mark.parametrize(
    ("status", "is_read", "expected", "states"),
    [
        ("received", False, None, ("waits for its turn", "comes later", "comes later")),
        ("received", False, 9, ("goes on", "comes later", "comes later")),
        ("received", True, 9, ("done", "goes on", "comes later")),
        ("parsed", True, 9, ("done", "done", "goes on")),
        ("linked", True, 9, ("done", "done", "done")),
    ],
)
def test_one_step_after_the_other(
    status: str, expected: int | None, states: tuple[str, ...], *, is_read: bool
) -> None:
    """Records are not said to be linked before they are."""
    progress = Progress(1, BatchStatus(status), None, is_read, expected, 9, 9, 0, 7, None)
    told = list_progress.told(progress, ENGLISH)
    assert tuple(told[f"step_{number}"] for number in range(3)) == states
    assert told["records_linked"] == ("7" if status == "linked" else "–")
