"""Workbooks of before 2007 for tests: one sheet in a BIFF8 stream, in a compound file.

Of [MS-XLS] and [MS-CFB] only what one small sheet of texts and numbers needs.
"""

import struct
from pathlib import Path

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SHORTEST_STREAM = 4096


def write_xls(
    path: Path, *rows: tuple[str | float, ...], date_columns: tuple[int, ...] = ()
) -> Path:
    path.write_bytes(_compound(_workbook(rows, date_columns)))
    return path


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))


def _style(number_format: int) -> bytes:
    return _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number_format, 0, 0x20, 0, 0, 0, 0, 0, 0))


def _workbook(rows: tuple[tuple[str | float, ...], ...], date_columns: tuple[int, ...]) -> bytes:
    name = b"\x04\x00List"
    head = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + _style(0) + _style(14)
    tail = _record(0x000A)
    sheet_at = len(head) + 4 + 6 + len(name) + len(tail)
    listing = _record(0x0085, struct.pack("<IH", sheet_at, 0) + name)
    cells = b"".join(
        _cell(row, column, value, style=1 if column in date_columns else 0)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    )
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    return head + listing + tail + _begin(0x0010) + _record(0x0200, size) + cells + tail


def _cell(row: int, column: int, value: str | float, *, style: int) -> bytes:
    place = struct.pack("<HHH", row, column, style)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
    return _record(0x0203, place + struct.pack("<d", value))


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(SHORTEST_STREAM, -(-len(stream) // SECTOR) * SECTOR), b"\x00")
    sectors = len(stream) // SECTOR
    chain = [FAT, END, *range(3, sectors + 2), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    entries = _entry("Root Entry", 5, child=1) + _entry("Workbook", 2, start=2, size=len(stream))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        *(0x003E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, SHORTEST_STREAM, END, 0, END, 0),
    ) + struct.pack("<109I", 0, *[FREE] * 108)
    return header + table + entries.ljust(SECTOR, b"\x00") + stream


def _entry(name: str, kind: int, *, child: int = FREE, start: int = END, size: int = 0) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, FREE, FREE, child, start, size)
