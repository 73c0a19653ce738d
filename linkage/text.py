"""Khmer and Latin text to one canonical form.

The same name is stored in many sequences of code points. `canonical` makes them one, and leaves
different names apart. Its rules and where each comes from:

| rule | source |
|---|---|
| invisible characters go | Unicode property Default_Ignorable_Code_Point |
| invisible inherent vowels (17B4, 17B5) go | Unicode Standard, Khmer: use discouraged |
| 17A3 17A4 17A8 17B2 17D3 17D8 17DD become what they stand for | the same: deprecated |
| signs of a syllable in one order, coeng ro last, each once | Unicode Technical Note 61 |
| coeng da is coeng ta | the same, confusable sequences |
| e + aa is oo, e + ii is oe | the same, confusable sequences |
| -u under a vowel that stands above is a register shifter | the same, confusable sequences |
| a left vowel typed before its consonant goes after it | Unicode Standard, logical order |
| a colon after Khmer is yuukaleapintu | typing practice: keyboards hide the sign |
| Khmer digits are ASCII digits | Unicode Character Database, decimal values |
| compatibility forms, case and Latin diacritics are folded | Unicode Standard Annex 15 |
| apostrophes join, other punctuation separates | practice of name lists |

Combining marks are kept, other than those of European letters: Khmer vowels and subscripts are
marks, and names that differ in them are different names.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from linkage.khmer_order import order_syllables
from linkage.legacy import is_limon

__all__ = ["canonical", "has_khmer", "is_limon"]

_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_IGNORED: Final = re.compile(f"[{_INVISIBLE}]")
_REPLACED: Final = str.maketrans(
    {
        "\u17a3": "\u17a2",
        "\u17a4": "\u17a2\u17b6",
        "\u17a8": "\u17a7\u1780",
        "\u17b2": "\u17b1",
        "\u17d3": "\u17c6",
        "\u17d8": "\u17d4\u179b\u17d4",
        "\u17dd": "\u17d1",
        **{chr(0x17E0 + digit): str(digit) for digit in range(10)},
    }
)
_ACCENT: Final = re.compile("[\u0300-\u036f]")
_STROKED: Final = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i"})
_COLON: Final = re.compile("(?<=[\u1780-\u17d2]):")
# Apostrophes, and a coeng with no letter to put below.
_UNDRAWN: Final = re.compile(
    r"['`\u00b4\u2018-\u201b\u2032]|(?<=\w)[\u02b9-\u02bf](?=\w)|\u17d2(?![\u1780-\u17b3])"
)
_ASCII_WORDS: Final = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_KHMER: Final = re.compile("[\u1780-\u17b3]")


def canonical(text: str) -> str:
    """Return the one form of a text that all its spellings in code points share.

    Khmer syllables are written in the order of Unicode Technical Note 61; Latin is lower case
    without diacritics; words stand one space apart. Idempotent; empty only for a text without a
    letter, digit or mark.
    """
    if _ASCII_WORDS.fullmatch(text):
        return text
    folded = _COLON.sub("\u17c8", _fold(_fold(text)))
    return order_syllables(" ".join(_words(folded)))


def has_khmer(text: str) -> bool:
    """Whether the text holds a Khmer letter."""
    return _KHMER.search(text) is not None


def _fold(text: str) -> str:
    text = _IGNORED.sub("", text).translate(_REPLACED)
    if text.isascii():
        return _UNDRAWN.sub("", text).lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = _ACCENT.sub("", decomposed).translate(_STROKED)
    return _UNDRAWN.sub("", unicodedata.normalize("NFKC", plain))


def _words(text: str) -> Iterable[str]:
    return "".join(char if _is_written(char) else " " for char in text).split()


def _is_written(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
