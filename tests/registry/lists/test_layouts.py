"""What senders say of their lists: it is followed, and remembered for the scheme's next file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.database import transaction
from registry.errors import UnknownEncoding, UnreadableFile, WrongHeadings
from registry.lists import imports, layouts
from registry.lists.batches import Batch, Sending
from registry.lists.imports import Terms
from registry.schemes.fields import Field
from registry.schemes.layout import PLAIN, Layout
from tests.registry.list_files import write_workbook
from tests.registry.lists.test_imports import rows
from tests.registry.sealed_rows import opened
from tests.registry.small_lists import HEADINGS, SOKHA, csv_of

STRANGE = ("Ref", *HEADINGS[1:])
SAID = Layout(headings={"Ref": Field.RECORD_NUMBER})


def take(engine: Engine, path: Path, said: Layout = PLAIN) -> Batch:
    terms = Terms(sending=Sending(said, "Dara"))
    return imports.parse_file(engine, "hef", path, terms).batch


def test_heading_that_was_confirmed_is_known_in_the_next_file(
    engine: Engine, tmp_path: Path
) -> None:
    first = csv_of(tmp_path / "first.csv", STRANGE, SOKHA)
    with pytest.raises(WrongHeadings):
        take(engine, first)
    assert take(engine, first, SAID).records_new == 1
    second = csv_of(tmp_path / "second.csv", STRANGE, ("P9", *SOKHA[1:]))
    assert take(engine, second).records_new == 1
    [(by,)] = rows(engine, "SELECT confirmed_by FROM scheme_layout")
    assert by == "Dara"


def test_heading_confirmed_as_nothing_is_kept_as_sent_and_not_read(
    engine: Engine, tmp_path: Path
) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, SOKHA)
    take(engine, path, Layout(headings={"sex": None}))
    query = "SELECT sex, as_sent FROM record_version"
    [(sex, sent)] = opened(engine, query, as_sent="as_sent")
    assert sex is None
    assert sent["sex"] == SOKHA[HEADINGS.index("sex")]


def test_same_file_read_another_way_changes_its_records(engine: Engine, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, SOKHA)
    first = take(engine, path, Layout(headings={"sex": None}))
    again = take(engine, path, Layout(headings={"sex": Field.SEX}))
    assert first.id != again.id
    assert (again.records_new, again.records_changed) == (0, 1)
    [(sex,)] = rows(engine, "SELECT sex FROM record_version WHERE superseded_at IS NULL")
    assert sex is not None


def test_heading_that_the_file_does_not_have_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, SOKHA)
    with pytest.raises(WrongHeadings, match="No column is headed Nowhere"):
        take(engine, path, Layout(headings={"Nowhere": Field.PHONE}))


def test_sheet_and_row_are_those_that_the_sender_names(engine: Engine, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", ("Title",), HEADINGS, SOKHA, sheet="May")
    assert take(engine, path, Layout(sheet="May", heading_row=2)).records_new == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Layout(sheet="June"), "no sheet June: its sheets are May"),
        (Layout(heading_row=1), "No column of the file is headed"),
    ],
)
def test_layout_that_is_not_so_is_refused(
    engine: Engine, tmp_path: Path, said: Layout, reason: str
) -> None:
    path = write_workbook(tmp_path / "list.xlsx", ("Title",), HEADINGS, SOKHA, sheet="May")
    with pytest.raises(WrongHeadings, match=reason):
        take(engine, path, said)


def test_next_file_laid_out_otherwise_is_read_by_its_own_marks(
    engine: Engine, tmp_path: Path
) -> None:
    first = write_workbook(tmp_path / "1.xlsx", ("Title",), HEADINGS, SOKHA, sheet="May")
    take(engine, first, Layout(sheet="May", heading_row=2))
    other = write_workbook(tmp_path / "2.xlsx", HEADINGS, ("P9", *SOKHA[1:]), sheet="June")
    assert take(engine, other).records_new == 1


def test_encoding_is_confirmed_once(engine: Engine, tmp_path: Path) -> None:
    for name, number in (("first.csv", "P1"), ("second.csv", "P2")):
        text = csv_of(
            tmp_path / name, HEADINGS, (number, "Andr\u00e9", "Kha", "", *SOKHA[4:])
        ).read_text("utf-8")
        (tmp_path / name).write_bytes((text + "\n" * 400).encode("cp1252"))
    with pytest.raises(UnknownEncoding):
        take(engine, tmp_path / "first.csv")
    take(engine, tmp_path / "first.csv", Layout(encoding="cp1252"))
    assert take(engine, tmp_path / "second.csv").records_new == 1


def test_list_in_unicode_is_never_read_in_a_confirmed_encoding(
    engine: Engine, tmp_path: Path
) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, (*SOKHA[:1], "អ៊ឹម", *SOKHA[2:]))
    take(engine, path, Layout(encoding="cp1252"))
    [(cells,)] = opened(engine, "SELECT as_sent FROM record_version", as_sent="as_sent")
    sent = cells["last_name"]
    assert sent == "អ៊ឹម"


def test_encoding_nobody_reads_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "list.csv", HEADINGS, SOKHA)
    path.write_bytes(path.read_bytes() + b"\xff\xfe\xfa")
    with pytest.raises(UnreadableFile, match="rot13 are not read"):
        take(engine, path, Layout(encoding="rot13"))


def test_what_a_later_file_confirms_is_added_to_what_is_known(engine: Engine) -> None:

    now = datetime(2026, 11, 25, tzinfo=UTC)
    with transaction(engine) as session:
        layouts.remember(session, "hef", SAID, "Dara", now)
        layouts.remember(session, "hef", Layout(sheet="May"), "Sophea", now)
        known = layouts.remembered(session, "hef")
    assert known == Layout(sheet="May", headings=SAID.headings)
    with transaction(engine) as session:
        layouts.forget(session, "hef")
        assert layouts.remembered(session, "hef") == PLAIN
