"""What people usually write in Latin for one Khmer sound unit, whatever stands beside it.

Cambodian names are spelled by ear, French-flavoured and without a standard. The values here are
those of common practice, not of a transliteration scheme: several Khmer spellings share a Latin one
and nothing can be turned back.
"""

from typing import Final

from linkage.khmer_syllables import BANTOC, CLOSED, LOOSE, PALATAL, VELAR
from linkage.latin_spellings import CODA
from linkage.sound_classes import OPTIONAL, SERIES, SILENT
from linkage.sound_units import unit_readings
from linkage.text import canonical, has_khmer

ONSETS: Final = {
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
    "អ": "",
    "ប៉": "p",
    "ត្": "d",
    "ហវ": "f",
    "ហស": "z",
    "ហគ": "g",
}
CODAS: Final = {
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
    "ៈ": "k",
}
# Vowel sign, with what shortens it or follows it, to its value after each series.
VOWELS: Final = {
    "": ("or", "or"),
    CLOSED: ("a", "o"),
    LOOSE: ("a", "a"),
    VELAR: ("a", "ea"),
    BANTOC: ("a", "o"),
    BANTOC + VELAR: ("a", "o"),
    "ា": ("a", "ea"),
    "ា់": ("a", "a"),
    "ិ": ("e", "i"),
    "ិ$": ("", ""),
    "ី": ("ey", "y"),
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
    "េ" + PALATAL: ("e", "i"),
    "ែ": ("e", "e"),
    "ៃ": ("ai", "ey"),
    "ោ": ("ao", "o"),
    "ៅ": ("ao", "ov"),
    "ុំ": ("o", "u"),
    "ំ": ("o", "u"),
    "ាំ": ("a", "oa"),
    "ះ": ("a", "ea"),
    "ៈ": ("a", "ea"),
    "័": ("a", "a"),
    "័យ": ("ai", "ey"),
    "យ": ("oy", "oy"),
    "វ": ("av", "ov"),
    "រ": ("or", "or"),
    "័រ": ("or", "or"),
    "ឥ": ("e", "e"),
    "ឦ": ("ei", "ei"),
    "ឧ": ("u", "u"),
    "ឩ": ("ou", "ou"),
    "ឪ": ("ov", "ov"),
    "ឯ": ("e", "e"),
    "ឰ": ("ai", "ai"),
    "ឱ": ("ao", "ao"),
    "ឳ": ("ov", "ov"),
}
# Vowels that keep the second series' sound where its sonorant follows a first-series syllable.
_KEPT: Final = frozenset("\u17b7\u17b8\u17b9\u17ba\u17bb\u17bc")
# What melts into the vowel before it, as it is written after a vowel sign.
GLIDES: Final = {"យ": "y", "វ": "v", "រ": ""}


def spelled_by_unit(khmer: str) -> str:
    """Return a Khmer name in Latin letters, lower case, each unit as it is spelled most often.

    It knows less of practice than `linkage.romanisation.romanise` and keeps every consonant that
    is written and heard: to make codes of, not to read. Other words stay in canonical form.
    """
    return " ".join(_word(word) for word in canonical(khmer).split())


def practice(unit: str) -> str:
    """Return the usual Latin spelling of one Khmer sound unit, empty where it is not written."""
    if unit[0] in {SILENT, OPTIONAL}:
        return ""
    if unit[0] == CODA:
        return CODAS.get(unit[1:], "")
    if SERIES not in unit:
        return ONSETS.get(unit, "")
    return _vowel(unit.split(SERIES, maxsplit=1)[0], second=is_second_series(unit))


def is_second_series(unit: str) -> bool:
    """Whether a vowel unit is read by the second series, series 3 by what its sign keeps."""
    sign, _, series = unit.partition(SERIES)
    return series == "2" or (series == "3" and sign[:1] in _KEPT)


def _word(word: str) -> str:
    if not has_khmer(word):
        return word
    return "".join(practice(unit) for unit in unit_readings(word)[0]) or word


def _vowel(sign: str, *, second: bool) -> str:
    if sign in VOWELS:
        return VOWELS[sign][second]
    base, tail = sign[:-1], sign[-1]
    ending = GLIDES.get(tail) or CODAS.get(tail) or VOWELS.get(tail, ("", ""))[second]
    return VOWELS.get(base, ("", ""))[second] + ending
