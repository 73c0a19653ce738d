"""The reading process: one file, one sheet, bounded memory and time, then its end.

Run as `python -m registry.tables.child` with the question on the standard input; frames go to the
standard output.
"""

import resource
import sys
from collections.abc import Iterable, Iterator

from registry.errors import UnknownEncoding, UnreadableFile
from registry.tables.delimited import sheet_of
from registry.tables.frames import End, Frame, Question, Refusal, Rows, SheetHead, encode
from registry.tables.kinds import ADVICE, Kind, recognise
from registry.tables.limits import Limits
from registry.tables.opening import open_table
from registry.tables.table import Row, Sheet

CHUNK = 256
CHUNK_CHARACTERS = 1 << 18
GRACE = 5
"""Seconds between the signal that time is up and the end."""
TOO_MUCH_MEMORY = (
    "The file needs more memory than a list should. Remove what is not part of the list, or save "
    "it as CSV UTF-8, and send it again."
)


def bound(limits: Limits) -> None:
    """Let this process have no more memory and computing time than the limits say."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + GRACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(question: Question) -> Iterator[Frame]:
    """All frames for one question; a file that cannot be read ends in a refusal."""
    try:
        yield from _heads(question) if question.sheet is None else _rows(question, question.sheet)
        yield End()
    except UnknownEncoding as error:
        yield Refusal(str(error), error.suggestion)
    except UnreadableFile as error:
        yield Refusal(str(error))
    except MemoryError:
        yield Refusal(TOO_MUCH_MEMORY)


def _heads(question: Question) -> Iterator[Frame]:
    """Check a file and tell its sheets with their first rows."""
    with open_table(question.path, question.limits, question.encoding) as table:
        for sheet in table.sheets:
            yield SheetHead(sheet.name, tuple(_bounded(sheet.head, question.limits)))


def _rows(question: Question, place: int) -> Iterator[Frame]:
    """Tell the rows of one sheet of a file that was checked before."""
    if recognise(question.path) is Kind.TEXT:
        yield from _chunks(sheet_of(question.path, question.encoding), question.limits)
        return
    with open_table(question.path, question.limits) as table:
        yield from _chunks(table.sheets[place], question.limits)


def _chunks(sheet: Sheet, limits: Limits) -> Iterator[Frame]:
    """The rows of a sheet, some at a time: never many, never long."""
    chunk: list[Row] = []
    size = 0
    for row in _bounded(sheet.rows(), limits):
        chunk.append(row)
        size += sum(map(len, row.cells))
        if len(chunk) == CHUNK or size > CHUNK_CHARACTERS:
            yield Rows(tuple(chunk))
            chunk.clear()
            size = 0
    yield Rows(tuple(chunk))


def _bounded(rows: Iterable[Row], limits: Limits) -> Iterator[Row]:
    for row in rows:
        if sum(map(len, row.cells)) > limits.row_characters:
            most = f"{limits.row_characters:,}"
            raise UnreadableFile(f"Row {row.number} holds more than {most} characters. {ADVICE}")
        yield row


def main() -> None:
    """Answer the question on the standard input."""
    question = Question.from_json(sys.stdin.buffer.read())
    bound(question.limits)
    for frame in answer(question):
        sys.stdout.buffer.write(encode(frame))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
