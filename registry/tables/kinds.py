"""What a file is, by its content and never by its name."""

import zipfile
from enum import StrEnum
from pathlib import Path

from registry.errors import UnreadableFile


class Kind(StrEnum):
    """The forms of file that hold a list."""

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
FOREIGN = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"%PDF", "a PDF document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"Rar!", "an archive (RAR)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"\x1f\x8b", "an archive (gzip)"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b"{\\rtf", "a text document (RTF)"),
)
TEXTUAL = (b"BM", b"MZ")
"""Signatures so short that a list of people may begin with them."""
SAMPLE = 4096
ADVICE = "Save the list as CSV UTF-8 or as an Excel workbook and send it again."


def recognise(path: Path) -> Kind:
    """Tell what a file is.

    Raises:
        UnreadableFile: when it is empty or no kind of list, with what it is and what to do.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start.strip():
        raise UnreadableFile(f"The file is empty. {ADVICE}")
    if start.startswith((ZIP, EMPTY_ZIP)):
        return _inside_zip(path)
    if start.startswith(COMPOUND):
        return Kind.XLS
    _refuse_foreign(start)
    return Kind.TEXT


def _inside_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        message = f"The workbook is damaged or cut short. {ADVICE}"
        raise UnreadableFile(message) from error
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "content.xml" in names:
        return Kind.ODS
    raise UnreadableFile(f"The file is an archive without a workbook in it. {ADVICE}")


def _refuse_foreign(start: bytes) -> None:
    opening = start.lstrip()[:16].lower()
    for signature, what in FOREIGN:
        textual = signature in TEXTUAL and b"\x00" not in start
        if opening.startswith(signature.lower()) and not textual:
            raise UnreadableFile(f"The file is {what}, not a list. {ADVICE}")
