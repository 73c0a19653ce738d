"""Files made to do harm: each is refused with its reason or read, within ten seconds."""

import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.errors import UnreadableFile
from registry.tables import LIMITS, Limits, read
from tests.registry.tables.old_workbooks import SECTOR, write_xls
from tests.registry.tables.workbooks import (
    CONTENTS,
    DECLARED,
    MAIN,
    RELATIONS,
    SHEET,
    row_xml,
    texts_xml,
    write_ods,
    write_parts,
    write_xlsx,
)

SECONDS = 10
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{level + 1} "{f"&l{level};" * 10}">' for level in range(9)
) + "]>"  # fmt: skip
ZEROS = b"0" * (1 << 20)
Maker = Callable[[Path], object]


def honest(path: Path) -> Path:
    return write_xlsx(path, row_xml(1, "a", "b") + row_xml(2, "1", "2"))


def plain(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def workbook(rows: str | bytes, **parts: str) -> Maker:
    return lambda path: write_xlsx(path, rows, **parts)


def spreadsheet(rows: str, *, before: str = "") -> Maker:
    table = f'<table:table table:name="a">{rows}</table:table>'
    return lambda path: write_ods(path, table, before=before)


def flat_bomb(path: Path) -> None:
    """One part of zeros, packed a thousand times smaller."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", CONTENTS)
        with archive.open(SHEET, "w") as part:
            for _ in range(200):
                part.write(ZEROS)


def swarm_bomb(path: Path) -> None:
    """Many parts, each just below what looks odd."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", CONTENTS)
        for number in range(300):
            archive.writestr(f"xl/part{number}.xml", ZEROS)


def crowd_of_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", CONTENTS)
        for number in range(3000):
            archive.writestr(f"xl/{number}", "")


def lying_size(path: Path) -> None:
    """The directory says that a part is small; its packed data unpacks to much more."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packed.compress(ZEROS) for _ in range(100)) + packed.flush()
    honest(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/lie.xml", data)
    content = path.read_bytes().replace(
        struct.pack("<HH", 0, 0) + b"xl/lie.xml", struct.pack("<HH", 8, 0) + b"xl/lie.xml"
    )
    path.write_bytes(content)


def nested_archive(path: Path) -> None:
    honest(path)
    write_parts(path, {"inner.zip": path.read_bytes(), "letter.txt": "look inside"})


def overlapping_parts(path: Path) -> None:
    """Two entries of the directory share one packed part."""
    write_parts(path, {"xl/workbook.xml": CONTENTS, "xl/aaaaaaaa.xml": ZEROS[:5000]})
    content = bytearray(path.read_bytes())
    start = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    entry = content[start:end].replace(b"xl/aaaaaaaa.xml", b"xl/bbbbbbbb.xml")
    content[end:end] = entry
    tail = content.rindex(b"PK\x05\x06")
    count, size = struct.unpack_from("<H", content, tail + 10)[0], end - start
    directory = struct.unpack_from("<I", content, tail + 12)[0]
    struct.pack_into("<HHI", content, tail + 8, count + 1, count + 1, directory + size)
    path.write_bytes(bytes(content))


def password(path: Path) -> None:
    entry = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600 + entry + b"\x00" * 2000)


def encrypted_part(path: Path) -> None:
    honest(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))


def missing_sheet(path: Path) -> None:
    write_parts(path, {"xl/workbook.xml": CONTENTS, "xl/_rels/workbook.xml.rels": RELATIONS})


def escaping_relation(path: Path) -> None:
    """A sheet that is said to lie outside the workbook."""
    relations = RELATIONS.replace("worksheets/sheet1.xml", "../../../../etc/passwd")
    write_parts(path, {"xl/workbook.xml": CONTENTS, "xl/_rels/workbook.xml.rels": relations})


def recursive_styles(path: Path) -> None:
    """Styles that are each other's parents."""
    xf = '<xf numFmtId="14" xfId="1"/><xf numFmtId="14" xfId="0"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellStyleXfs>{xf}</cellStyleXfs><cellXfs>{xf}</cellXfs></styleSheet>'  # noqa: E501 - one document
    write_xlsx(path, '<row r="1"><c r="A1" s="1"><v>26883</v></c></row>', styles=styles)


def sparse_sheet(path: Path) -> None:
    """A cell in every thousandth row down to the last."""
    rows = (row_xml(number, "a") for number in range(1, 1 << 20, 1000))
    write_xlsx(path, "".join(rows))


def huge_sheet(path: Path) -> None:
    """Ten gigabytes of sheet, in a file of ten megabytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", CONTENTS)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr(SHEET, ZEROS)
    content = path.read_bytes()
    size = struct.pack("<I", len(ZEROS))
    path.write_bytes(content.replace(size, struct.pack("<I", 0xF0000000)))


def circling_parts(path: Path) -> None:
    """The directory of an old workbook continues where it begins."""
    write_xls(path, ("a", "b"))
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, SECTOR + 4, 1)
    path.write_bytes(bytes(content))


REFUSED: dict[str, tuple[Maker, str]] = {
    "a cell in the last row and column": (
        workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "more than 256 columns",
    ),
    "a cell beyond the last row": (workbook('<row r="1048577"><c><v>1</v></c></row>'), "damaged"),
    "a row number of a million digits": (workbook(f'<row r="{"9" * 10**6}"/>'), "damaged"),
    "rows that go back": (workbook(row_xml(5, "a") + row_xml(5, "b")), "damaged"),
    "a column that is no column": (
        workbook('<row r="1"><c r="A-1"><v>1</v></c></row>'),
        "damaged",
    ),
    "a thousand columns": (
        workbook("<row>" + "<c><v>1</v></c>" * 1000 + "</row>"),
        "Row 1 of the file has more than 256 columns",
    ),
    "a cell of a megabyte": (workbook(row_xml(1, "x" * (1 << 20))), "32,767 characters"),
    "a shared text of a megabyte": (
        workbook('<row r="1"><c t="s"><v>0</v></c></row>', texts=texts_xml("x" * (1 << 20))),
        "32,767 characters",
    ),
    "one part of zeros": (flat_bomb, "100 times its size"),
    "many parts of zeros": (swarm_bomb, "100 times its size"),
    "a part of four gigabytes": (huge_sheet, "unpacks to more than"),
    "thousands of parts": (crowd_of_parts, "more than 2000 parts"),
    "parts that overlap": (overlapping_parts, "damaged|100 times"),
    "an archive in an archive": (nested_archive, "without a workbook"),
    "billion laughs in the sheet": (
        workbook(f"{DECLARED}{LAUGHS}<worksheet>&l9;</worksheet>".encode()),
        "document type",
    ),
    "billion laughs in the shared texts": (
        workbook('<row><c t="s"><v>0</v></c></row>', texts=f"{DECLARED}{LAUGHS}<sst>&l9;</sst>"),
        "document type",
    ),
    "billion laughs in a spreadsheet": (spreadsheet("", before=LAUGHS), "document type"),
    "a file of the machine as an entity": (
        workbook(b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'),
        "document type",
    ),
    "an entity nobody declared": (workbook(row_xml(1, "&f;")), "undefined entity"),
    "XML that breaks off": (workbook(b"<worksheet><sheetData><row><c>"), "no element found"),
    "XML of crossed elements": (workbook(b"<worksheet><row></worksheet></row>"), "mismatched tag"),
    "XML with a no-character": (workbook(row_xml(1, "a\x00b").encode()), "damaged"),
    "XML in no encoding": (workbook(row_xml(1, "ក").encode()[:-30] + b"\xff\xfe"), "damaged"),
    "elements without end": (workbook(b"<a>" * 500_000), "no element found"),
    "a password": (password, "password"),
    "an encrypted part": (encrypted_part, "password"),
    "no sheet where one is said to be": (missing_sheet, "damaged"),
    "a sheet outside the workbook": (escaping_relation, "damaged"),
    "a spreadsheet of one row repeated": (
        spreadsheet(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell>'
            "<text:p>a</text:p></table:table-cell></table:table-row>"
        ),
        "repeated 1,048,576 times",
    ),
    "a spreadsheet of one cell repeated": (
        spreadsheet(
            '<table:table-row><table:table-cell table:number-columns-repeated="16384">'
            "<text:p>a</text:p></table:table-cell></table:table-row>"
        ),
        "more than 256 columns",
    ),
    "an old workbook of noise": (
        plain(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(range(256)) * 40),
        "damaged",
    ),
    "an old workbook that goes in circles": (circling_parts, "more memory than a list"),
    "XML in an encoding nobody knows": (
        workbook(b'<?xml version="1.0" encoding="UTF-99"?><worksheet/>'),
        "damaged",
    ),
    "a program": (plain(b"\x7fELF\x02\x01\x01" + b"\x00" * 5000), "a program"),
    "a picture": (plain(b"\x89PNG\r\n\x1a\n" + b"\x00" * 5000), "a picture"),
    "no-characters in text": (plain(b"a,b\n1,\x00\n" * 1000), "not a text file"),
    "two encodings in one text": (
        plain("name,sex\nសុខ,ស\n".encode() + "ស".encode("utf-16-le") + b"\xe9\n"),
        "is not UTF-8",
    ),
    "one line of fifty megabytes": (plain(b"x" * (50 << 20)), "too long for a list"),
    "a text cell of a megabyte": (plain(b'a,b\n"' + b"x" * (1 << 20) + b'",2\n'), "32,767"),
    "a quotation that never ends": (plain(b'a,b\n"' + b"1,2\n" * 10**6), "quotation mark"),
    "rows of two megabytes": (
        plain((b",".join([b"x" * 20_000] * 100) + b"\n") * 20),
        "Row 1 holds more than 1,048,576 characters",
    ),
    "a million columns of text": (plain(b"," * 10**6 + b"\n"), "more than 256 columns"),
}  # fmt: skip

READ: dict[str, tuple[Maker, int]] = {
    "styles that are each other's parents": (recursive_styles, 1),
    "rows far apart": (sparse_sheet, 1049),
    "a part that unpacks to more than it says, unused": (lying_size, 2),
    "formulas": (
        workbook('<row><c><f>WEBSERVICE("http://127.0.0.1/")</f></c></row>' + row_xml(2, "=1+1")),
        2,
    ),
    "an empty sheet of styled cells": (
        workbook('<row r="1"><c r="XFD1" s="0"/></row>' + row_xml(2, "a")),
        1,
    ),
    "a spreadsheet of blank cells repeated": (
        spreadsheet(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>'
        ),
        0,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    make, reason = REFUSED[name]
    make(tmp_path / "list")
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=reason) as refused, read(tmp_path / "list") as table:
        [list(sheet.rows()) for sheet in table.sheets]
    assert "\n" not in str(refused.value)
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str, tmp_path: Path) -> None:
    make, rows = READ[name]
    make(tmp_path / "list")
    started = time.monotonic()
    with read(tmp_path / "list") as table:
        assert [len(list(sheet.rows())) for sheet in table.sheets] == [rows]
    assert time.monotonic() - started < SECONDS


def test_a_file_larger_than_any_list_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "list").open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1)
    with pytest.raises(UnreadableFile, match="larger than 200 MB"):
        read(tmp_path / "list")


def test_a_reading_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"x" * (60 << 20))
    limits = Limits(memory_bytes=100 << 20, columns=1 << 20)
    with pytest.raises(UnreadableFile, match="more memory than a list should"):
        read(tmp_path / "list", limits=limits)


def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"a,b\n" * 10_000_000)
    with (
        pytest.raises(UnreadableFile, match="takes longer to read"),
        read(tmp_path / "list", limits=Limits(cpu_seconds=1)) as table,
    ):
        assert sum(1 for _ in table.sheets[0].rows()) < 10_000_000


def test_a_reading_that_falls_silent_is_ended(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"a,b\n" * 10_000_000)
    with pytest.raises(UnreadableFile, match="takes longer to read"):
        read(tmp_path / "list", limits=Limits(silent_seconds=0))


def test_rows_left_unread_leave_no_process_behind(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"a,b\n" * 1_000_000)
    with read(tmp_path / "list") as table:
        rows = table.sheets[0].rows()
        assert next(rows).number == 1
        rows.close()  # type: ignore[attr-defined]


def test_a_shared_text_is_read_no_further_than_asked(tmp_path: Path) -> None:
    """The head of a list is known before the texts of its last rows are."""
    texts = texts_xml("name", "Sok").removesuffix("</sst>")
    path = write_xlsx(tmp_path / "list", sheet_rows(), texts=texts + "<si><t>x</t></si>" * 200_000)
    with read(path) as table:
        assert table.sheets[0].head[0].cells == ("name",)


def sheet_rows() -> str:
    return '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
