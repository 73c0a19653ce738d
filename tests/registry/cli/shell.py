"""The `registry` command, run as its users run it: as a process, in a folder not the project's."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

RUN = "from registry.cli import run; run()"
PATIENCE = 120.0
HEAVY = ("registry.jobs", "registry.reviewing.review_desk", "registry.access.officer_identities")
"""What takes its time to import, and reads nothing of the environment meanwhile."""


class Shell:
    """Runs `registry` on a database of its own.

    Each call is a process of its own, forked from one that has imported what the command needs and
    nothing of the command itself.
    """

    def __init__(self, database_url: str, folder: Path) -> None:
        self.environment = {"REGISTRY_DATABASE_URL": database_url, "PATH": "", "COLUMNS": "100",
                            "REGISTRY_MASTER_KEY": os.environ["REGISTRY_MASTER_KEY"]}  # fmt: skip
        self.folder = folder

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*HEAVY])
        process = context.Process(target=_run, args=(self.environment, self.folder, arguments))
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(arguments)
        said, errors = (name.read_text("utf-8") for name in _streams(self.folder))
        return subprocess.CompletedProcess(arguments, process.exitcode, said, errors)

    def anew(self, *arguments: str, run: str = RUN) -> subprocess.CompletedProcess[str]:
        """The same in an interpreter that nobody used before."""
        return subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", run, *arguments],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip


def _streams(folder: Path) -> tuple[Path, Path]:
    return folder / "said", folder / "errors"


def _run(environment: dict[str, str], folder: Path, arguments: tuple[str, ...]) -> None:
    """Be a process that was started with this environment, in this folder, by these arguments."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for stream, path in zip((sys.stdout, sys.stderr), _streams(folder), strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream.fileno())
    sys.argv = ["registry", *arguments]
    from registry.cli import run  # noqa: PLC0415 - what it shows depends on the environment

    run()
