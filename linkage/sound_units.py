"""Words of either script as sequences of sound units, the symbols that names are compared in.

A unit is a short text. Khmer: `ក` (onset), `-ក` (coda), `~ក` (silent), `ា/2` (vowel after the
second series), `?/1` (inherent vowel that may be heard). Latin: `k`, `-k`, `ea`. None is of both.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from linkage.khmer_syllables import NIKAHIT, Piece, Role, pieces
from linkage.latin_spellings import CODA, readings
from linkage.sound_classes import OPTIONAL, SERIES, SILENT, consonant_class
from linkage.text import has_khmer

_NUMERALS: Final = str.maketrans(
    {
        "0": "សូន្យ",
        "1": "មួយ",
        "2": "ពីរ",
        "3": "បី",
        "4": "បួន",
        "5": "ប្រាំ",
        "6": "ប្រាំមួយ",
        "7": "ប្រាំពីរ",
        "8": "ប្រាំបី",
        "9": "ប្រាំបួន",
    }
)


@lru_cache(maxsize=65536)
def unit_readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the few ways to read a canonical word as units, the likeliest first.

    Digits are read as Khmer numerals in both scripts.
    """
    if has_khmer(word) or word.isdigit():
        return (_khmer(word.translate(_NUMERALS)),)
    return readings(word)


def _khmer(word: str) -> tuple[str, ...]:
    return tuple(map(_symbol, _without_doubles(list(pieces(word)))))


def _without_doubles(whole: list[Piece]) -> Iterator[Piece]:
    """Hush a coda before an onset of the same class, and nikahit before ng.

    ចន្ទណា is Channa or Chana; ទាំង is Teang.
    """
    hushed = False
    for position, piece in enumerate(whole):
        if piece.role is Role.OPTIONAL and hushed:
            continue
        hushed = piece.role is Role.CODA and _doubles(piece, whole, position + 1)
        yield piece._replace(role=Role.SILENT) if hushed else piece


def _doubles(piece: Piece, whole: list[Piece], place: int) -> bool:
    while place < len(whole) and whole[place].role is Role.OPTIONAL:
        place += 1
    if place == len(whole):
        return False
    after = whole[place]
    if after.role is not Role.ONSET:
        return piece.sign == NIKAHIT and after.sign == "ង"
    sound = consonant_class(piece.sign)
    return sound != "" and sound == consonant_class(after.sign)


def _symbol(piece: Piece) -> str:
    if piece.role is Role.CODA:
        return CODA + piece.sign
    if piece.role is Role.SILENT:
        return SILENT + piece.sign
    if piece.role is Role.OPTIONAL:
        return f"{OPTIONAL}{SERIES}{piece.series}"
    if piece.role is Role.VOWEL:
        return f"{piece.sign}{SERIES}{piece.series}"
    return piece.sign
