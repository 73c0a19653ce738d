"""The registry's own PostgreSQL server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from registry.database import connect
from registry.embedded import LONGEST_SOCKET_FOLDER, EmbeddedServer, runs_in

USE_AND_SAY = """
import sys
from pathlib import Path
from registry.embedded import EmbeddedServer
EmbeddedServer.at(Path(sys.argv[1])).start()
print("started", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nobody else may enter, as root's own folder is."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    return closed / "home"


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer.at(home)
    yield server
    server.destroy()


def modes(path: Path) -> dict[Path, int]:
    return {folder: folder.stat().st_mode for folder in (path, *path.parents)}


def test_no_folder_above_the_server_changes_its_mode(home: Path, server: EmbeddedServer) -> None:
    home.mkdir()
    site_packages = Path(sys.prefix)
    before = {**modes(home), **modes(site_packages)}
    server.start()
    assert {**modes(home), **modes(site_packages)} == before


def test_server_answers_and_its_socket_is_closed_to_others(server: EmbeddedServer) -> None:
    engine = connect(server.start())
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW listen_addresses")) == ""
        folder = Path(str(connection.scalar(text("SHOW unix_socket_directories"))))
    engine.dispose()
    assert folder.stat().st_mode & 0o077 == 0


def test_long_path_still_gets_a_private_socket(server: EmbeddedServer) -> None:
    long = replace(server, folder=server.folder.with_name("long-" + "x" * LONGEST_SOCKET_FOLDER))
    try:
        engine = connect(long.start())
        with engine.connect() as connection:
            folder = Path(str(connection.scalar(text("SHOW unix_socket_directories"))))
        engine.dispose()
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        long.destroy()


def test_server_lives_until_the_last_process_leaves(home: Path, server: EmbeddedServer) -> None:
    server.start()
    other = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", USE_AND_SAY, str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "started\n"
    server.leave()
    assert runs_in(home)
    other.communicate("\n", timeout=60)
    assert not runs_in(home)


def test_handle_of_a_killed_process_does_not_keep_the_server(
    home: Path, server: EmbeddedServer
) -> None:
    server.start()
    other = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", USE_AND_SAY, str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "started\n"
    other.kill()
    other.communicate(timeout=60)
    server.leave()
    assert not runs_in(home)
    assert not (server.folder / "handles" / str(os.getpid())).exists()
