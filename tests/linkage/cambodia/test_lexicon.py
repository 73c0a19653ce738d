"""Words that were analysed once are as if they were analysed anew."""

import hashlib

import numpy as np

from linkage.cambodia.lexicon import VERSION, Lexicon
from linkage.cambodia.name_parts import Names, Words, analysed, hashed

WORDS = ["សុខ", "ដារ៉ា", "sok", "dara", "sreymom", "ស្រីមុំ", "ច័ន្ទ", "chan", "វណ្ណៈ", "phearum", "x"]
ANALYSED_BY_VERSION_1 = "899336ad4f4e76f6"
PARTS = np.array([[0, 1, 2, 3], [-1, 5, -1, 4], [6, 8, 7, 9]], np.int32)


def numbered(words: list[str]) -> dict[int, str]:
    return dict(zip(hashed(words).tolist(), words, strict=True))


def same(one: Names, other: Names) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Names._fields)


def test_stored_words_come_back_as_they_were() -> None:
    lexicon = Lexicon.of(numbered(WORDS))
    stored = lexicon.stored()
    heads = np.frombuffer(b"".join(one[:18] for one in stored), "<u8,<i8,u1,u1")
    rows = np.empty(len(stored), [("heard", "<u8"), ("consonants", "<i8"), ("khmer", "u1"),
                                  ("units", "<i2")])  # fmt: skip
    rows["heard"], rows["consonants"], rows["khmer"] = heads["f0"], heads["f1"], heads["f2"]
    rows["units"] = [(len(one) - 18) // 2 for one in stored]
    units = np.frombuffer(b"".join(one[18:] for one in stored), "<i2")
    back = Lexicon.of_stored(lexicon.numbers, rows, units)
    assert np.array_equal(back.numbers, lexicon.numbers)
    assert same(back.names, lexicon.names)


def test_names_read_with_known_words_are_those_read_without() -> None:
    alone = analysed(PARTS, WORDS)
    for known in (0, 1, 5, len(WORDS)):
        assert same(Lexicon.of(numbered(WORDS[:known])).read(Words(PARTS, WORDS)), alone)


def test_analysing_otherwise_goes_with_another_version() -> None:
    found = hashlib.sha256(b"".join(Lexicon.of(numbered(WORDS)).stored())).hexdigest()[:16]
    assert (VERSION, found) == (1, ANALYSED_BY_VERSION_1), "let VERSION grow"
