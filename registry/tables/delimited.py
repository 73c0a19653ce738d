"""CSV files: their encoding, their delimiter, their rows.

A file is checked from end to end before its first row is given, so that nothing of a broken file
is taken.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from registry.errors import UnreadableFile
from registry.tables.kinds import ADVICE
from registry.tables.table import HEAD, Row, Table

DELIMITERS = (",", ";", "\t", "|")
END = "\x00end\x00"
"""A line added after the last one: it stands alone unless a quotation is still open."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BLOCK = 1 << 20


@dataclass(frozen=True)
class DelimitedSheet:
    """The one sheet of a CSV file, known to be whole."""

    path: Path
    name: str
    encoding: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """Every row in file order."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            for number, cells in enumerate(reader, start=1):
                yield Row(number, tuple(cells))


def open_delimited(path: Path) -> Table:
    """Open a CSV file after checking all of it.

    Raises:
        UnreadableFile: when it is not text, not UTF-8 or UTF-16, or ends inside a quotation.
    """
    encoding = _encoding(path)
    _check_encoding(path, encoding)
    sheet = DelimitedSheet(path, path.stem, encoding, _delimiter(path, encoding))
    _check_rows(sheet)
    return Table(path.name, (sheet,))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(BLOCK)
    for bom, encoding in BOMS:
        if start.startswith(bom):
            return encoding
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 8 and min(even, odd) <= max(even, odd) // 8:
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8"


def _check_encoding(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                text = decoder.decode(block)
                if "\x00" in text:
                    raise UnreadableFile(f"The file is not a text file. {ADVICE}")
                lines += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].count(b"\n")
            message = f"Line {lines} is not {_spoken(encoding)} text. {ADVICE}"
            raise UnreadableFile(message) from error


def _spoken(encoding: str) -> str:
    return "UTF-16" if "16" in encoding else "UTF-8"


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter by which most of the first lines come out equally wide; ties: the earliest."""
    with path.open(encoding=encoding, newline="") as file:
        lines = list(islice(file, HEAD))

    def evidence(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter))
        del widths[0], widths[1]
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=evidence)


def _check_rows(sheet: DelimitedSheet) -> None:
    row = _open_quotation(sheet)
    if row is not None:
        raise UnreadableFile(
            f"Row {row} opens a quotation mark that is never closed: the file is cut short or a "
            "mark is missing. Send the whole file again."
        )


def _open_quotation(sheet: DelimitedSheet) -> int | None:
    """The row in which a quotation stays open to the end, or longer than any cell."""
    row = 0
    with sheet.path.open(encoding=sheet.encoding, newline="") as file:
        reader = csv.reader(chain(file, ("\n", END)), delimiter=sheet.delimiter)
        try:
            for row, cells in enumerate(reader, start=1):
                if cells and cells[-1].endswith(END) and cells != [END]:
                    return row
        except csv.Error:
            return row + 1
    return None
