"""The reading process: one file, one sheet, bounded memory and time, then its end.

Usage: `python -m registry.tables.child PATH heads` or `... PATH rows SHEET`, with the limits as
JSON on the standard input. Frames go to the standard output.
"""

import json
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from registry.errors import UnreadableFile
from registry.tables.delimited import sheet_of
from registry.tables.frames import End, Frame, Refusal, Rows, SheetHead, encode
from registry.tables.kinds import Kind, recognise
from registry.tables.limits import Limits
from registry.tables.opening import open_table
from registry.tables.table import Sheet

CHUNK = 256
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


def heads(path: Path, limits: Limits) -> Iterator[Frame]:
    """Check a file and tell its sheets with their first rows."""
    with open_table(path, limits) as table:
        for sheet in table.sheets:
            yield SheetHead(sheet.name, sheet.head)


def rows(path: Path, limits: Limits, place: int) -> Iterator[Frame]:
    """Tell the rows of one sheet of a file that was checked before."""
    if recognise(path) is Kind.TEXT:
        yield from _chunks(sheet_of(path))
        return
    with open_table(path, limits) as table:
        yield from _chunks(table.sheets[place])


def _chunks(sheet: Sheet) -> Iterator[Frame]:
    reading = sheet.rows()
    while chunk := tuple(islice(reading, CHUNK)):
        yield Rows(chunk)


def answer(arguments: list[str], limits: Limits) -> Iterator[Frame]:
    """All frames for one question; a file that cannot be read ends in a refusal."""
    path = Path(arguments[0])
    try:
        if arguments[1] == "heads":
            yield from heads(path, limits)
        else:
            yield from rows(path, limits, int(arguments[2]))
        yield End()
    except UnreadableFile as error:
        yield Refusal(str(error))
    except MemoryError:
        yield Refusal(TOO_MUCH_MEMORY)


def main() -> None:
    """Answer the question of the command line."""
    limits = Limits(**json.load(sys.stdin))
    bound(limits)
    for frame in answer(sys.argv[1:], limits):
        sys.stdout.buffer.write(encode(frame))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
