"""What a transaction leaves for the limits to count."""

import pytest
from sqlalchemy.orm import Session

from registry.auditing import signs


@pytest.mark.parametrize(
    ("asked", "noted"),
    [("096 371 764", 96371764), ("P-17", 17), ("០១២", 12), ("x²", None), ("", None),
     ("9" * 19, None)],
)  # fmt: skip
def test_number_is_noted_by_its_digits(asked: str, noted: int | None) -> None:
    session = Session()
    signs.note_number(session, "national_id", asked)
    found = [] if noted is None else [("national_id", noted)]
    assert signs.of(session).numbers == found


def test_search_counts_when_it_means_nobody_in_particular() -> None:
    session = Session()
    for found in (0, 1, signs.WIDE - 1, signs.WIDE, 500):
        signs.note_search(session, found)
    assert signs.of(session).wide == 2
