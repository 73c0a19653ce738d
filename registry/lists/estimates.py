"""How many rows a list may have, guessed without reading it, for progress alone."""

import re
import zipfile
from pathlib import Path

START = 4096
BLOCK = 1 << 20
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+(\d+):[A-Z]+(\d+)"')


def rows_expected(path: Path) -> int | None:
    """What a workbook says of its largest sheet, or the lines of a text file; None if unknown.

    The file must be known to be readable. What a workbook says may be wrong.
    """
    if not zipfile.is_zipfile(path):
        return _lines(path)
    with zipfile.ZipFile(path) as archive:
        sheets = [one for one in archive.infolist() if one.filename.startswith("xl/worksheets/")]
        starts = []
        for sheet in sheets:
            with archive.open(sheet) as part:
                starts.append(part.read(START))
    found = [_DIMENSION.search(start) for start in starts]
    return max((int(one[2]) - int(one[1]) for one in found if one is not None), default=None)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    return max(lines - 1, 1)
