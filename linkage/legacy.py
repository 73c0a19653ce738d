"""Text typed in a legacy Limon font: Khmer on screen, Latin letters and symbols in the file.

Limon fonts draw Khmer glyphs at the code points of Windows-1252, so that without the font ឈ្មោះ
reads `eQµaH`. Unlike a Latin name it changes case inside words (upper case is another consonant),
carries punctuation and symbols inside words, and often has no Latin vowel where one must be.
"""

import re
from typing import Final

_NATIVE: Final = re.compile("[\u0370-\u1eff\u2c00-\ud7ff]")
# Windows-1252 symbols, and punctuation followed by more of the word: subscripts, vowels, shifters.
_SYMBOL: Final = re.compile(r"[\x80-\xbf×÷‚ƒ„†‡ˆ‰‹›Œ™š©®<>\[\]{}|\\^_~$%#@=+*§]|[:;\"]")
_PLAIN_PUNCTUATION: Final = re.compile(r"^[(\"'«]+|[,.;:)\"'»]+$")
_CAMEL: Final = re.compile("(?:Mc)?(?:[A-Z][a-zà-ÿ]{2,}){1,4}")
_ACCENTED: Final = re.compile("[ðþæ]|[a-zA-Z][ÁÂÃÅÆÇÈÊËÌÍÎÏÑÒÓÔÕØÙÚÛÜÝÞß]")
_SURE: Final = 2
_BANTOC: Final = re.compile("[a-zA-Z]{2}[;:]$")
_UNPRONOUNCEABLE: Final = re.compile(
    "q(?!u)|[a-z]x|^x[^aiu]|[a-z]w[bcdfgjkmnpqrstvx]|^[^aeiouy]{2,}$|j$"
    "|[bcdfgjkmpqstvwxz][bdfgjlmnpqrvwxz]$|[bdfghjklmnpqrstvwxz]{4}",
    re.IGNORECASE,
)


def is_limon(text: str) -> bool:
    """Whether a text looks typed in a Limon font, so that it must not be read as a Latin name.

    A single word that is also a plausible Latin spelling (`sarun`, `lika`) is not told apart: judge
    a whole name, or several cells of a column.
    """
    if _NATIVE.search(text):
        return False
    return sum(_suspicion(word) for word in text.split()) >= _SURE


def _suspicion(word: str) -> int:
    signs = _SURE * (_SYMBOL.search(_PLAIN_PUNCTUATION.sub("", word)) is not None)
    signs += _BANTOC.search(word) is not None
    signs += _SURE * (_ACCENTED.search(word) is not None)
    letters = _PLAIN_PUNCTUATION.sub("", word)
    signs += _UNPRONOUNCEABLE.search(letters) is not None
    if letters.isupper() or letters.istitle() or letters.islower():
        return signs
    mixed = letters.isalpha() and not _CAMEL.fullmatch(letters)
    return signs + _SURE * mixed
