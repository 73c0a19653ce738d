"""Khmer names in the Latin spelling that people use."""

import pytest

from linkage.romanisation import romanise


@pytest.mark.parametrize(
    ("khmer", "latin"),
    [
        ("សុខ", "sok"),
        ("ជា", "chea"),
        ("ហេង", "heng"),
        ("សុវណ្ណ", "sovan"),
        ("ស្រី", "srey"),
        ("សុភារី", "sopheary"),
        ("សារុន", "sarun"),
        ("ពៅ", "pov"),
        ("ប៉ែន", "pen"),
        ("ម៉ៅ", "mao"),
        ("ចន្ទ", "chan"),
        ("វ៉ាន់", "van"),
        ("ធីតា", "thyta"),
        ("ជា សុខ", "chea sok"),
        ("ប៊ុនហ៊័រ", "bunhor"),
        ("ស្អាត", "sat"),
        ("Sok", "sok"),
    ],
)
def test_names_are_spelled_as_in_practice(khmer: str, latin: str) -> None:
    assert romanise(khmer) == latin
