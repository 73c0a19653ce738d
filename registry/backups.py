"""Backups: the whole database in one file, and back into an empty database.

PostgreSQL's own programs do the work: those of the system, or those of the embedded server,
whichever are as new as the server. The file holds everything but the master key, without which what
is sealed in it stays sealed: keep the two apart.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine, make_url, text
from sqlalchemy.engine import URL

from registry.database import connect
from registry.embedded import packaged_programs
from registry.errors import Conflict, Misconfigured

DUMP = "pg_dump"
RESTORE = "pg_restore"
_VERSION = re.compile(r"\) (\d+)")


def back_up(engine: Engine, path: Path) -> int:
    """Write all that the database holds into a file that nobody else may read; its size in bytes.

    Raises:
        Conflict: there is such a file already.
        Misconfigured: no program is new enough for the server, or it failed.
    """
    if path.exists():
        raise Conflict(f"{path} exists already: name another file.")
    path.touch(mode=0o600)
    try:
        _run(engine, DUMP, "--format=custom", "--no-owner", f"--file={path}")
    except Misconfigured:
        path.unlink()
        raise
    return path.stat().st_size


def restore(url: str, path: Path) -> None:
    """Fill an empty database from a backup, all of it or nothing.

    Raises:
        Conflict: the database is not empty, or there is no such file.
        Misconfigured: no program is new enough for the server, or it failed.
    """
    if not path.is_file():
        raise Conflict(f"There is no file {path}.")
    engine = connect(url)
    try:
        with engine.connect() as connection:
            tables = connection.scalar(text("SELECT count(*) FROM pg_stat_user_tables"))
        if tables:
            raise Conflict("The database is not empty: restore into one that is.")
        _run(engine, RESTORE, "--exit-on-error", "--single-transaction", "--no-owner", str(path))
    finally:
        engine.dispose()


def _run(engine: Engine, program: str, *arguments: str) -> None:
    with engine.connect() as connection:
        server = int((connection.dialect.server_version_info or (0,))[0])
    command = [str(_program(program, server)), f"--dbname={_address(engine.url)}", *arguments]
    environment = {**os.environ, "PGPASSWORD": engine.url.password or ""}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise Misconfigured(f"{program} failed: {done.stderr.strip()[-500:]}")


def _address(url: URL) -> str:
    """The address without the password, which others could see among the processes."""
    plain = make_url(url).set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False)


def _program(name: str, server: int) -> Path:
    """A program that is as new as the server: the system's, or the embedded server's."""
    found = [Path(place) for place in (shutil.which(name), packaged_programs() / name) if place]
    for program in found:
        if program.exists() and _version(program) >= server:
            return program
    raise Misconfigured(f"No {name} of PostgreSQL {server} or later was found: install it.")


def _version(program: Path) -> int:
    told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [str(program), "--version"], capture_output=True, text=True, check=False
    )
    found = _VERSION.search(told.stdout)
    return 0 if found is None else int(found[1])
