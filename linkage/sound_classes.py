"""Classes of sound: which units are near to the ear whatever the spelling.

Consonants of one class are told apart poorly through a name heard or copied (plain and aspirated,
voiced and not). Vowels are near by how much of their spellings fall in one of four regions: open
(A), front (I), back (O), central (E).
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from linkage.latin_spellings import CODA

if TYPE_CHECKING:
    from numpy.typing import NDArray

SILENT: Final = "~"
OPTIONAL: Final = "?"
SERIES: Final = "/"
_CLASSES: Final = {
    "K": "k kh g gh c ck ក ខ គ ឃ ហគ",
    "T": "t th d dh ដ ឋ ឌ ឍ ត ថ ទ ធ ត្",
    "P": "p ph b bh f ប ផ ព ភ ប៉ ហវ",
    "C": "ch chh j sh ច ឆ ជ ឈ",
    "S": "s z zh ស ហស",
    "N": "n nh ng ង ញ ណ ន",
    "M": "m ម ំ",
    "L": "l ល ឡ",
    "R": "r រ",
    "V": "v វ",
    "Y": "Y យ",
    "H": "h ហ ះ",
}
_CLASS: Final = {unit: name for name, units in _CLASSES.items() for unit in units.split()}
_PLACE: Final = {"": 0} | {name: place for place, name in enumerate(_CLASSES, start=1)}
REGIONS: Final = "AIOE"
LATIN_VOWELS: Final = frozenset("aeiouy")


def consonant_class(unit: str) -> str:
    """Return the class of a consonant unit of either script, empty for a vowel."""
    return "" if SERIES in unit else _CLASS.get(unit.lstrip(CODA + SILENT), "")


def class_code(unit: str) -> int:
    """Return the place of a consonant unit's class among the classes, from 1; 0 for a vowel."""
    return _PLACE[consonant_class(unit)]


def is_vowel(unit: str) -> bool:
    """Whether a unit of either script is a vowel that is heard for certain."""
    if SERIES in unit:
        return unit[0] != OPTIONAL and "$" not in unit
    return unit[0] in LATIN_VOWELS


def region(vowel: str) -> str:
    """Return the region that a Latin vowel spelling points to."""
    if vowel.startswith(("a", "ea", "oa", "ia")):
        return "A"
    if vowel.startswith(("eu", "eo", "oe")):
        return "E"
    return "I" if vowel[0] in "iye" else "O"


def regions(latin: tuple[str, ...]) -> "NDArray[np.float64]":
    """Return which region each Latin unit is of: 0 or 1, shape (latin, 4), 0 for consonants."""
    return np.array(
        [[unit[0] in LATIN_VOWELS and region(unit) == name for name in REGIONS] for unit in latin],
        dtype=np.float64,
    )
