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
from linkage.sound_classes import REGIONS, SERIES, SILENT, consonant_class, is_vowel, region
from linkage.sound_table import PATH, read, region_shares
from linkage.sound_units import unit_readings

Shares = NDArray[np.float64]

_UNHEARD_CODAS: Final = frozenset("RVYH")
_REPEATED: Final = re.compile(r"(.)\1+")
# Codas of breath, also written s: កិះ Kes.
_BREATH: Final = frozenset({"-ះ", "-h"})
# Least share of a vowel's spellings in a class for it to count there: Khmer and Latin.
_LEAST_KHMER: Final = 0.12
_LEAST_LATIN: Final = 0.12
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
        vowels = [unit for unit in units if is_vowel(unit)]
        heard = heard_regions().get(vowels[0], REGIONS) if vowels else "-"
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
    if units and units[-1] in _BREATH:
        yield _skeleton([*units[:-1], "-s"])


def _skeleton(units: Sequence[str]) -> str:
    skeleton = _REPEATED.sub(r"\1", "".join(map(_letter, units)))
    closed = bool(units) and units[-1][0] == CODA
    return skeleton[:-1] + "N" if closed and skeleton.endswith("M") else skeleton


def _letter(unit: str) -> str:
    if SERIES in unit or unit[0] == SILENT:
        return ""
    letter = consonant_class(unit)
    return "" if unit[0] == CODA and letter in _UNHEARD_CODAS else letter


@cache
def heard_regions() -> dict[str, str]:
    """Return the regions in which each vowel unit of either script is heard."""
    table = read(PATH)
    khmer, latin = region_shares(table)
    heard = {
        unit: _often(share, _LEAST_KHMER) for unit, share in zip(table.khmer, khmer, strict=True)
    }
    for unit, share in zip(table.latin, latin, strict=True):
        if is_vowel(unit):
            heard[unit] = "".join(sorted({*_often(share, _LEAST_LATIN), region(unit)}))
    return heard


def _often(shares: Shares, least: float) -> str:
    return "".join(name for name, share in zip(REGIONS, shares, strict=True) if share >= least)
