"""Rows in the text format of PostgreSQL's COPY, and what is around those in the binary one."""

import re
from collections.abc import Sequence
from typing import Final

ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
SPECIAL: Final = re.compile(r"[\\\t\n\r]")
"""What cannot stand as it is in a field."""
NULL: Final = r"\N"
BYTES: Final = r"\\x"
"""How bytes begin."""
HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
"""What stands before and after rows in the binary format of COPY."""
_ESCAPED: Final = re.compile(r"\\(.)")
_MEANT: Final = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def copy_line(fields: Sequence[str | None]) -> str:
    """One row; None is NULL."""
    line = "\t".join([r"\N" if field is None else field for field in fields])
    absent = fields.count(None)
    whole = line.count("\t") == len(fields) - 1 and line.count("\\") == absent
    if not (whole and "\n" not in line and "\r" not in line):
        line = "\t".join([r"\N" if field is None else field.translate(ESCAPES) for field in fields])
    return line + "\n"


def copied_bytes(content: bytes) -> str:
    """A field of bytes, as it stands in a row."""
    return BYTES + content.hex()


def bytes_of(field: str) -> bytes:
    """The bytes of such a field."""
    return bytes.fromhex(field[len(BYTES) :])


def copied_field(field: str) -> str | None:
    """What one field of a row says; NULL is None."""
    if "\\" not in field:
        return field
    return None if field == NULL else _ESCAPED.sub(lambda found: _MEANT[found[1]], field)
