"""The `registry` command, run as its users run it."""

import csv
import io
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from registry.cli import COMMANDS, application
from registry.sp_id import is_valid
from tests.registry.cli.shell import Shell
from tests.registry.small_lists import (
    DARA,
    HEADINGS,
    NAMELESS,
    SOKHA,
    SOKHA_AGAIN,
    csv_of,
    hef,
)


@pytest.fixture
def registry(database_url: str, tmp_path: Path) -> Shell:
    return Shell(database_url, tmp_path)


@pytest.mark.core
def test_import_export_evaluate(registry: Shell, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA, SOKHA_AGAIN, NAMELESS, DARA])
    first = registry("import", "hef", str(file))
    assert first.returncode == 0, first.stderr
    assert "4 rows read, 3 accepted" in first.stdout
    written = (tmp_path / "hef.rejected.csv").read_text(encoding="utf-8-sig")
    rejected = list(csv.DictReader(io.StringIO(written)))
    assert [row["patient_no"] for row in rejected] == ["P4"]
    assert "no name" in rejected[0]["reasons"]

    again = registry("import", "hef", str(file))
    assert again.returncode == 0
    assert "nothing changed" in again.stdout

    exported = list(csv.DictReader(io.StringIO(registry("export", "links").stdout)))
    assert [row["scheme_record_id"] for row in exported] == ["P1", "P2", "P3"]
    assert all(is_valid(row["sp_id"]) for row in exported)

    truth = tmp_path / "truth.csv"
    truth.write_text("scheme,scheme_record_id,person\nhef,P1,1\nhef,P2,1\nhef,P3,2\n")
    measured = registry("evaluate", str(truth))
    assert measured.returncode == 0
    assert "pairwise" in measured.stdout
    assert "cluster" in measured.stdout


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says what went wrong."""
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("registry: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_file_that_is_a_picture_is_one_line_that_says_what_to_do(
    registry: Shell, tmp_path: Path
) -> None:
    picture = tmp_path / "idpoor.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    said = one_line(registry("import", "idpoor", str(picture)))
    assert "picture" in said
    assert "CSV" in said


def test_list_of_another_scheme_is_named(registry: Shell, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA])
    assert "hef" in one_line(registry("import", "nssf", str(file)))


def test_scheme_that_does_not_exist_is_named(registry: Shell, tmp_path: Path) -> None:
    file = hef(tmp_path, [SOKHA])
    assert "pensions" in one_line(registry("import", "pensions", str(file)))


def test_file_that_does_not_exist_is_named(registry: Shell) -> None:
    assert "nowhere.csv" in one_line(registry("import", "hef", "nowhere.csv"))


def test_client_token_is_the_only_output(registry: Shell) -> None:
    added = registry.anew("client", "add", "clinic")
    assert added.returncode == 0
    assert len(added.stdout.split()) == 1


def test_whole_audit_is_said_to_be_whole(registry: Shell) -> None:
    assert "whole" in registry("audit", "verify").stdout


@pytest.mark.parametrize(
    "command",
    [(), ("demo",), ("init",), ("import",), ("export", "links"), ("evaluate",), ("serve",),
     ("client", "add"), ("audit", "verify")],
)  # fmt: skip
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    helped = CliRunner().invoke(application(*command[:1]), [*command, "--help"])
    assert helped.exit_code == 0
    assert "Usage" in helped.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_listed_with_the_words_that_it_has_itself(command: str) -> None:
    opened = CliRunner().invoke(application(command), ["--help"])
    listed = CliRunner().invoke(application(), ["--help"])
    assert sorted(opened.stdout.splitlines()) == sorted(listed.stdout.splitlines())
    assert COMMANDS[command][1][:40] in listed.stdout


def test_all_commands_are_listed_without_opening_one(registry: Shell) -> None:
    listing = "import sys; from registry.cli import run; sys.argv[1:] = ['--help']\n"
    listing += "try: run()\nfinally: print({'numba', 'pandas', 'sqlalchemy'} & {*sys.modules})"
    listed = registry.anew(run=listing)
    assert "Usage" in listed.stdout
    assert listed.stdout.splitlines()[-1] == "set()"


@pytest.mark.core
def test_whole_list_is_tried_held_and_confirmed(registry: Shell, tmp_path: Path) -> None:
    registry("import", "hef", str(hef(tmp_path, [SOKHA, SOKHA_AGAIN, DARA])))
    later = str(hef(tmp_path, [SOKHA, SOKHA_AGAIN], "later.csv"))
    tried = registry("import", "hef", later, "--mode", "snapshot", "--dry-run")
    assert "Nothing is written" in tried.stdout
    assert "1 ended" in tried.stdout
    held = registry("import", "hef", later, "--mode", "snapshot")
    assert held.returncode == 0, held.stderr
    number = held.stdout.split("registry batch confirm ")[1].split("`")[0]
    assert "held" in registry("batch", "show", number).stdout
    confirmed = registry("batch", "confirm", number)
    assert confirmed.returncode == 0, confirmed.stderr
    assert "1 ended" in confirmed.stdout
    assert "can no longer be cancelled" in one_line(registry("batch", "cancel", number))


@pytest.mark.core
def test_headings_are_confirmed_once_and_rows_come_back(registry: Shell, tmp_path: Path) -> None:
    strange = ("Ref", *HEADINGS[1:])
    first = csv_of(tmp_path / "first.csv", strange, SOKHA, NAMELESS)
    assert registry("import", "hef", str(first)).returncode == 1
    confirmed = registry("import", "hef", str(first), "--heading", "Ref=record_number")
    assert "1 accepted" in confirmed.stdout, confirmed.stderr
    second = csv_of(tmp_path / "second.csv", strange, DARA)
    assert "1 accepted" in registry("import", "hef", str(second)).stdout

    given = registry("batch", "corrections", "2", "-o", "back.xlsx")
    assert given.stdout.startswith("1 rows of batch 2"), given.stderr
    given = registry("batch", "corrections", "2", "-o", "all.xlsx", "--all")
    assert given.stdout.startswith("2 rows of batch 2"), given.stderr
    history = registry("batch", "list").stdout
    assert "first.csv" in history
    assert "rejected" in history


@pytest.mark.parametrize("said", ["Ref", "=sex", "Ref=colour"])
def test_heading_that_is_said_wrongly_is_not_understood(tmp_path: Path, said: str) -> None:
    file = hef(tmp_path, [SOKHA])
    result = CliRunner().invoke(
        application("import"), ["import", "hef", str(file), "--heading", said]
    )
    assert result.exit_code == 2
    assert "HEADING=field" in result.output
