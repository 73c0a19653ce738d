import codecs
from pathlib import Path

import pytest

from registry.errors import UnknownEncoding, UnreadableFile
from registry.tables import LIMITS, Row, read
from registry.tables.opening import open_table

HEAD = "លេខករណី,នាម\n"


def rows_of(path: Path) -> list[Row]:
    with open_table(path, LIMITS) as table:
        (sheet,) = table.sheets
        return list(sheet.rows())


def written(folder: Path, content: bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + "CT1,សុខ\n").encode(),
        (HEAD + "CT1,សុខ\n").encode("utf-8-sig"),
        (HEAD + "CT1,សុខ\n").encode("utf-16"),
        codecs.BOM_UTF16_BE + (HEAD + "CT1,សុខ\n").encode("utf-16-be"),
        (HEAD + "CT1,សុខ").encode(),
        (HEAD + "CT1,សុខ\n").replace("\n", "\r\n").encode(),
        (HEAD + "CT1,សុខ\n").replace("\n", "\r").encode(),
        (HEAD + "CT1,សុខ\n").replace(",", ";").encode(),
        (HEAD + "CT1,សុខ\n").replace(",", "\t").encode(),
        (HEAD + "CT1,សុខ\n").replace(",", "|").encode(),
    ],
)
def test_encodings_line_ends_and_delimiters_make_no_difference(
    tmp_path: Path, content: bytes
) -> None:
    assert rows_of(written(tmp_path, content)) == [
        Row(1, ("លេខករណី", "នាម")),
        Row(2, ("CT1", "សុខ")),
    ]


def test_utf_16_without_a_mark_is_recognised(tmp_path: Path) -> None:
    content = ("case no,name\n" + "CT1,Sok Dara\n" * 9).encode("utf-16-le")
    assert rows_of(written(tmp_path, content))[1] == Row(2, ("CT1", "Sok Dara"))


def test_quoted_cells_hold_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    content = b'a,b\n"1,2","say ""so""\nagain"\n3,4\n'
    assert rows_of(written(tmp_path, content)) == [
        Row(1, ("a", "b")),
        Row(2, ("1,2", 'say "so"\nagain')),
        Row(3, ("3", "4")),
    ]


def test_commas_in_a_title_do_not_hide_the_semicolons(tmp_path: Path) -> None:
    content = b"List of persons, 2026, draft\na;b;c\n1;2;3\n4;5;6\n"
    assert rows_of(written(tmp_path, content))[1] == Row(2, ("a", "b", "c"))


def test_blank_lines_count_as_rows(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"a,b\n\n1,2\n"))[-1] == Row(3, ("1", "2"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \r\n \n", "empty"),
        (b'a,b\n1,2\n3,"cut in the mid', "Row 3 opens a quotation mark"),
        (b'a,b\n1,"open\n' + b"2,3\n" * 60_000, "Row 2 has a cell of more than 32,767"),
        (b"a,b\n1," + b"x" * 40_000 + b"\n", "Row 2 has a cell of more than 32,767"),
        (b"a,b\n" + b"1," * 300 + b"\n", "Row 2 of the file has more than 256 columns"),
        (b"a,b\n1,Andr\xe9\n", "Line 2 is not UTF-8"),
        ("a,ខ\n".encode()[:-2], "Line 1 is not UTF-8"),
        (b"a,b\n1,\x002\n" + b"x" * 400, "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "a picture"),
        (b"\xff\xd8\xff\xe0" + b"0" * 99, "a picture"),
        (b"%PDF-1.7\n", "PDF"),
        (b"MZ\x90\x00\x03", "a program"),
        (b"<!DOCTYPE html><table><tr>", "a web page"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        rows_of(written(tmp_path, content))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        rows_of(tmp_path / "none.csv")


def test_short_signatures_do_not_refuse_lists_that_begin_alike(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"BMI,MZ\n1,2\n"))[0] == Row(1, ("BMI", "MZ"))


def test_another_encoding_is_suggested_and_read_when_confirmed(tmp_path: Path) -> None:
    content = ("patient_no,name\n" + "P1,Andr\u00e9 Sok\n" * 9).encode("cp1252")
    path = written(tmp_path, content)
    with pytest.raises(UnknownEncoding, match=r"Line 2 .* Windows-1252: confirm") as refused:
        read(path)
    with read(path, encoding=refused.value.suggestion) as table:
        assert list(table.sheets[0].rows())[1] == Row(2, ("P1", "Andr\u00e9 Sok"))


def test_a_file_in_unicode_needs_no_confirmation(tmp_path: Path) -> None:
    path = written(tmp_path, (HEAD + "CT1,\u179f\n").encode("utf-8-sig"))
    with read(path, encoding="cp1252") as table:
        assert table.sheets[0].head[1].cells == ("CT1", "\u179f")


def test_not_every_encoding_can_be_confirmed(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="rot13 are not read"):
        read(written(tmp_path, b"a,b\n"), encoding="rot13")


def test_a_broken_unicode_text_is_in_no_other_encoding(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(written(tmp_path, ("\u179f,\u1794\n" * 50).encode()[:-2] + b"\n"))
    assert not isinstance(refused.value, UnknownEncoding)
