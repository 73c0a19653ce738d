"""Text cut into the signs that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.khmer_clusters import clusters


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("សុខា", ["សុ", "ខា"]),
        ("ស្រីមុំ", ["ស្រី", "មុំ"]),
        ("ច័ន្ទ", ["ច័", "ន្ទ"]),
        ("ស៊្រុន", ["ស៊្រុ", "ន"]),
        ("បញ្ញា", ["ប", "ញ្ញា"]),
        ("ធម៌", ["ធ", "ម៌"]),
        ("Sok", ["S", "o", "k"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("", []),
    ],
)
def test_letter_below_stays_with_its_base(text: str, signs: list[str]) -> None:
    assert clusters(text) == signs


@given(st.text(alphabet=st.sampled_from("ក្រោមាសុខ៉៊ំ័aé\u0301 \n")))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(clusters(text)) == text
