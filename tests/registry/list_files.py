"""Lists for tests: in memory, and as files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from registry.tables import Row, Table

SAMPLES = Path(__file__).parents[2] / "registry" / "samples" / "lists"


@dataclass(frozen=True)
class ListSheet:
    """A sheet of rows held in memory."""

    name: str
    cells: tuple[tuple[str, ...], ...]

    @property
    def head(self) -> tuple[Row, ...]:
        return tuple(self.rows())[:20]

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self.cells, start=1):
            yield Row(number, cells)


def table_of(*rows: tuple[str, ...]) -> Table:
    return Table("list", (ListSheet("list", rows),))


def write_workbook(path: Path, *rows: tuple[object, ...], sheet: str = "Sheet1") -> Path:
    workbook = openpyxl.Workbook()
    active = workbook.active
    assert active is not None
    active.title = sheet
    for row in rows:
        active.append(list(row))
    workbook.save(path)
    return path
