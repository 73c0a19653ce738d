"""Speed and memory of taking long lists: rows parsed, validated and stored, a second.

    python -m benchmarks.ingestion --rows 200000 FOLDER

FOLDER holds `hef.csv` and `idpoor.xlsx`; their rows are repeated under other numbers until there
are enough. Where the machine is shared, the processor time of a row says more than the clock.
"""

import argparse
import csv
import itertools
import random
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import psutil
from sqlalchemy import Engine

from registry.columns import VALUE_COLUMNS
from registry.database import connect, upgrade
from registry.embedded import EmbeddedServer
from registry.lists import imports
from registry.lists.imports import Terms
from registry.lists.reading import Pace

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEGABYTE = 1 << 20


@dataclass
class Effort:
    """What a stretch of work took: seconds by the clock, of our processes, of the server's."""

    clock: float = 0.0
    ours: float = 0.0
    server: float = 0.0
    peak_bytes: int = 0


def main() -> None:
    """Make the lists, take them, and print a table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rows", type=int, default=200_000)
    asked.add_argument("--processes", type=int, default=None)
    asked.add_argument("--only", choices=("csv", "xlsx"), default=None)
    asked.add_argument("--link", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = EmbeddedServer.at(folder / "home")
        engine = connect(server.start())
        upgrade(engine)
        postmaster = int((server.data / "postmaster.pid").read_text("utf-8").split()[0])
        pace = Terms().pace if given.processes is None else Pace(given.processes)
        try:
            makers = {"csv": _csv, "xlsx": _xlsx}
            for make in [makers[given.only]] if given.only else makers.values():
                scheme, path = make(given.folder, folder, given.rows)
                made = _List(scheme, path, given.rows)
                stored = _take(engine, postmaster, made, pace)
                if given.link:
                    with measured(postmaster) as effort:
                        linked = imports.link(engine)
                    _say("linked", effort, linked.records)
                _compare(engine, postmaster, made, stored)
        finally:
            engine.dispose()
            server.destroy()


@dataclass(frozen=True)
class _List:
    scheme: str
    path: Path
    rows: int


@dataclass(frozen=True)
class _Stored:
    """A list that was stored: its batch, and what that took."""

    batch: int
    effort: Effort


def _take(engine: Engine, postmaster: int, made: _List, pace: Pace) -> _Stored:
    size = made.path.stat().st_size / MEGABYTE
    print(f"{made.path.name}: {made.rows:,} rows, {size:.1f} MB, {pace.processes} processes")
    heard: list[float] = []
    started = time.monotonic()
    terms = Terms(pace=pace, heard=lambda _: heard.append(time.monotonic() - started))
    with measured(postmaster) as effort:
        batch = imports.parse_file(engine, made.scheme, made.path, terms).batch
    assert batch.rows_read == made.rows
    _say("stored", effort, made.rows)
    print(f"  first rows and errors visible after {heard[0]:.1f} s")
    return _Stored(batch.id, effort)


def _compare(engine: Engine, postmaster: int, made: _List, stored: _Stored) -> None:
    """What storing is compared with, once a worker's work is done: it would stay in its memory."""
    effort = stored.effort
    with measured(postmaster) as copying:
        copied = _copy_plainly(engine, stored.batch)
    _say("plain COPY of the same rows into an empty table", copying, copied)
    if made.path.suffix == ".xlsx":
        with measured(postmaster) as plain:
            _read_plainly(made.path)
        _say("plain read by openpyxl", plain, made.rows)
        print(
            f"  stored / plain read: {effort.clock / plain.clock:.2f} by the clock, "
            f"{(effort.ours + effort.server) / plain.ours:.2f} by processor time"
        )


@contextmanager
def measured(postmaster: int) -> Iterator[Effort]:
    """Measure what happens in the block, in this process and those it starts, and the server's."""
    effort, stop = Effort(), threading.Event()
    me, server = psutil.Process(), psutil.Process(postmaster)
    spent: dict[tuple[bool, int], float] = {}

    def sample() -> None:
        for root, is_ours in ((me, True), (server, False)):
            memory = 0
            family = [root, *_offspring(root.pid)]
            for process in family:
                is_servers = is_ours and process.pid == postmaster
                try:
                    used = process.cpu_times()
                    if not is_servers:
                        spent[is_ours, process.pid] = used.user + used.system
                        memory += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            if is_ours:
                effort.peak_bytes = max(effort.peak_bytes, memory)

    def watch() -> None:
        while not stop.wait(0.2):
            sample()

    sample()
    before, started = dict(spent), time.monotonic()
    thread = threading.Thread(target=watch)
    thread.start()
    yield effort
    effort.clock = time.monotonic() - started
    stop.set()
    thread.join()
    sample()
    grown = {key: now - before.get(key, 0.0) for key, now in spent.items()}
    effort.ours = sum(value for (is_ours, _), value in grown.items() if is_ours)
    effort.server = sum(value for (is_ours, _), value in grown.items() if not is_ours)


def _offspring(pid: int) -> Iterator[psutil.Process]:
    """The living children of a process, and theirs, as Linux lists them.

    To ask for the parent of every process of the machine takes a third of a processor.
    """
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError, psutil.NoSuchProcess):
            for child in map(int, listed.read_text("ascii").split()):
                yield psutil.Process(child)
                yield from _offspring(child)


def _say(what: str, effort: Effort, rows: int) -> None:
    print(
        f"  {what}: {effort.clock:.1f} s, {rows / effort.clock:,.0f} rows/s; processor time of "
        f"1,000 rows: {effort.ours / rows * 1e6:.0f} ms ours, "
        f"{effort.server / rows * 1e6:.0f} ms the server's; "
        f"memory at most {effort.peak_bytes / MEGABYTE:,.0f} MB",
        flush=True,
    )


def _csv(samples: Path, folder: Path, count: int) -> tuple[str, Path]:
    with (samples / "hef.csv").open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    path = folder / "hef.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(headings)
        writer.writerows(_repeated(rows, count, 0, lambda at, _: f"P{at:013d}"))
    return "hef", path


def _xlsx(samples: Path, folder: Path, count: int) -> tuple[str, Path]:
    """A workbook of inline strings, as a system writes it that streams."""
    book = openpyxl.load_workbook(samples / "idpoor.xlsx", read_only=True)
    sheet = book.worksheets[0]
    title, _, headings, *rows = (
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    )
    path = folder / "idpoor.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", _relation("officeDocument", "xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _relation("worksheet", "worksheets/sheet1.xml")
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="list" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        many = _of_other_households(_repeated(rows, count, 1, lambda at, _: f"{at}"), len(rows))
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(
                f'<worksheet xmlns="{MAIN}"><dimension ref="A1:K{count + 2}"/><sheetData>'.encode()
            )
            for number, row in enumerate(itertools.chain([title, headings], many), start=1):
                part.write(_row(number, row).encode())
            part.write(b"</sheetData></worksheet>")
    return "idpoor", path


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{kind}"'
        f' Target="{target}"/></Relationships>'
    )


def _row(number: int, row: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for place, cell in enumerate(row)
        if cell
    )
    return f'<row r="{number}">{cells}</row>'


def _repeated(
    rows: Sequence[Sequence[str]],
    count: int,
    number_column: int,
    number: Callable[[int, Sequence[str]], str],
) -> Iterator[list[str]]:
    """Rows again and again, each under a number of its own, long digits changed at random."""
    chance = random.Random(1)
    for at, row in zip(range(count), itertools.cycle(rows), strict=False):
        cells = [_other_digits(cell, chance) for cell in row]
        cells[number_column] = number(at, row)
        yield cells


def _of_other_households(rows: Iterator[list[str]], period: int) -> Iterator[list[str]]:
    """Each repetition is of other households, whose members keep their place in it."""
    for at, row in enumerate(rows):
        serial = (int(row[0][-4:]) + at // period * 131) % 10_000
        row[0] = f"{row[0][:-4]}{serial:04d}"
        row[1] = f"{row[0]}-{at % 100:02d}"
        yield row


def _other_digits(cell: str, chance: random.Random) -> str:
    """A national ID or a phone number becomes another one; everything else stays."""
    if not (cell.isascii() and cell.isdigit() and len(cell) == 9):
        return cell
    return f"{chance.randrange(10**9):09d}"


def _copy_plainly(engine: Engine, batch: int) -> int:
    """COPY what was stored of a batch into a table without keys: the ceiling of storing."""
    names = ", ".join(f'"{name}"' for name in VALUE_COLUMNS)
    with tempfile.TemporaryFile() as file, engine.begin() as connection:
        cursor = connection.connection.cursor()
        query = f"SELECT {names} FROM record_version WHERE batch_id = {batch}"  # noqa: S608 - our own names
        cursor.execute(f"CREATE TEMPORARY TABLE ceiling AS {query} LIMIT 0")
        cursor.copy_expert(f"COPY ({query}) TO STDOUT", file)
        file.seek(0)
        cursor.copy_expert(f"COPY ceiling ({names}) FROM STDIN", file)
        copied = int(cursor.rowcount)
        cursor.execute("DROP TABLE ceiling")
    return copied


def _read_plainly(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()


if __name__ == "__main__":
    main()
