"""What is asked of the reading process, and what it tells: JSON, which can do no harm."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from registry.tables.limits import Limits
from registry.tables.table import Row


@dataclass(frozen=True)
class Question:
    """What is asked of a reading process.

    Attributes:
        path: of the file.
        limits: of reading it.
        sheet: the place of the sheet whose rows are asked for; None for the heads of all.
        encoding: what the sender says a text is encoded in; None when nothing was said.
    """

    path: Path
    limits: Limits
    sheet: int | None = None
    encoding: str | None = None

    def as_json(self) -> bytes:
        """The question as it is sent."""
        content = {**asdict(self), "path": str(self.path.absolute())}
        return json.dumps(content).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """The question as it was sent."""
        content = json.loads(text)
        limits = Limits(**content.pop("limits"))
        return cls(path=Path(content.pop("path")), limits=limits, **content)


@dataclass(frozen=True)
class Refusal:
    """The file cannot be read, and why; `suggestion` is the encoding it may be in."""

    message: str
    suggestion: str | None = None


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
        case Refusal(message, suggestion):
            content: list[object] = ["refusal", message, suggestion]
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
        case ["refusal", str(message), None | str() as suggestion]:
            return Refusal(message, suggestion)
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
