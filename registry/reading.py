"""Reading a list chunk by chunk, on several processors where it is long.

Chunks come in the order of the file. The first is small, so that the first errors are known at
once; the later ones are parsed by processes of their own, a few ahead of the one that is kept.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, cycle, islice
from typing import Self

from registry.parsing import ListHead, ParsedRows, parse
from registry.tables import Row

FIRST = 500
CHUNK = 5_000
EARLY = 4
"""Chunks after the first before processes of their own pay for their start."""
AHEAD = 2
"""Chunks that wait or are parsed, for each process."""


@dataclass(frozen=True)
class Pace:
    """How a list is read.

    Attributes:
        processes: that parse a long list; with one, the caller parses itself.
        chunk: rows of a chunk after the first.
    """

    processes: int
    chunk: int = CHUNK

    @staticmethod
    def of_this_machine() -> "Pace":
        """As many processes as there are processors, four at most."""
        return Pace(min(4, os.cpu_count() or 1))


def parsed_chunks(head: ListHead, rows: Iterable[Row], pace: Pace) -> Generator[ParsedRows]:
    """Rows below the headings, parsed in chunks, in order; blank rows are passed over."""
    said = iter(row for row in rows if not _is_blank(row))
    for chunk in _early(said, pace):
        yield parse(head, chunk)
    ahead = list(islice(said, pace.chunk))
    if ahead:
        yield from _side_by_side(head, _chunks(chain(ahead, said), pace.chunk), pace.processes)


def _early(rows: Iterator[Row], pace: Pace) -> Iterator[list[Row]]:
    """The first chunks, which the caller parses itself; all where one process is enough."""
    first = list(islice(rows, min(FIRST, pace.chunk)))
    if first:
        yield first
    most = EARLY if pace.processes > 1 else None
    yield from islice(_chunks(rows, pace.chunk), most)


def _side_by_side(
    head: ListHead, chunks: Iterator[list[Row]], processes: int
) -> Iterator[ParsedRows]:
    """Parse chunks in processes of their own; they come in order, a few ahead of the last."""
    with ExitStack() as stack:
        parsers = [stack.enter_context(_Parser()) for _ in range(processes)]
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in parsers]
        places = cycle(zip(parsers, threads, strict=True))
        waiting: deque[Future[ParsedRows]] = deque()
        for chunk, (parser, thread) in zip(chunks, places, strict=False):
            waiting.append(thread.submit(parser.parse, head, chunk))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Parser:
    """A process that parses; it ends when this one does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "registry.parsing_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with self._process:
            pass

    def parse(self, head: ListHead, rows: list[Row]) -> ParsedRows:
        """Have rows parsed.

        Raises:
            EOFError: the process ended.
        """
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        pickle.dump((head, rows), self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()
        parsed: ParsedRows = pickle.load(self._process.stdout)  # noqa: S301 - from our own process
        return parsed


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _is_blank(row: Row) -> bool:
    return not any(cell and not cell.isspace() for cell in row.cells)
