"""How fast lists are read and checked, and in how much memory, beside a plain read by openpyxl.

Run: `python benchmarks/reading/speed.py [ROWS]`. The list is the IDPoor sample over and over, with
record numbers, telephone numbers and national IDs of its own in every row.
"""

import csv
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from itertools import cycle, islice
from pathlib import Path

import openpyxl

from registry.schemes import adapter
from registry.tables import LIMITS, read
from registry.tables.opening import open_table

SAMPLE = Path("registry/samples/lists-noisy/idpoor.csv")
CODE = "idpoor"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LETTERS = "ABCDEFGHIJK"


def rows(count: int) -> Iterator[list[str]]:
    """A list of so many rows, after its headings."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        heading, *people = csv.reader(file)
    yield heading
    for number, row in enumerate(islice(cycle(people), count)):
        card = f"{row[0][:8]}-{number // 99 % 10_000:04}"
        own = [card, f"{card}-{number % 99:02}-{number}", *row[2:]]
        own[8] = f"{number * 7919 % 10**9:09}" if row[8] else ""
        own[9] = f"0{10_000_000 + number * 104_729 % 89_999_999}" if row[9] else ""
        yield own


def write_csv(path: Path, count: int) -> None:
    """The list as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """A workbook as Excel writes it: texts shared, cells referring to them."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            '<Override PartName="/xl/sharedStrings.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
            "</Types>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows(count), start=1):
                cells = "".join(
                    f'<c r="{letter}{number}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
                    for letter, text in zip(LETTERS, row, strict=True)
                    if text
                )
                part.write(f'<row r="{number}">{cells}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w") as part:
            part.write(f'<sst xmlns="{MAIN}">'.encode())
            for text in texts:
                part.write(f"<si><t>{escape(text)}</t></si>".encode())
            part.write(b"</sst>")


def by_openpyxl(path: Path) -> int:
    """Read a workbook plainly."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    count = sum(1 for _ in workbook.worksheets[0].iter_rows(values_only=True))
    workbook.close()
    return count


def in_this_process(path: Path) -> int:
    """Read a list without a process of its own."""
    with open_table(path, LIMITS) as table:
        return sum(1 for _ in table.sheets[0].rows())


def isolated(path: Path) -> int:
    """Read a list in a process of its own."""
    with read(path) as table:
        return sum(1 for _ in table.sheets[0].rows())


def checked(path: Path) -> int:
    """Read a list and check every row."""
    with read(path) as table:
        return sum(1 for _ in adapter(CODE).parse(table))


def first_row(path: Path) -> int:
    """Read a list as far as its first row."""
    with read(path) as table:
        next(adapter(CODE).parse(table))
    return 1


def computing() -> tuple[float, float]:
    """Seconds of computing so far: of this process, and of the reading processes that ended."""
    own, child = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return own.ru_utime + own.ru_stime, child.ru_utime + child.ru_stime


def measure(what: str, work: Callable[[Path], int], path: Path) -> float:
    """Print one line of the table; the seconds of whichever process computed longer."""
    before = computing()
    count = work(path)
    here, there = (now - then for now, then in zip(computing(), before, strict=True))
    longer = max(here, there)
    rate = f"{count / longer:,.0f}" if count > 1 else ""
    print(f"| {path.suffix[1:]} | {what} | {here:.1f} | {there:.1f} | {rate} |")
    return longer


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "list.csv", Path(folder) / "list.xlsx"
        write_csv(text, count)
        write_xlsx(book, count)
        print(f"{count:,} rows of 11 columns; seconds are of computing, not of the clock.\n")
        print("| file | work | seconds here | seconds in the reading process | rows a second |")
        print("|---|---|---|---|---|")
        for path in (text, book):
            measure("first row checked", first_row, path)
            measure("read in this process", in_this_process, path)
            measure("read in its own process", isolated, path)
            whole = measure("read in its own process and checked", checked, path)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        plain = measure("plain read by openpyxl, read-only", by_openpyxl, book)
    print("\nRows a second are those of the process that computes longer: each has a core.")
    print(f"Read and checked in {whole / plain:.2f} of the time of openpyxl's plain read.")
    print(f"Most memory: {own} MB here, {child} MB in the reading process.")


if __name__ == "__main__":
    main()
