"""Long contents into the database, as the bytes that they are."""

import struct
from collections.abc import Sequence
from io import BytesIO

from sqlalchemy.orm import Session

from registry.copying import END, HEAD
from registry.database import copy_binary


def write_bytes(
    session: Session, table: str, names: Sequence[str], row: tuple[int, int, bytes]
) -> None:
    """Write a row of two bigints and a long content, which is not spelled out on its way.

    It is for sessions that see everything: see `registry.database.NARROWED`.
    """
    first, second, content = row
    head = struct.pack(">hiqiqi", len(names), 8, first, 8, second, len(content))
    copy_binary(session, table, names, BytesIO(b"".join((HEAD, head, content, END))))
