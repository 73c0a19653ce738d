"""Long contents into the database, as the bytes that they are."""

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from sqlalchemy.orm import Session

from registry.copying import END, HEAD
from registry.errors import Misconfigured

_BYTES_AT_ONCE: Final = 1 << 18


def write_bytes(
    session: Session, table: str, names: Sequence[str], row: tuple[int, int, bytes]
) -> None:
    """Write a row of two bigints and a long content, which is not spelled out on its way.

    It is for sessions that see everything: see `registry.database.NARROWED`.
    """
    first, second, content = row
    head = struct.pack(">hiqiqi", len(names), 8, first, 8, second, len(content))
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise Misconfigured("The database driver gave no connection.")
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT binary)",
            BytesIO(b"".join((HEAD, head, content, END))),
            _BYTES_AT_ONCE,
        )
