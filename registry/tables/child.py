"""The reading process: one file, one sheet, bounded memory and time, then its end.

Run as `python -m registry.tables.child` with the question on the standard input; frames go to the
standard output.
"""

import gc
import resource
import sys
from collections.abc import Iterator

from registry.errors import UnknownEncoding, UnreadableFile
from registry.tables.delimited import sheet_of
from registry.tables.frames import End, Frame, Question, Refusal, Rows, SheetHead, encode
from registry.tables.kinds import ADVICE, Kind, recognise
from registry.tables.limits import Limits
from registry.tables.opening import open_table
from registry.tables.table import Row, Sheet

TOGETHER_CHARACTERS = 1 << 18
GRACE = 5
"""Seconds between the signal that time is up and the end."""
ALLOCATIONS = 100_000
"""New objects after which those that refer to each other are looked for: rows come without any."""
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
            for row in sheet.head:
                _length(row, question.limits)
            yield SheetHead(sheet.name, sheet.head)


def _rows(question: Question, place: int) -> Iterator[Frame]:
    """Tell the rows of one sheet of a file that was checked before."""
    if recognise(question.path) is Kind.TEXT:
        yield from _packed(sheet_of(question.path, question.limits, question.encoding), question)
        return
    with open_table(question.path, question.limits) as table:
        yield from _packed(table.sheets[place], question)


def _packed(sheet: Sheet, question: Question) -> Iterator[Frame]:
    """The rows of a sheet, some at a time: never many, never long."""
    rows: list[Row] = []
    size = 0
    for row in sheet.rows():
        size += _length(row, question.limits)
        rows.append(row)
        if len(rows) == question.together or size > TOGETHER_CHARACTERS:
            yield Rows.of(rows)
            rows.clear()
            size = 0
    yield Rows.of(rows)


def _length(row: Row, limits: Limits) -> int:
    """How many characters a row holds.

    Raises:
        UnreadableFile: more than a row may.
    """
    length = len("".join(row.cells))
    if length > limits.row_characters:
        most = f"{limits.row_characters:,}"
        raise UnreadableFile(f"Row {row.number} holds more than {most} characters. {ADVICE}")
    return length


def main() -> None:
    """Answer the question on the standard input."""
    question = Question.from_json(sys.stdin.buffer.read())
    bound(question.limits)
    gc.set_threshold(ALLOCATIONS)
    for frame in answer(question):
        sys.stdout.buffer.write(encode(frame))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
