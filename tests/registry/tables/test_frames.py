"""What the reading process tells comes over as it was."""

from hypothesis import given
from hypothesis import strategies as st

from registry.tables import Row, Rows
from registry.tables.frames import decode, encode

CELLS = st.lists(st.text()).map(tuple)


@given(st.lists(st.builds(Row, st.integers(1, 1 << 20), CELLS), max_size=5))
def test_rows_are_unpacked_as_they_were_packed(rows: list[Row]) -> None:
    told = decode(encode(Rows.of(rows)).removesuffix(b"\n"))
    assert isinstance(told, Rows)
    assert told.count == len(rows)
    assert told.unpack() == rows


@given(st.lists(st.builds(Row, st.integers(1, 1 << 20), CELLS), min_size=1, max_size=3))
def test_a_frame_is_one_line(rows: list[Row]) -> None:
    assert encode(Rows.of(rows)).count(b"\n") == 1
