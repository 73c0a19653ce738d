"""What is asked of the reading process, and what it tells: JSON, which can do no harm."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import orjson

from registry.tables.limits import Limits
from registry.tables.table import Row

TOGETHER: Final = 256
ROWS: Final = b"rows "


@dataclass(frozen=True)
class Question:
    """What is asked of a reading process.

    Attributes:
        path: of the file.
        limits: of reading it.
        sheet: the place of the sheet whose rows are asked for; None for the heads of all.
        encoding: what the sender says a text is encoded in; None when nothing was said.
        together: rows told together at most.
    """

    path: Path
    limits: Limits
    sheet: int | None = None
    encoding: str | None = None
    together: int = TOGETHER

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
    """Some rows of a sheet, packed as JSON until somebody looks at them.

    Attributes:
        count: how many they are.
        packed: a list of row numbers and cells.
    """

    count: int
    packed: bytes

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """Pack rows."""
        return cls(len(rows), _packed([tuple(row) for row in rows]))

    def unpack(self) -> list[Row]:
        """The rows.

        Raises:
            ValueError: what was told is not whole.
        """
        return [Row(number, tuple(cells)) for number, cells in self.unpack_plainly()]

    def unpack_plainly(self) -> list[tuple[int, list[str]]]:
        """The number and the cells of each row, for whoever reads very many.

        Raises:
            ValueError: as above.
        """
        content: list[tuple[int, list[str]]]
        try:
            content = orjson.loads(self.packed)
        except orjson.JSONDecodeError:
            content = json.loads(self.packed)
        return content


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
        case Rows(count, packed):
            return b"%b%d %b\n" % (ROWS, count, packed)
        case End():
            content = ["end"]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Frame:
    """The frame of one line.

    Raises:
        ValueError: the line is not a whole frame.
    """
    if line.startswith(ROWS):
        count, _, packed = line.removeprefix(ROWS).partition(b" ")
        return Rows(int(count), packed)
    match json.loads(line):
        case ["refusal", str(message), None | str() as suggestion]:
            return Refusal(message, suggestion)
        case ["head", str(name), list(rows)]:
            return SheetHead(name, tuple(Row(number, tuple(cells)) for number, cells in rows))
        case ["end"]:
            return End()
        case _:
            raise ValueError("not a frame")


def packed_rows(packs: Sequence[Rows]) -> bytes:
    """Rows as they are told."""
    return b"".join(map(encode, packs))


def unpacked_rows(told: bytes) -> list[Rows]:
    """Rows that were told.

    Raises:
        ValueError: it is not rows.
    """
    frames = [decode(line) for line in told.split(b"\n")[:-1]]
    rows = [frame for frame in frames if isinstance(frame, Rows)]
    if len(rows) < len(frames):
        raise ValueError("not rows")
    return rows


def _packed(rows: list[tuple[object, ...]]) -> bytes:
    """Rows as JSON; half of a surrogate pair, which the faster library refuses, is kept."""
    try:
        return orjson.dumps(rows)
    except orjson.JSONEncodeError:
        return json.dumps(rows).encode()
