"""Text typed in a legacy Limon font: Khmer on screen, Latin letters and symbols in the file.

Limon fonts draw Khmer glyphs at the code points of Windows-1252, so that without the font ឈ្មោះ
reads `eQµaH`. Unlike a Latin name it changes case inside words (upper case is another consonant),
carries punctuation and symbols inside words, and often has no Latin vowel where one must be.
"""

import re
import unicodedata
from typing import Final

_NATIVE: Final = re.compile("[\u0370-\u1eff\u2c00-\ud7ff]")
# Windows-1252 symbols, and punctuation followed by more of the word: subscripts, vowels, shifters.
_SYMBOL: Final = re.compile(r"[\x80-\xbf×÷‚ƒ„†‡ˆ‰‹›Œ™š©®<>\[\]{}|\\^_~$%#@=+*§]|[:;\"]")
_PLAIN_PUNCTUATION: Final = re.compile(r"^[(\"'«]+|[,.;:)\"'»]+$")
# A shifter is typed as a quotation mark, subscript ba as a bracket; neither opens nor ends a name.
_BRACKET: Final = re.compile(r"^\)\w|\w\)\w|\w\"\w")
_QUOTED: Final = re.compile('[bcdfghjklmnpqrstvxz][‘"](?:u|$)|[‘"][UIWYH]', re.IGNORECASE)
_JOINT: Final = re.compile("['’‘.,-]")
_CAMEL: Final = re.compile("(?:[A-ZÀ-Þ][a-zß-ÿ]*[aeiouyà-ÿ][a-zß-ÿ]*|Mc|Ng){1,4}")
_ACCENTED: Final = re.compile("[ðþæ]|[a-z][ÁÂÃÅÆÇÈÊËÌÍÎÏÑÒÓÔÕØÙÚÛÜÝÞ]")
_SURE: Final = 2
_BANTOC: Final = re.compile("[a-zA-Z]{2}[;:]$")
# The vowel that is typed w, between consonants: kwm is គឹម.
_VOWEL_W: Final = re.compile("[bcdfghjklmnpqrstvxyz]w[bcdfghjklmnpqrstvxz]", re.IGNORECASE)
# A left vowel that is typed before its letter: ekb is កេប.
_LEFT_VOWEL: Final = re.compile("[eE][bcdfghjklmpqstvxz][bdfgjlmnpqrvxz]")
_UNPRONOUNCEABLE: Final = re.compile(
    "[a-z]w[bcdfgjkmnpqrstvx]|^[^aeiouy]{2,}$|j$"
    "|[bcdfgjkmpqstvwxz][bdfgjlmnpqrvwxz]$|[bdfghjklmnpqrstvwxz]{4}",
    re.IGNORECASE,
)
# Common in Limon, and in the names of China and France, where a capital begins them.
_ABROAD: Final = re.compile("q(?!u)|[a-z]x|^x[^aiu]")


def is_limon(text: str) -> bool:
    """Whether a text looks typed in a Limon font, so that it must not be read as a Latin name.

    A single word that is also a plausible Latin spelling (`sarun`, `lika`) is not told apart, nor
    is one that is merely odd (`Ekm`): judge a whole name, or several cells of a column.
    """
    if _NATIVE.search(text):
        return False
    return sum(_suspicion(word) for word in text.split()) >= _SURE


def _suspicion(word: str) -> int:
    letters = _PLAIN_PUNCTUATION.sub("", word)
    sure = [pattern.search(letters) for pattern in (_SYMBOL, _ACCENTED, _VOWEL_W)]
    sure += [pattern.search(word) for pattern in (_BRACKET, _QUOTED)]
    signs = _SURE * any(sure)
    signs += _BANTOC.search(word) is not None
    signs += _BANTOC.search(word) is not None and not letters.istitle() and not letters.isupper()
    signs += _UNPRONOUNCEABLE.search(_plain(letters)) is not None
    signs += _ABROAD.search(letters) is not None and not letters.istitle()
    signs += _LEFT_VOWEL.fullmatch(letters) is not None
    return signs + _SURE * any(map(_is_mixed, _JOINT.split(letters)))


def _is_mixed(letters: str) -> bool:
    """Whether case changes as in no name: neither as a title or a whole, nor where names join."""
    plain = letters.isupper() or letters.istitle() or letters.islower()
    return letters.isalpha() and not plain and not _CAMEL.fullmatch(letters)


def _plain(letters: str) -> str:
    """Return letters without their accents."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFD", letters)))
