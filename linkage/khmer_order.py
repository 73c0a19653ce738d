"""The order of the signs inside one Khmer orthographic syllable.

A syllable is a base letter and what hangs on it. Keyboards let its signs be typed in any order and
in several look-alike ways; Unicode Technical Note 61, *Khmer Encoding Structure* (Hosken, 2021),
gives the one order that this module writes:

    base, robat, subscripts (ro last), register shifter, vowels, other signs, final signs

Syllables are never split or joined: a sign stays on the base that it was typed on.
"""

import re
from typing import Final

COENG: Final = "\u17d2"
ROBAT: Final = "\u17cc"
NIKAHIT: Final = "\u17c6"
MUUSIKATOAN: Final = "\u17c9"
TRIISAP: Final = "\u17ca"

BASE: Final = "\u1780-\u17b3"
_MARK: Final = "\u17b6-\u17d1"
_SUBSCRIPT: Final = f"{COENG}[{BASE}]"
_SYLLABLE: Final = re.compile(f"[{BASE}]?(?:{_SUBSCRIPT}|[{_MARK}]|{COENG})+")
_PART: Final = re.compile(f"{_SUBSCRIPT}|[{_MARK}]")
# A vowel drawn to the left of its consonant, typed before it: visual order.
_LEADING_VOWEL: Final = re.compile(f"(?<![{BASE}{_MARK}{COENG}])([\u17c1-\u17c3]+)([{BASE}])")

_E: Final = "\u17c1"
_U: Final = "\u17bb"
# Two vowel signs that together draw a third one (UTN 61, confusable sequences).
_COMPOUNDS: Final = (
    ("\u17b6", _E, "\u17c4"),  # aa, e: oo
    ("\u17b8", _E, "\u17be"),  # ii, e: oe
    ("\u17c5", _E, "\u17c5"),  # au already holds its e
    ("\u17c4", _E, "\u17c4"),  # oo already holds its e
    ("\u17be", _E, "\u17be"),  # oe already holds its e
    ("\u17b6", "\u17be", "\u17c4\u17b8"),  # aa, oe: oo under ii
)
# Vowels with a part above the base: a shifter beside them is drawn, and often typed, as -u.
_ABOVE: Final = frozenset("\u17b7\u17b8\u17b9\u17ba\u17be\u17bf\u17c0\u17d0")
_SONORANTS_AND_BA: Final = frozenset("ងញណនបមយរលវឝឡ")
_BA: Final = "ប"


def order_syllables(text: str) -> str:
    """Write every Khmer syllable of the text in the order of UTN 61, look-alikes resolved.

    The text holds no invisible characters and no deprecated letters. Idempotent.
    """
    text = _LEADING_VOWEL.sub(r"\2\1", text)
    return _SYLLABLE.sub(_order_match, text)


def _order_match(match: re.Match[str]) -> str:
    syllable = match.group()
    base = "" if syllable[0] >= _MARK[0] else syllable[0]
    # Coeng da draws as coeng ta.
    parts = _PART.findall(syllable[len(base) :].replace(COENG + "\u178a", COENG + "\u178f"))
    subscripts = [part for part in parts if part[0] == COENG]
    signs = _shift_for_u(base, subscripts, _compound(set(parts).difference(subscripts)))
    return base + "".join(sorted(dict.fromkeys([*subscripts, *sorted(signs)]), key=_rank))


def _rank(part: str) -> int:
    if part == ROBAT:
        return 0
    if part[0] == COENG:
        return 2 if part[1] == "រ" else 1
    if part in {MUUSIKATOAN, TRIISAP}:
        return 3
    if "\u17b6" <= part <= "\u17c5":
        return 4
    return 6 if part in {"\u17c7", "\u17c8"} else 5


def _compound(signs: set[str]) -> set[str]:
    for first, second, whole in _COMPOUNDS:
        if first in signs and second in signs:
            signs = (signs - {first, second}) | set(whole)
    return signs


def _shift_for_u(base: str, subscripts: list[str], signs: set[str]) -> set[str]:
    """A -u beside a vowel that stands above is a register shifter, drawn below for want of room."""
    crowded = signs & _ABOVE or {"\u17b6", NIKAHIT} <= signs
    if _U not in signs or not crowded:
        return signs
    signs = signs - {_U}
    if signs & {MUUSIKATOAN, TRIISAP}:
        return signs
    letters = {base, *(part[1] for part in subscripts)}
    soft = _BA in letters or letters <= _SONORANTS_AND_BA
    return signs | {MUUSIKATOAN if soft else TRIISAP}
