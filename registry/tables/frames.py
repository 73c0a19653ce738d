"""What the reading process tells its parent: lines of JSON, which can do no harm."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from registry.tables.table import Row


@dataclass(frozen=True)
class Refusal:
    """The file cannot be read, and why."""

    message: str


@dataclass(frozen=True)
class SheetHead:
    """A sheet and its first rows."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Rows:
    """Some rows of a sheet."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class End:
    """There is no more."""


Frame = Refusal | SheetHead | Rows | End


def encode(frame: Frame) -> bytes:
    """A frame as one line."""
    match frame:
        case Refusal(message):
            content: list[object] = ["refusal", message]
        case SheetHead(name, rows):
            content = ["head", name, rows]
        case Rows(rows):
            content = ["rows", rows]
        case End():
            content = ["end"]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Frame:
    """The frame of one line.

    Raises:
        ValueError: the line is not a whole frame.
    """
    match json.loads(line):
        case ["refusal", str(message)]:
            return Refusal(message)
        case ["head", str(name), list(rows)]:
            return SheetHead(name, _rows(rows))
        case ["rows", list(rows)]:
            return Rows(_rows(rows))
        case ["end"]:
            return End()
        case _:
            raise ValueError("not a frame")


def _rows(written: Iterable[list[object]]) -> tuple[Row, ...]:
    return tuple([Row(number, tuple(cells)) for number, cells in written])  # type: ignore[arg-type]
