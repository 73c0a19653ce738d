"""Long contents into the database and out of it, as the bytes that they are."""

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

from sqlalchemy.orm import Session

from registry.copying import END, HEAD, LENGTH
from registry.database import copied_out, copy_binary

WIDTH: Final = 2
"""Bytes of a row that say of how many fields it is."""


def write_bytes(
    session: Session, table: str, names: Sequence[str], row: tuple[int, int, bytes]
) -> None:
    """Write a row of two bigints and a long content, which is not spelled out on its way.

    It is for sessions that see everything: see `registry.database.NARROWED`.
    """
    first, second, content = row
    head = struct.pack(">hiqiqi", len(names), 8, first, 8, second, len(content))
    copy_binary(session, table, names, BytesIO(b"".join((HEAD, head, content, END))))


def read_bytes(session: Session, table: str, name: str, keys: Mapping[str, int]) -> bytes | None:
    """A long content of the row of these keys; None where there is no such row."""
    where = " AND ".join(f'"{key}" = {number:d}' for key, number in keys.items())
    query = f'SELECT "{name}" FROM "{table}" WHERE {where}'  # noqa: S608 - names of ours, and numbers
    copied = copied_out(session, query, "binary").getvalue()
    start = len(HEAD) + WIDTH + LENGTH
    return copied[start : -len(END)] if len(copied) >= start else None
