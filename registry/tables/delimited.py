"""CSV files: their encoding, their delimiter, their rows.

That a file is text is checked from end to end before its first row is given. A quotation that is
never closed shows where it is read: whoever takes rows takes all of them or none.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from registry.errors import UnknownEncoding, UnreadableFile
from registry.tables.kinds import ADVICE
from registry.tables.limits import Limits
from registry.tables.table import HEAD, Row, Table, too_many_columns

DELIMITERS = (",", ";", "\t", "|")
END = "\x00end\x00"
"""Added after the last line and a line end: it stands alone unless a quotation is still open."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BLOCK = 1 << 20
SAMPLE = 1 << 14
WESTERN = "cp1252"
MOSTLY = 0.9
CONFIRMABLE = frozenset({WESTERN, "utf-8", "utf-16-le", "utf-16-be"})


@dataclass(frozen=True)
class DelimitedSheet:
    """The one sheet of a CSV file, known to be text."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    limits: Limits

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows."""
        return tuple(islice(self.rows(), HEAD))

    def rows(self) -> Iterator[Row]:
        """Every row in file order, each when the next one was read: the last is ours.

        Raises:
            UnreadableFile: a cell or a row is longer than any list needs, or the file ends inside
                a quotation.
        """
        number, waiting = 0, None
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(chain(file, ("\n", END)), delimiter=self.delimiter)
            try:
                for number, cells in enumerate(reader, start=1):
                    if cells == [END]:
                        return
                    if waiting is not None:
                        yield waiting
                    if cells:
                        _check_cells(number, cells, self.limits)
                    waiting = Row(number, tuple(cells))
            except csv.Error as error:
                raise _open_cell(number + 1, self.limits) from error


def open_delimited(path: Path, limits: Limits, encoding: str | None = None) -> Table:
    """Open a CSV file after checking that all of it is text.

    Raises:
        UnknownEncoding: when it is neither UTF-8 nor UTF-16, and no other encoding was confirmed.
        UnreadableFile: when it is not text, not UTF-8 or UTF-16, or its first rows cannot be read.
    """
    _check_text(path, _encoding(path, encoding), limits)
    return Table(path.name, (sheet_of(path, limits, encoding),))


def sheet_of(path: Path, limits: Limits, encoding: str | None = None) -> DelimitedSheet:
    """The sheet of a CSV file by its encoding and delimiter, unchecked."""
    found = _encoding(path, encoding)
    return DelimitedSheet(path, path.stem, found, _delimiter(path, found), limits)


def _encoding(path: Path, confirmed: str | None) -> str:
    """The encoding of a text by its own marks, or else as confirmed."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    for bom, encoding in BOMS:
        if start.startswith(bom):
            return encoding
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 8 and min(even, odd) <= max(even, odd) // 8:
        return "utf-16-be" if even > odd else "utf-16-le"
    if confirmed is not None and confirmed not in CONFIRMABLE:
        raise UnreadableFile(f"Texts in {confirmed} are not read. {ADVICE}")
    return confirmed or "utf-8"


def _check_text(path: Path, encoding: str, limits: Limits) -> None:
    """Refuse what is not text, and lines so long that none of them could be held."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, since_line_end = 1, 0
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                text = decoder.decode(block)
                if "\x00" in text:
                    raise UnreadableFile(f"The file is not a text file. {ADVICE}")
                lines += text.count("\n")
                last = max(text.rfind("\n"), text.rfind("\r"))
                since_line_end = len(text) - last - 1 + (since_line_end if last < 0 else 0)
                if since_line_end > limits.columns * limits.cell_characters:
                    raise UnreadableFile(f"Line {lines} is too long for a list. {ADVICE}")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].count(b"\n")
            raise _not_text(encoding, lines, error.object) from error


def _not_text(encoding: str, line: int, block: bytes) -> UnreadableFile:
    """The refusal of a text that is not in its encoding, with another where one is likely."""
    spoken = encoding.upper().removesuffix("-SIG")
    message = f"Line {line} is not {spoken} text."
    if encoding == "utf-8" and _is_western(block):
        message += " It may be in Windows-1252: confirm that, or save the list as CSV UTF-8."
        return UnknownEncoding(message, WESTERN)
    return UnreadableFile(f"{message} {ADVICE}")


def _is_western(block: bytes) -> bool:
    """Whether nearly all of a text is ASCII, and the rest letters of Western Europe."""
    sample = block[:SAMPLE]
    plain = sample.decode("ascii", errors="ignore")
    try:
        text = block.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    return "".join(text.split()).isprintable() and len(plain) > MOSTLY * len(sample)


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter by which most of the first lines come out equally wide; ties: the earliest."""
    with path.open(encoding=encoding, newline="") as file:
        lines = list(islice(file, HEAD))

    def evidence(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        del widths[0], widths[1]
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=evidence)


def _check_cells(row: int, cells: list[str], limits: Limits) -> None:
    if cells[-1].endswith(END):
        raise UnreadableFile(
            f"Row {row} opens a quotation mark that is never closed: the file is cut short or a "
            "mark is missing. Send the whole file again."
        )
    if len(cells) > limits.columns:
        raise too_many_columns(limits.columns, row)
    longest = limits.cell_characters
    if len("".join(cells)) > longest and len(max(cells, key=len)) > longest:
        raise _open_cell(row, limits)


def _open_cell(row: int, limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"Row {row} has a cell of more than {limits.cell_characters:,} characters: a quotation "
        "mark may be missing. Correct it and send the file again."
    )
