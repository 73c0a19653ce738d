"""Rows as PostgreSQL's COPY takes them: lines of its text format, fields of its binary one."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
BYTES: Final = r"\\x"
"""How bytes begin in a line."""
HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
"""What stands before and after rows in the binary format."""
ABSENT: Final = b"\xff\xff\xff\xff"
"""NULL in the binary format."""
LENGTH: Final = 4
"""Bytes of a field in the binary format that say how long the rest of it is."""


def copy_line(fields: Sequence[str | None]) -> str:
    """One row; None is NULL."""
    line = "\t".join([r"\N" if field is None else field for field in fields])
    absent = fields.count(None)
    whole = line.count("\t") == len(fields) - 1 and line.count("\\") == absent
    if not (whole and "\n" not in line and "\r" not in line):
        line = "\t".join([r"\N" if field is None else field.translate(ESCAPES) for field in fields])
    return line + "\n"


def copied_bytes(content: bytes) -> str:
    """A field of bytes, as it stands in a line."""
    return BYTES + content.hex()


def copied_field(content: bytes) -> bytes:
    """A field of the binary format."""
    return len(content).to_bytes(LENGTH) + content


def bigint(number: int) -> bytes:
    """A bigint of the binary format, without its length."""
    return number.to_bytes(8, signed=True)


def moment(when: datetime) -> bytes:
    """A time of the binary format, without its length: microseconds since 2000."""
    return bigint((when - _EPOCH) // timedelta(microseconds=1))


def field_at(fields: bytes, place: int) -> bytes | None:
    """What stands in one of some fields of the binary format; None for NULL."""
    at = 0
    for _ in range(place):
        at += LENGTH + max(int.from_bytes(fields[at : at + LENGTH], signed=True), 0)
    size = int.from_bytes(fields[at : at + LENGTH], signed=True)
    return None if size < 0 else fields[at + LENGTH : at + LENGTH + size]


def copied_rows(rows: Iterable[bytes]) -> bytes:
    """Rows of the binary format as a whole content."""
    return b"".join(chain((HEAD,), rows, (END,)))
