"""What is believed of spellings before any pair is seen.

A Khmer unit is spelled as practice spells it, or else by a letter group that sounds near: vowels by
the distance of their letters, consonants by their class.
"""

import numpy as np
from numpy.typing import NDArray

from linkage.latin_spellings import CODA
from linkage.sound_classes import OPTIONAL, SERIES, SILENT
from linkage.usual_spellings import practice

_VOWELS = frozenset("aeiouy")
_CLASSES = (
    {"k", "kh", "g", "gh", "c", "ck", "q"},
    {"t", "th", "d", "dh"},
    {"p", "ph", "b", "bh", "f"},
    {"ch", "chh", "j", "c", "sh", "z", "zh"},
    {"s", "z", "sh", "h", "zh"},
    {"n", "nh", "ng", "m"},
    {"l", "r"},
    {"v", "f"},
    {"h"},
)
_NEAR = {"iy": 0.15, "ei": 0.5, "ou": 0.45, "ao": 0.7, "ae": 0.8, "uv": 0.5, "ov": 0.6, "ey": 0.6}
_FAR = 1.2
_EXTRA = 0.8
_EXTRA_WEAK = 0.4
_SHARPNESS = 2.2
_SAME_CLASS = 0.12
_OTHER_CLASS = 0.003
_OTHER_PLACE = 0.15
_OTHER_KIND = 2e-5
SILENCE = {SILENT: 0.7, OPTIONAL: 0.6}
_OFTEN_SILENT = 0.5
_RARELY_SILENT = 0.04


def is_vowel(latin: str) -> bool:
    """Whether a Latin unit is a vowel."""
    return latin[0] in _VOWELS


def emissions(khmer: list[str], latin: list[str]) -> NDArray[np.float64]:
    """Return P(Latin unit | Khmer unit), shape (khmer, latin), rows summing to 1."""
    table = np.array([[_likelihood(one, other) for other in latin] for one in khmer])
    shares: NDArray[np.float64] = table / table.sum(axis=1, keepdims=True)
    return shares


def silence(khmer: list[str]) -> NDArray[np.float64]:
    """Return P(nothing is written | Khmer unit), shape (khmer,)."""
    weak = ("-រ", "-ៈ", "អ")
    return np.array(
        [
            SILENCE.get(unit[0])
            or (_OFTEN_SILENT if unit in weak or f"${SERIES}" in unit else _RARELY_SILENT)
            for unit in khmer
        ]
    )


def vowel_distance(first: str, second: str) -> float:
    """Return the edit distance of two vowel spellings, near letters and weak ones at less."""
    previous = np.cumsum([0.0, *(_extra(letter) for letter in second)])
    for one in first:
        current = [previous[0] + _extra(one)]
        for position, other in enumerate(second):
            changed = previous[position] + _change(one, other)
            dropped = previous[position + 1] + _extra(one)
            current.append(min(changed, dropped, current[position] + _extra(other)))
        previous = np.array(current)
    return float(previous[-1])


def _extra(letter: str) -> float:
    return _EXTRA_WEAK if letter in "rh" else _EXTRA


def _change(one: str, other: str) -> float:
    return 0.0 if one == other else _NEAR.get("".join(sorted(one + other)), _FAR)


def _likelihood(khmer: str, latin: str) -> float:
    vowel = SERIES in khmer
    if vowel != is_vowel(latin):
        return _OTHER_KIND
    if vowel:
        nearest = min(vowel_distance(latin, spelling) for spelling in _spellings(khmer))
        return float(np.exp(-_SHARPNESS * nearest)) + _OTHER_KIND
    closing = khmer[0] in {CODA, SILENT}
    placed = 1.0 if closing == latin.startswith(CODA) else _OTHER_PLACE
    return placed * _consonant(khmer, latin.removeprefix(CODA))


def _spellings(khmer: str) -> tuple[str, ...]:
    if khmer[0] == OPTIONAL:
        return "a", "o"
    sign, series = khmer.split(SERIES)
    if series == "3":
        return practice(f"{sign}{SERIES}1"), practice(f"{sign}{SERIES}2")
    return (practice(khmer),)


def _consonant(khmer: str, latin: str) -> float:
    usual = practice(khmer.replace(SILENT, CODA)) or practice(khmer.lstrip(SILENT + CODA))
    if latin.lower() == usual:
        return 1.0
    akin = any(latin in group and usual in group for group in _CLASSES)
    return _SAME_CLASS if akin else _OTHER_CLASS
