"""Uploads in parts, by a client of the protocol on a server that listens."""

import base64
import io
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine, text
from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from api.app import create_app
from api.one_write import OneWrite
from registry.access import principals
from registry.access.roles import Role
from registry.database import connect, transaction
from registry.settings import Settings
from tests.registry.lists.test_imports import rows
from tests.registry.sealed_rows import opened
from tests.registry.small_lists import DARA, HEADINGS, SOKHA, csv_of

VERSION = {"Tus-Resumable": "1.0.0"}
PATIENCE = 60.0
OCTETS = {**VERSION, "Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Served:
    """A server that listens, and who may send it lists."""

    url: str
    engine: Engine
    tokens: dict[str, str]

    def uploader(self, path: Path, who: str = "hef", **more: str) -> Uploader:
        client = TusClient(f"{self.url}/v1/uploads", headers=self.headers(who))
        metadata = {"filename": path.name, "scheme": "hef", **more}
        return client.uploader(
            file_stream=io.BytesIO(path.read_bytes()), chunk_size=1000, metadata=metadata
        )

    def headers(self, who: str = "hef") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def ask(
        self, method: str, place: str, content: bytes = b"", /, *, who: str = "hef", **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(
            method, f"{self.url}{place}", content=content,
            headers={**OCTETS, **self.headers(who), **named}, timeout=PATIENCE,
        )  # fmt: skip

    def begin(self, size: int, **headers: str) -> str:
        answer = self.ask("POST", "/v1/uploads", Upload_Length=str(size), **headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]


@pytest.fixture
def served(database_url: str) -> Iterator[Served]:
    engine = connect(database_url)
    roles = {"hef": Role.SCHEME_ADMINISTRATOR, "idpoor": Role.SCHEME_ADMINISTRATOR}
    with transaction(engine) as session:
        tokens = {
            scheme: principals.add_client(session, scheme, role, scheme=scheme)
            for scheme, role in roles.items()
        }
        tokens["officer"] = principals.add_client(session, "officer", Role.DATA_OFFICER)
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(Settings(database_url=database_url))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", http=OneWrite))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", engine, tokens)
    server.should_exit = True
    thread.join()
    listening.close()
    engine.dispose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    many = [(f"P{number}", *SOKHA[1:]) for number in range(100)]
    return csv_of(tmp_path / "list of May.csv", HEADINGS, *many, DARA)


def test_file_sent_in_parts_becomes_a_batch_for_a_worker(served: Served, path: Path) -> None:
    uploader = served.uploader(path, mode="snapshot")
    uploader.upload()
    [batch] = rows(served.engine, "SELECT scheme, mode, file_name, size, status FROM batch")
    assert batch == ("hef", "snapshot", "list of May.csv", path.stat().st_size, "received")
    kept = opened(served.engine, "SELECT content FROM batch_file ORDER BY piece", content="list")
    assert "".join(content for (content,) in kept) == path.read_text("utf-8")
    assert rows(served.engine, "SELECT count(*) FROM procrastinate_jobs") == [(1,)]
    assert rows(served.engine, "SELECT count(*) FROM upload_part") == [(0,)]
    state = served.ask("HEAD", str(uploader.url).removeprefix(served.url))
    assert state.headers["Upload-Batch"] == "1"
    assert rows(served.engine, "SELECT action, which, door FROM audit_entry") == [
        ("send a list", ["hef 1"], "api")
    ]


def test_metadata_say_how_a_list_is_laid_out_and_are_remembered(served: Served, path: Path) -> None:
    layout = {
        "sheet": "May",
        "heading_row": "3",
        "headings": '{"Remarks": null, "Nom": "name_khmer"}',
    }
    served.uploader(path, **layout).upload()
    said = {"encoding": None, "sheet": "May", "heading_row": 3,
            "headings": {"Remarks": None, "Nom": "name_khmer"}}  # fmt: skip
    assert rows(served.engine, "SELECT layout FROM batch") == [(said,)]
    kept = rows(served.engine, "SELECT scheme, layout, confirmed_by FROM scheme_layout")
    assert kept == [("hef", said, "client 1 hef")]


def test_layout_that_cannot_be_is_refused(served: Served) -> None:
    for key, value in (
        ("heading_row", "0"),
        ("headings", '{"Nom": "nonsense"}'),
        ("headings", "["),
    ):
        said = ",".join(
            f"{name} {base64.b64encode(text.encode()).decode()}"
            for name, text in (("scheme", "hef"), (key, value))
        )
        answer = served.ask("POST", "/v1/uploads", Upload_Length="9", Upload_Metadata=said)
        assert answer.status_code == 422
        assert key in answer.json()["detail"]


def test_interrupted_upload_goes_on_where_it_stopped(served: Served, path: Path) -> None:
    first = served.uploader(path)
    first.upload(stop_at=3000)
    again = served.uploader(path)
    again.set_url(str(first.url))
    again.offset = again.get_offset()
    assert again.offset == 3000
    again.upload()
    assert rows(served.engine, "SELECT size FROM batch") == [(path.stat().st_size,)]


def test_sender_that_hangs_up_loses_nothing_that_came(served: Served, path: Path) -> None:
    content = path.read_bytes()
    place = served.begin(len(content))
    host, port = served.url.removeprefix("http://").split(":")
    head = "".join(
        f"{name}: {value}\r\n"
        for name, value in {
            "Host": host, **OCTETS, **served.headers(), "Upload-Offset": "0",
            "Content-Length": str(len(content)),
        }.items()
    )  # fmt: skip
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"PATCH {place} HTTP/1.1\r\n{head}\r\n".encode() + content[:2500])
        time.sleep(0.5)
    for _ in range(100):
        offset = int(served.ask("HEAD", place).headers["Upload-Offset"])
        if offset:
            break
        time.sleep(0.1)
    assert offset == 2500
    answer = served.ask("PATCH", place, content[offset:], Upload_Offset=str(offset))
    assert answer.headers["Upload-Batch"] == "1"


def test_part_that_does_not_follow_is_refused(served: Served) -> None:
    place = served.begin(10)
    assert served.ask("PATCH", place, b"12345", Upload_Offset="0").status_code == 204
    for offset in ("0", "3", "6"):
        answer = served.ask("PATCH", place, b"12", Upload_Offset=offset)
        assert answer.status_code == 409
    assert served.ask("PATCH", place, b"678901", Upload_Offset="5").status_code == 409
    assert served.ask("HEAD", place).headers["Upload-Offset"] == "5"


def test_two_senders_of_one_upload_do_not_mix(served: Served) -> None:
    place = served.begin(2000)
    answers: list[int] = []

    def send() -> None:
        sent = served.ask("PATCH", place, b"x" * 1000, Upload_Offset="0")
        answers.append(sent.status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409, 409, 409]
    assert served.ask("HEAD", place).headers["Upload-Offset"] == "1000"


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_upload_of_somebody_else_is_not_found(served: Served, method: str) -> None:
    place = served.begin(10)
    answer = served.ask(method, place, b"1", who="idpoor", Upload_Offset="0")
    assert answer.status_code == 404
    assert served.ask("HEAD", place).headers["Upload-Offset"] == "0"


def test_only_administrators_of_the_scheme_may_send(served: Served) -> None:
    metadata = "scheme aGVm"
    answer = served.ask(
        "POST", "/v1/uploads", who="idpoor", Upload_Length="1", Upload_Metadata=metadata
    )
    assert answer.status_code == 403
    answer = served.ask("POST", "/v1/uploads", who="officer", Upload_Length="1")
    assert answer.status_code == 403
    bare = httpx.post(f"{served.url}/v1/uploads", headers={**VERSION, "Upload-Length": "1"})
    assert bare.status_code == 401
    assert rows(served.engine, "SELECT count(*) FROM upload") == [(0,)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Length": str(201 << 20)}, 413),
        ({"Upload_Length": "0"}, 422),
        ({}, 422),
        ({"Upload_Length": "5", "Tus_Resumable": "0.2.2"}, 412),
        ({"Upload_Length": "5", "Upload_Metadata": "filename ???"}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "mode YWxs"}, 422),
    ],
)
def test_what_cannot_be_begun_is_refused(
    served: Served, headers: dict[str, str], status: int
) -> None:
    assert served.ask("POST", "/v1/uploads", **headers).status_code == status


def test_part_of_another_type_is_refused(served: Served) -> None:
    place = served.begin(1)
    answer = served.ask("PATCH", place, b"1", Upload_Offset="0", Content_Type="text/csv")
    assert answer.status_code == 415


def test_file_name_leads_nowhere(served: Served) -> None:
    place = served.begin(5, Upload_Metadata="filename Li4vLi4vZXRjL3Bhc3N3ZA==")
    served.ask("PATCH", place, b"a,b\n1", Upload_Offset="0")
    assert rows(served.engine, "SELECT file_name FROM batch") == [("passwd",)]


def test_upload_that_nobody_continues_is_forgotten(served: Served) -> None:
    place = served.begin(10)
    served.ask("PATCH", place, b"12345", Upload_Offset="0")
    with transaction(served.engine) as session:
        late = datetime.now(UTC) - timedelta(minutes=1)
        session.execute(text("UPDATE upload SET expires_at = :late"), {"late": late})
    assert served.ask("HEAD", place).status_code == 404
    served.begin(10)
    assert rows(served.engine, "SELECT count(*) FROM upload") == [(1,)]
    assert rows(served.engine, "SELECT count(*) FROM upload_part") == [(0,)]


def test_unfinished_uploads_are_bounded_and_can_be_ended(served: Served) -> None:
    places = [served.begin(10) for _ in range(5)]
    assert served.ask("POST", "/v1/uploads", Upload_Length="10").status_code == 409
    assert served.ask("DELETE", places[0]).status_code == 204
    served.begin(10)


def test_server_says_what_it_speaks(served: Served) -> None:
    answer = httpx.options(f"{served.url}/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(200 << 20)
    assert "creation" in answer.headers["Tus-Extension"]
