"""Workbooks for tests, made part by part, honest or not."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'

CONTENTS = (
    f'{DECLARED}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    f'{DECLARED}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
TEXTS = "xl/sharedStrings.xml"


def sheet_xml(rows: str) -> str:
    return f'{DECLARED}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def texts_xml(*texts: str) -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{DECLARED}<sst xmlns="{MAIN}">{items}</sst>'


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row_xml(number: int, *texts: str) -> str:
    cells = (cell(f"{chr(65 + place)}{number}", text) for place, text in enumerate(texts))
    return f'<row r="{number}">{"".join(cells)}</row>'


def write_parts(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, rows: str | bytes, **parts: str) -> Path:
    """A workbook of one sheet; `styles` and `texts` are optional parts."""
    names = {"styles": STYLES, "texts": TEXTS, "contents": "xl/workbook.xml"}
    sheet = rows if isinstance(rows, bytes) else sheet_xml(rows)
    given = {names[name]: content for name, content in parts.items()}
    skeleton = {"xl/workbook.xml": CONTENTS, "xl/_rels/workbook.xml.rels": RELATIONS}
    return write_parts(path, {**skeleton, SHEET: sheet, **given})


def write_ods(path: Path, tables: str, *, before: str = "") -> Path:
    content = (
        f'{DECLARED}{before}<office:document-content xmlns:office="{OPEN}:office:1.0" '
        f'xmlns:table="{OPEN}:table:1.0" xmlns:text="{OPEN}:text:1.0"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return write_parts(path, {"content.xml": content})
