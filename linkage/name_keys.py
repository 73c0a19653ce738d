"""Blocking keys: short codes that spellings of one name share and few other names do.

A key is the consonant skeleton of a word, letters of one sound class as one letter, with the class
of its first vowel (`SK.O`). A vowel is in every class in which it is often heard, so a word has
several keys; a word of more than one syllable, whose skeleton says enough, also has it bare.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linkage.latin_spellings import CODA
from linkage.name_table import name_parts
from linkage.sound_table import PATH, Spellings, read
from linkage.sound_units import OPTIONAL, SERIES, SILENT, unit_readings

Shares = NDArray[np.float64]

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
    "H": "h ហ",
}
_CLASS: Final = {unit: name for name, units in _CLASSES.items() for unit in units.split()}
_UNHEARD_CODAS: Final = frozenset("RVYH")
_REPEATED: Final = re.compile(r"(.)\1+")
_BREATH: Final = "-ះ"
_NIKAHIT: Final = "-ំ"
_VOWEL_CLASSES: Final = "AIOE"
# Least share of a vowel's spellings in a class for it to count there: Khmer and Latin.
_LEAST_KHMER: Final = 0.05
_LEAST_LATIN: Final = 0.1
_MOST_READINGS: Final = 8


def keys(name: str) -> tuple[str, ...]:
    """Return the blocking keys of a whole name in either script, sorted.

    A name of several parts has keys that do not depend on the order of the parts, and keys of the
    parts joined, in the order written and in each turned order. Two names that share any key are
    worth comparing.
    """
    return keys_of_parts(name_parts(name))


def keys_of_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the blocking keys of a name that is already in parts, sorted."""
    if len(parts) < 2:  # noqa: PLR2004 - one part, or none
        return tuple(sorted({key for part in parts for key in part_keys(part)}))
    found = set(_order_free(parts))
    for turn in range(len(parts)):
        joined = "".join((*parts[turn:], *parts[:turn]))
        found.update(skeletons(joined))
    return tuple(sorted(found))


@lru_cache(maxsize=65536)
def part_keys(word: str) -> tuple[str, ...]:
    """Return the keys of one canonical word."""
    found: set[str] = set()
    for units in unit_readings(word):
        vowels = [unit for unit in units if _is_vowel(unit)]
        heard = _vowel_classes().get(vowels[0], _VOWEL_CLASSES) if vowels else "-"
        for skeleton in _skeletons(units):
            found.update(f"{skeleton}.{vowel}" for vowel in heard)
            if len(vowels) > 1:
                found.add(skeleton)
    return tuple(sorted(found))


@lru_cache(maxsize=65536)
def skeletons(word: str) -> tuple[str, ...]:
    """Return the consonant skeletons of the readings of one canonical word."""
    found = {skeleton for units in unit_readings(word) for skeleton in _skeletons(units)}
    return tuple(sorted(found))


def _order_free(parts: Sequence[str]) -> Iterator[str]:
    choices = product(*(skeletons(part) for part in parts))
    for _, chosen in zip(range(_MOST_READINGS), choices, strict=False):
        yield "+".join(sorted(chosen))


def _skeletons(units: Sequence[str]) -> Iterator[str]:
    yield _skeleton(units)
    if units and units[-1] == _BREATH:
        yield _skeleton([*units[:-1], "-s"])


def _skeleton(units: Sequence[str]) -> str:
    letters = [_letter(unit) for unit in units]
    for position, unit in enumerate(units[:-1]):
        if unit == _NIKAHIT and units[position + 1] == "-ង":
            letters[position] = ""
    skeleton = _REPEATED.sub(r"\1", "".join(letters))
    closed = bool(units) and units[-1][0] == CODA
    return skeleton[:-1] + "N" if closed and skeleton.endswith("M") else skeleton


def _letter(unit: str) -> str:
    if SERIES in unit or unit[0] == SILENT:
        return ""
    letter = _CLASS.get(unit.removeprefix(CODA), "")
    return "" if unit[0] == CODA and letter in _UNHEARD_CODAS else letter


def _is_vowel(unit: str) -> bool:
    if SERIES in unit:
        return unit[0] != OPTIONAL and "$" not in unit
    return unit[0] in "aeiouy"


@cache
def _vowel_classes() -> dict[str, str]:
    """Return the classes in which each vowel unit of either script is heard."""
    table = read(PATH)
    khmer = _khmer_shares(table)
    heard = {
        unit: _often(share, _LEAST_KHMER) for unit, share in zip(table.khmer, khmer, strict=True)
    }
    weight = table.written * (table.frequency + 1e-5)[:, None]
    latin = (weight / weight.sum(axis=0)).T @ khmer
    for unit, share in zip(table.latin, latin, strict=True):
        if unit[0] in "aeiouy":
            heard[unit] = "".join(sorted({*_often(share, _LEAST_LATIN), _written_class(unit)}))
    return heard


def _khmer_shares(table: Spellings) -> Shares:
    member = np.array(
        [
            [unit[0] in "aeiouy" and _written_class(unit) == name for name in _VOWEL_CLASSES]
            for unit in table.latin
        ],
        dtype=np.float64,
    )
    shares = table.written @ member
    normalised: Shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    return normalised


def _often(shares: Shares, least: float) -> str:
    return "".join(
        name for name, share in zip(_VOWEL_CLASSES, shares, strict=True) if share >= least
    )


def _written_class(vowel: str) -> str:
    if vowel.startswith(("a", "ea", "oa", "ia")):
        return "A"
    if vowel.startswith(("eu", "eo", "oe")):
        return "E"
    return "I" if vowel[0] in "iye" else "O"
