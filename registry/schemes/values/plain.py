"""Plain text: Khmer digits as ASCII, invisible characters gone, words for "nothing" as nothing."""

import re
from functools import lru_cache

from linkage.text import canonical

DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩៰៱៲៳៴៵៶៷៸៹", "01234567890123456789")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]+")
SPACES = re.compile(r"\s+")
NOT_WRITTEN = re.compile(r"[\s/]+")
SIGNS_OF_ABSENCE = ("-", "--", "---", ".", "..", "?", "??", "/", "//", "x", "(blank)", "#n/a")
WORDS_OF_ABSENCE = ("na", "n/a", "n.a.", "nil", "none", "null", "nan", "unknown")
ABSENT = frozenset((*SIGNS_OF_ABSENCE, *WORDS_OF_ABSENCE, "គ្មាន", "មិនមាន", "អត់មាន"))
LONGEST_ABSENT = max(map(len, ABSENT))


def tidy(text: str) -> str:
    """The text with ASCII digits, single spaces and nothing invisible; "" for words of absence.

    What a cell says is read from this form; the cell as sent stays as it is.
    """
    if not text:
        return text
    if not text.isascii():
        text = INVISIBLE.sub("", text).translate(DIGITS)
    if "  " in text or not text.isprintable():
        text = SPACES.sub(" ", text)
    text = text.strip()
    return "" if len(text) <= LONGEST_ABSENT and text.casefold() in ABSENT else text


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The key under which headings and coded words are known.

    Case, spaces, punctuation and the spelling of the same Khmer text make no difference.
    """
    return NOT_WRITTEN.sub("", canonical(text.translate(DIGITS).replace("_", " ")))
