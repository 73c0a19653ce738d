"""Reading a list in a process of its own, so that no file can take this one down.

The reading process has bounded memory and computing time and is ended when it falls silent. What
it may say is rows of text, a refusal, or nothing: then how it ended is the reason.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import IO

from registry.errors import UnknownEncoding, UnreadableFile
from registry.tables.child import TOO_MUCH_MEMORY
from registry.tables.frames import (
    TOGETHER,
    End,
    Frame,
    Question,
    Refusal,
    Rows,
    SheetHead,
    decode,
)
from registry.tables.pipes import widen
from registry.tables.table import Row, Table

BLOCK = 1 << 18
TOO_SLOW = (
    "The file takes longer to read than a list should. Save the list alone as CSV UTF-8 and send "
    "it again."
)
MEMORY_SIGNALS = frozenset({signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS})
FAULT = "The file could not be read: it is damaged, or of a kind that is not known."


@dataclass(frozen=True)
class IsolatedSheet:
    """A sheet whose rows another process reads."""

    name: str
    head: tuple[Row, ...]
    question: Question

    def rows(self) -> Iterator[Row]:
        """Every row in file order; each call starts a process, which ends with the rows."""
        for some in self.packed():
            yield from some.unpack()

    def packed(self, together: int = TOGETHER) -> Generator[Rows]:
        """The same rows, some at a time, unpacked by whoever looks at them."""
        with closing(_ask(replace(self.question, together=together))) as frames:
            for frame in frames:
                if isinstance(frame, Rows):
                    yield frame


def open_isolated(question: Question) -> Table:
    """Check a file in a process of its own and open it.

    Raises:
        UnreadableFile: when no row of it can be taken, with one line that says what to do.
    """
    found = [frame for frame in _ask(question) if isinstance(frame, SheetHead)]
    sheets = tuple(
        IsolatedSheet(frame.name, frame.rows, replace(question, sheet=place))
        for place, frame in enumerate(found)
    )
    return Table(question.path.name, sheets)


def _ask(question: Question) -> Generator[Frame]:
    """The frames of one reading process, up to its end.

    Raises:
        UnreadableFile: for a refusal, and for a process that ended or fell silent before its end.
    """
    command = [sys.executable, "-P", "-m", "registry.tables.child"]
    with subprocess.Popen(  # noqa: S603 - our own program, without a shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        widen(process.stdout)
        try:
            yield from _conversation(process, question)
        finally:
            process.kill()


def _conversation(process: subprocess.Popen[bytes], question: Question) -> Iterator[Frame]:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with suppress(BrokenPipeError):
        process.stdin.write(question.as_json())
        process.stdin.close()
    for line in _lines(process.stdout, question.limits.silent_seconds):
        frame = decode(line)
        if isinstance(frame, Refusal):
            raise _refusal(frame)
        if isinstance(frame, End):
            return
        yield frame
    raise UnreadableFile(_reason(process))


def _refusal(frame: Refusal) -> UnreadableFile:
    if frame.suggestion is not None:
        return UnknownEncoding(frame.message, frame.suggestion)
    return UnreadableFile(frame.message)


def _lines(stream: IO[bytes], patience: float) -> Iterator[bytes]:
    """Whole lines as they come; ends with the stream.

    Raises:
        UnreadableFile: when nothing comes for too long.
    """
    rest = bytearray()
    heard = time.monotonic()
    while True:
        left = heard + patience - time.monotonic()
        if not select.select([stream], [], [], max(left, 0))[0]:
            raise UnreadableFile(TOO_SLOW)
        block = os.read(stream.fileno(), BLOCK)
        if not block:
            return
        heard = time.monotonic()
        rest += block
        *whole, last = rest.split(b"\n")
        yield from map(bytes, whole)
        rest = bytearray(last)


def _reason(process: subprocess.Popen[bytes]) -> str:
    """Why a reading process ended without a word."""
    code = process.wait()
    if -code == signal.SIGXCPU:
        return TOO_SLOW
    return TOO_MUCH_MEMORY if -code in MEMORY_SIGNALS else FAULT


def _environment() -> dict[str, str]:
    """What the reading process needs of the environment, and no secrets."""
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ}
