"""Classical measures on a plain transliteration, to compare with."""

from collections.abc import Callable

import jellyfish
import numpy as np
from numpy.typing import NDArray

from linkage.romanisation import romanise

Measure = Callable[[str, str], float]


def _by_code(code: Callable[[str], str]) -> Measure:
    """Return the distance that puts equal codes first, ties by Jaro-Winkler."""

    def distance(one: str, other: str) -> float:
        return float(code(one) != code(other)) + _jaro_winkler(one, other)

    return distance


def _jaro_winkler(one: str, other: str) -> float:
    return 1.0 - jellyfish.jaro_winkler_similarity(one, other)


BASELINES: dict[str, Measure] = {
    "Jaro-Winkler": _jaro_winkler,
    "soundex, ties by Jaro-Winkler": _by_code(jellyfish.soundex),
    "metaphone, ties by Jaro-Winkler": _by_code(jellyfish.metaphone),
}
CODES: dict[str, Callable[[str], str]] = {
    "soundex": jellyfish.soundex,
    "metaphone": jellyfish.metaphone,
}


def plain(names: list[str]) -> list[str]:
    """Return Khmer names in Latin letters, one likely spelling each."""
    return [romanise(name).replace(" ", "") for name in names]


def distances(query: str, latin: list[str], measure: Measure) -> NDArray[np.float64]:
    """Return the distance of a spelling from each transliterated name."""
    return np.array([measure(query.replace(" ", ""), name) for name in latin])
