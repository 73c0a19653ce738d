"""How rare words are, beside the definition, word by word."""

from collections.abc import Mapping
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.cambodia.background import WordRarity
from linkage.cambodia.name_parts import hashed

WORDS = st.text("កខគ", min_size=1, max_size=3)
COUNTS = st.dictionaries(WORDS, st.integers(2, 1000), max_size=20)


def bits(counts: Mapping[str, int], word: str) -> float:
    """How much rarer a word is than words that agree by chance; one of the unknown held once."""
    total = sum(counts.values()) + 1
    chance = sum((count / total) ** 2 for count in counts.values()) or 1.0
    return log2(chance / (counts.get(word, 1) / total))


@given(COUNTS, st.lists(WORDS, max_size=20))
def test_each_word_is_as_rare_as_its_count_says(counts: dict[str, int], asked: list[str]) -> None:
    """Remembered or not, in any order, of no words too."""
    words = [*asked, *counts]
    found = WordRarity.of(counts).of_words(hashed(words))
    assert found.tolist() == pytest.approx([bits(counts, word) for word in words])
