"""Reading a list chunk by chunk, on several processors where it is long.

Chunks come in the order of the file. The first is small, so that the first errors are known at
once; the later ones are parsed by processes of their own, a few ahead of the one that is kept.
Those processes start before a long list is opened: it takes them as long.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice
from typing import Self, TypeVar

from registry import tables
from registry.lists.parsing import ListHead, ListParser, ParsedRows
from registry.tables import Rows, Sheet
from registry.tables.frames import TOGETHER
from registry.tables.pipes import widen

T = TypeVar("T")

FIRST = 500
CHUNK = 5_000
SHORT = 2
"""Chunks of a list that is not worth a process of its own."""
EARLY = 3
"""Chunks that are parsed while the other processes start."""
AHEAD = 3
"""Chunks that wait or are parsed, for each process."""
ROW_BYTES = 80
"""Bytes of a file that are a row, about: of a workbook as of CSV."""
PATIENCE = 300.0
"""Seconds after which a process that parses and does not answer is given up."""


@dataclass(frozen=True)
class Pace:
    """How a list is read.

    Attributes:
        processes: that work on a long list, the one that keeps its rows included; with one, it
            also parses them.
        chunk: rows of a chunk after the first.
    """

    processes: int
    chunk: int = CHUNK

    @staticmethod
    def of_this_machine() -> "Pace":
        """As many processes as there are processors, four at most."""
        return Pace(min(4, os.cpu_count() or 1))


@contextmanager
def parsers(pace: Pace, size: int) -> Iterator[Sequence["_Parser"]]:
    """The processes that parse a file of so many bytes, if it is long; they end with the block."""
    is_long = size > pace.chunk * (SHORT + EARLY) * ROW_BYTES
    with ExitStack() as stack:
        yield _started(stack, pace.processes - 1) if is_long else []


def parsed_chunks(
    head: ListHead, sheet: Sheet, pace: Pace, parsers: Sequence["_Parser"] = ()
) -> Generator[ParsedRows]:
    """Rows behind `head.after`, parsed in chunks, in order; blank rows are passed over.

    Args:
        head: what to know of the list.
        sheet: its rows.
        pace: how they are read.
        parsers: processes that were started for it.
    """
    with (
        closing(tables.packed(sheet, min(pace.chunk, TOGETHER))) as packs,
        closing(read_ahead(_chunks(packs, pace.chunk))) as chunks,
    ):
        for parsed in _parsed(head, chunks, pace.processes, parsers):
            if not parsed.is_empty:
                yield parsed


def _parsed(
    head: ListHead, chunks: Iterator[list[Rows]], processes: int, started: Sequence["_Parser"]
) -> Iterator[ParsedRows]:
    """Parse the first chunks here, all where one process is enough, and the others elsewhere.

    Other processes that were not started before are once the list turns out to be longer than its
    first two chunks.
    """
    with ExitStack() as stack:
        parsers = _told(started, head)
        parser = ListParser(head)
        few = 1 if parsers else SHORT
        for chunk in islice(chunks, few if processes > 1 else None):
            yield replace(parser.parse_packed(chunk), packs=chunk)
        third = next(chunks, None)
        if third is None:
            return
        left = chain([third], chunks)
        if not parsers:
            parsers = _told(_started(stack, processes - 1), head)
            for chunk in islice(left, EARLY):
                yield replace(parser.parse_packed(chunk), packs=chunk)
        yield from _side_by_side(parsers, left)


def _started(stack: ExitStack, count: int) -> list["_Parser"]:
    return [stack.enter_context(_Parser()) for _ in range(count)]


def _told(parsers: Sequence["_Parser"], head: ListHead) -> Sequence["_Parser"]:
    """The same processes, which know of their list then."""
    for parser in parsers:
        parser.ask(head)
    return parsers


def read_ahead(chunks: Iterator[T]) -> Generator[T]:
    """The same chunks; while one is looked at, the next one is read."""
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, chunks, None)
        while (chunk := waiting.result()) is not None:
            waiting = thread.submit(next, chunks, None)
            yield chunk


def _chunks(packs: Iterator[Rows], size: int) -> Iterator[list[Rows]]:
    """Packs of rows put together to chunks of a size or a little more, a small one first."""
    chunk: list[Rows] = []
    wanted = min(FIRST, size)
    for pack in packs:
        chunk.append(pack)
        if sum(each.count for each in chunk) >= wanted:
            yield chunk
            chunk, wanted = [], size
    if chunk:
        yield chunk


def _side_by_side(
    parsers: Sequence["_Parser"], chunks: Iterator[list[Rows]]
) -> Iterator[ParsedRows]:
    """Parse chunks in processes of their own; they come in order, a few ahead of the last."""
    with ExitStack() as stack:
        asking = [stack.enter_context(ThreadPoolExecutor(1)) for _ in parsers]
        hearing = [stack.enter_context(ThreadPoolExecutor(1)) for _ in parsers]
        places = cycle(zip(parsers, asking, hearing, strict=True))
        waiting: deque[tuple[Future[ParsedRows], list[Rows]]] = deque()
        for chunk, (parser, asker, hearer) in zip(chunks, places, strict=False):
            asker.submit(parser.ask, chunk)
            waiting.append((hearer.submit(parser.answer), chunk))
            if len(waiting) >= len(parsers) * AHEAD:
                yield _answered(*waiting.popleft(), parsers)
        while waiting:
            yield _answered(*waiting.popleft(), parsers)


def _answered(
    asked: Future[ParsedRows], chunk: Sequence[Rows], parsers: Sequence["_Parser"]
) -> ParsedRows:
    """What a process answers about a chunk.

    Raises:
        TimeoutError: it does not; all of them are ended, so that nobody waits for them any more.
    """
    try:
        return replace(asked.result(PATIENCE), packs=chunk)
    except TimeoutError:
        for parser in parsers:
            parser.end()
        raise


class _Parser:
    """A process that parses; it ends when this one does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "registry.lists.parsing_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        widen(self._process.stdin, self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def __exit__(self, *_: object) -> None:
        self.end()
        with suppress(BrokenPipeError), self._process:
            pass

    def ask(self, content: ListHead | list[Rows]) -> None:
        """Have rows parsed, once it was told of their list; the answers come in their order."""
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        pickle.dump(content, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def answer(self) -> ParsedRows:
        """The next parsed rows.

        Raises:
            EOFError: the process ended.
        """
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        parsed: ParsedRows = pickle.load(self._process.stdout)  # noqa: S301 - from our own process
        return parsed
