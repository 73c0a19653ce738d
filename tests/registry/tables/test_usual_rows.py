"""Rows read by their pattern are the rows that the XML parser finds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnreadableFile
from registry.tables import LIMITS, Row
from registry.tables.archive import DAMAGED
from registry.tables.by_pattern import ByPattern
from registry.tables.markup import Handlers, Passing, read_markup
from registry.tables.shared_texts import SharedTexts
from registry.tables.usual_rows import UsualRows
from registry.tables.xlsx import XlsxBook
from registry.tables.xlsx_rows import RowHandlers
from tests.registry.tables.workbooks import MAIN, row_xml, sheet_xml, texts_xml, write_xlsx

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>"
)
TEXTS = texts_xml("សុខ", "a &amp; b", "")
BODIES = (
    ' t="inlineStr"><is><t>សុខ ដារា</t></is></c>',
    ' t="inlineStr"><is><t xml:space="preserve"> a\n b </t></is></c>',
    ' t="inlineStr"><is><t>a &lt;row&gt; &#x17A0;</t></is></c>',
    ' t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
    ' t="inlineStr"><is><t>a_x0041_</t></is></c>',
    ' t="inlineStr"><is><t>two\r\nlines</t></is></c>',
    ' t="inlineStr"><is><t></t></is></c>',
    ' t="s"><v>0</v></c>',
    ' t="s"><v>1</v></c>',
    ' t="s"><v>2</v></c>',
    ' t="s"><v>x</v></c>',
    ' t="str"><v>said</v></c>',
    ' t="str"><f>A1</f><v>said</v></c>',
    "><f>SUM(A1)</f></c>",
    ' t="b"><v>1</v></c>',
    ' t="b"><v>0</v></c>',
    ' t="e"><v>#REF!</v></c>',
    "><v>068293624</v></c>",
    "><v>85512345678</v></c>",
    "><v>1.50</v></c>",
    "><v></v></c>",
    ' s="1"><v>26883</v></c>',
    ' s="1"><v>26883.5</v></c>',
    ' s="1"/>',
    "></c>",
    " ><v>1</v></c >",
    "><v>1</v><v>2</v></c>",
    ' t="str"><v>a<!-- said --></v></c>',
    ' t="str"><v><![CDATA[<row r="9">]]></v></c>',
)
ITEMS = (
    "<si><t>សុខ</t></si>",
    '<si><t xml:space="preserve"> a\n</t></si>',
    "<si><t>a &amp; b</t></si>",
    "<si><t>a_x0041_</t></si>",
    "<si><t/></si>",
    "<si/>",
    "<si><r><rPr/><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></si>",
    "\n",
    "<!-- <si><t>no</t></si> -->",
    "<t>stray</t>",
)
HEADS = ("", ' spans="1:3"', ' ht="15.5" x14ac:dyDescent="0.25"', " spans='1:3'")
ODD = ("<", "&", "</row>", ">", "\x01", '"', "]]>", "</sheetData>", "\ufffe", "<row>")
BETWEEN = ("", "\n", " ", '<row r="{}"/>', "<extra/>", "<!-- <row -->", "<?note?>", "")


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """The rows of a sheet in many ways of writing them, some not well formed."""
    number, written = 0, ""
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.integers(1, 3))
        columns = draw(st.lists(st.sampled_from("ABCDEF"), max_size=5))
        cells = [f'<c r="{each}{number}"{draw(st.sampled_from(BODIES))}' for each in columns]
        head = f'<row r="{number}"{draw(st.sampled_from(HEADS))}>'
        written += f"{head}{''.join(cells)}</row>"
        if "{}" in (between := draw(st.sampled_from(BETWEEN))):
            number += 1
        written += between.format(number)
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(written)))
        written = written[:at] + draw(
            st.sampled_from(["<", "&", "</row>", ">", "\x01", '"', "]]>"])
        )
    return written


def rows_of(book: XlsxBook, document: bytes, size: int, *, by_pattern: bool) -> list[Row] | None:
    """The rows of a document that comes in pieces of a size; None if it is refused."""
    forms = book.forms()
    handlers = RowHandlers(forms, LIMITS)
    usual = ByPattern(UsualRows(handlers, forms, LIMITS)) if by_pattern else None
    try:
        for _ in read_markup(_Pieces(document, size), handlers.handlers, usual):
            pass
    except UnreadableFile:
        return None
    return handlers.rows


class _Pieces(BytesIO):
    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, _: int | None = -1) -> bytes:
        return super().read(self._size)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XlsxBook]:
    path = tmp_path_factory.mktemp("book") / "list.xlsx"
    with XlsxBook(write_xlsx(path, "", styles=STYLES, texts=TEXTS), LIMITS) as opened:
        yield opened


@settings(max_examples=200, deadline=None)
@given(rows=sheets(), size=st.sampled_from([1, 7, 40, 300, 1 << 16]))
def test_rows_are_the_same_whoever_reads_them(book: XlsxBook, rows: str, size: int) -> None:
    document = sheet_xml(rows).encode()
    by_pattern = rows_of(book, document, size, by_pattern=True)
    assert by_pattern == rows_of(book, document, size, by_pattern=False)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Shared texts in many ways of writing them, some not well formed."""
    written = "".join(draw(st.lists(st.sampled_from(ITEMS))))
    if draw(st.integers(0, 5)) == 0:
        at = draw(st.integers(0, len(written)))
        written = written[:at] + draw(st.sampled_from([*ODD, "</si>", "</sst>"])) + written[at:]
    return f'<sst xmlns="{MAIN}" count="1">{written}</sst>'


def texts_of(document: bytes, size: int, *, by_pattern: bool) -> list[str] | None:
    """The shared texts of a document; None if it is refused."""

    def reading(handlers: Handlers, passing: Passing) -> Iterator[None]:
        return read_markup(_Pieces(document, size), handlers, passing if by_pattern else None)

    shared, found = SharedTexts(reading, LIMITS), list[str]()
    try:
        while True:
            found.append(shared[len(found)])
    except UnreadableFile as error:
        return found if str(error) == DAMAGED else None


@settings(max_examples=200, deadline=None)
@given(written=texts(), size=st.sampled_from([1, 7, 40, 1 << 16]))
def test_shared_texts_are_the_same_whoever_reads_them(written: str, size: int) -> None:
    document = written.encode()
    assert texts_of(document, size, by_pattern=True) == texts_of(document, size, by_pattern=False)


def test_the_parser_sees_no_row_of_the_usual_pattern(book: XlsxBook) -> None:
    forms, seen = book.forms(), list[str]()
    handlers = RowHandlers(forms, LIMITS)

    def start(name: str, attributes: Mapping[str, str]) -> None:
        seen.append(attributes.get("r", name))
        handlers.start(name, attributes)

    rows = row_xml(1, "a", "b") + row_xml(2, "&amp;") + row_xml(3, "c")
    listening = replace(handlers.handlers, start=start)
    usual = ByPattern(UsualRows(handlers, forms, LIMITS))
    for _ in read_markup(BytesIO(sheet_xml(rows).encode()), listening, usual):
        pass
    assert seen == ["worksheet", "sheetData", "2", "A2", "is", "t"]
    assert [row.cells for row in handlers.rows] == [("a", "b"), ("&", ""), ("c", "")]


def test_a_line_of_damage_is_the_line_of_the_file(tmp_path: Path) -> None:
    rows = "".join(row_xml(number, "two\nlines") for number in range(1, 4))
    after = row_xml(9, "two\nlines")
    path = write_xlsx(tmp_path / "list.xlsx", f"{rows}<row>\n<c></row>{after}")
    with pytest.raises(UnreadableFile, match="line 5 of its XML"), XlsxBook(path, LIMITS) as book:
        list(book.sheets[0].rows())
