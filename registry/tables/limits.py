"""How much a list may be: what no honest list needs is refused before it costs anything."""

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1 << 20


@dataclass(frozen=True)
class Limits:
    """The bounds of reading one file.

    Attributes:
        file_bytes: size of the file.
        unpacked_bytes: size of all parts of a workbook, unpacked.
        ratio: how many times larger than the file its parts may be.
        parts: number of parts in a workbook.
        columns: columns with content.
        rows: rows of a sheet, as many as a spreadsheet can show.
        row_characters: length of all cells of a row together.
        cell_characters: length of a cell, as much as a spreadsheet can hold.
        memory_bytes: address space of the reading process.
        cpu_seconds: computing time of the reading process.
        silent_seconds: how long the reading process may give nothing.
    """

    file_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 2048 * MEGABYTE
    ratio: int = 100
    parts: int = 2000
    columns: int = 256
    rows: int = 1 << 20
    row_characters: int = 1 << 20
    cell_characters: int = 32_767
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 900
    silent_seconds: int = 60


LIMITS: Final = Limits()
