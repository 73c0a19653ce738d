"""Khmer script in the Latin spelling that people use.

Cambodian names are spelled by ear, French-flavoured and without a standard. The values here are
those of common practice, not of a transliteration scheme: several Khmer spellings share a Latin one
and nothing can be turned back.
"""

from typing import Final

from linkage.khmer_syllables import BANTOC, Piece, Role, pieces
from linkage.text import canonical, has_khmer

_ONSET: Final = {
    "ក": "k",
    "ខ": "kh",
    "គ": "k",
    "ឃ": "kh",
    "ង": "ng",
    "ច": "ch",
    "ឆ": "chh",
    "ជ": "ch",
    "ឈ": "chh",
    "ញ": "nh",
    "ដ": "d",
    "ឋ": "th",
    "ឌ": "d",
    "ឍ": "th",
    "ណ": "n",
    "ត": "t",
    "ថ": "th",
    "ទ": "t",
    "ធ": "th",
    "ន": "n",
    "ប": "b",
    "ផ": "ph",
    "ព": "p",
    "ភ": "ph",
    "ម": "m",
    "យ": "y",
    "រ": "r",
    "ល": "l",
    "វ": "v",
    "ស": "s",
    "ហ": "h",
    "ឡ": "l",
    "ប៉": "p",
    "ត្": "d",
    "ហវ": "f",
    "ហស": "z",
    "ហគ": "g",
}
_CODA: Final = {
    "ក": "k",
    "ខ": "k",
    "គ": "k",
    "ឃ": "k",
    "ង": "ng",
    "ច": "ch",
    "ឆ": "ch",
    "ជ": "ch",
    "ឈ": "ch",
    "ញ": "nh",
    "ដ": "t",
    "ឋ": "th",
    "ឌ": "t",
    "ឍ": "th",
    "ណ": "n",
    "ត": "t",
    "ថ": "th",
    "ទ": "t",
    "ធ": "th",
    "ន": "n",
    "ប": "p",
    "ផ": "p",
    "ព": "p",
    "ភ": "p",
    "ម": "m",
    "យ": "y",
    "រ": "",
    "ល": "l",
    "វ": "v",
    "ស": "s",
    "ហ": "h",
    "ឡ": "l",
    "ំ": "m",
    "ះ": "h",
    "ៈ": "",
}
# Vowel sign, with what shortens it or follows it, to its value after each series.
_VOWEL: Final = {
    "": ("or", "or"),
    "-": ("a", "o"),
    BANTOC: ("a", "o"),
    "ា": ("a", "ea"),
    "ា់": ("a", "a"),
    "ិ": ("e", "i"),
    "ិ$": ("", ""),
    "ី": ("ei", "y"),
    "ឹ": ("oe", "i"),
    "ឺ": ("eu", "eu"),
    "ុ": ("o", "u"),
    "ុ$": ("o", "u"),
    "ូ": ("o", "ou"),
    "ួ": ("uo", "uo"),
    "ើ": ("aeu", "eu"),
    "ឿ": ("oeu", "oeu"),
    "ៀ": ("ie", "ie"),
    "េ": ("e", "e"),
    "ែ": ("e", "e"),
    "ៃ": ("ai", "ey"),
    "ោ": ("ao", "o"),
    "ៅ": ("ao", "ov"),
    "ុំ": ("om", "um"),
    "ំ": ("om", "um"),
    "ាំ": ("am", "oam"),
    "ះ": ("ah", "eah"),
    "ៈ": ("ak", "eak"),
    "័": ("a", "oa"),
    "័យ": ("ai", "ey"),
    "យ": ("oy", "oy"),
    "វ": ("av", "ov"),
    "ឥ": ("e", "e"),
    "ឦ": ("ei", "ei"),
    "ឧ": ("u", "u"),
    "ឩ": ("ou", "ou"),
    "ឪ": ("ov", "ov"),
    "ឫ": ("rue", "rue"),
    "ឬ": ("reu", "reu"),
    "ឭ": ("lue", "lue"),
    "ឮ": ("leu", "leu"),
    "ឯ": ("e", "e"),
    "ឰ": ("ai", "ai"),
    "ឱ": ("ao", "ao"),
    "ឳ": ("ov", "ov"),
}
_GLIDE: Final = {"យ": "y", "វ": "v"}


def romanise(khmer: str) -> str:
    """Return the likeliest Latin spelling of a Khmer name, in lower case, for people to read.

    Words that hold no Khmer are returned in canonical form.
    """
    return " ".join(_word(word) for word in canonical(khmer).split())


def _word(word: str) -> str:
    if not has_khmer(word):
        return word
    return "".join(_latin(piece) for piece in pieces(word)) or word


def _latin(piece: Piece) -> str:
    if piece.role is Role.ONSET:
        return _ONSET.get(piece.sign, "")
    if piece.role is Role.CODA:
        return "" if piece.sign in "ំះៈ" else _CODA.get(piece.sign, "")
    if piece.role is Role.VOWEL:
        return _vowel(piece)
    return piece.sign if piece.role is Role.DIGIT else ""


def _vowel(piece: Piece) -> str:
    column = 1 if piece.series == 2 else 0  # noqa: PLR2004 - the second series
    if piece.sign in _VOWEL:
        return _VOWEL[piece.sign][column]
    base, tail = piece.sign[:-1], piece.sign[-1]
    return _VOWEL.get(base, ("", ""))[column] + (
        _GLIDE.get(tail) or _CODA.get(tail) or _VOWEL.get(tail, ("", ""))[column]
    )
