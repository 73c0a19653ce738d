"""Khmer names in the Latin spelling that people use.

Each sound unit is spelled as practice does (`linkage.usual_spellings`), and then as what stands
beside it asks: a vowel that ends the word is not spelled as one inside it (គឹម Kim, លី Ly), a stack
that closes the word is drawn out (សុវណ្ណ Sovann, រិទ្ធ Rith), a coda that meets its like is doubled
(វណ្ណា Vanna) where one letter spells it.
"""

from collections.abc import Iterator
from typing import Final

from linkage.khmer_syllables import CLOSED, COENG, LOOSE, SAMYOK, VELAR
from linkage.latin_spellings import CODA
from linkage.sound_classes import OPTIONAL, SERIES, SILENT, consonant_class
from linkage.sound_units import unit_readings
from linkage.text import canonical, has_khmer
from linkage.usual_spellings import CODAS, VOWELS, is_second_series, practice

# Vowel sign to its value after each series, where a coda or another syllable follows in the word.
_INSIDE: Final = {
    "ី": ("i", "i"),
    "ឹ": ("e", "i"),
    "ំ": ("o", "o"),
    "ុំ": ("o", "o"),
}
# The same, where that coda ends the word.
_FINAL: Final = {VELAR: ("a", "o")}
# The same, where a syllable follows: an inherent vowel is short there.
_OPEN: Final = {"ី": ("ey", "i"), "ឹ": ("e", "i"), "": ("a", "a")}
# The same, where the vowel ends the word.
_LAST: Final = {"ៀ": ("ea", "ea"), "ោ": ("or", "o"), "ូ": ("o", "u")}
# Codas that are doubled before an onset of the same spelling.
_DOUBLED: Final = frozenset("lmnt")
_N: Final = frozenset("នណ")
_CLOSED_N: Final = frozenset(CODA + letter for letter in _N)
# Silent letters that make th of a final t.
_ASPIRATING: Final = frozenset(SILENT + letter for letter in "តថធឋន")
# Written h in the names of places, s in those of people.
_BREATH: Final = f"{CODA}ះ"
_BELOW: Final = f"ត{COENG}"
_SONORANT: Final = frozenset("NMLRVY")
_AA: Final = f"\u17b6{SERIES}2"
_SHORT_I: Final = f"\u17b7${SERIES}"


def romanise(khmer: str) -> str:
    """Return the likeliest Latin spelling of a Khmer name, in lower case, for people to read.

    Words that hold no Khmer are returned in canonical form.
    """
    return " ".join(_word(word) for word in canonical(khmer).split())


def _word(word: str) -> str:
    if not has_khmer(word):
        return word
    return "".join(_letters(unit_readings(word)[0])) or word


def _letters(units: tuple[str, ...]) -> Iterator[str]:
    for place, unit in enumerate(units):
        before, after = units[:place], units[place + 1 :]
        if unit[0] == OPTIONAL:
            yield "a" if place > 1 and _is_inherent(units[place - 2]) else ""
        elif SERIES in unit:
            yield "a" if _is_late(unit, before, after) else _vowel(unit, after)
        else:
            yield _consonant(unit, before, after)


def _is_inherent(unit: str) -> bool:
    """Whether a unit is a vowel that no sign writes, after which another is heard: រតនា ratana."""
    return unit.split(SERIES, maxsplit=1)[0] in {LOOSE, VELAR}


def _is_late(unit: str, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether aa of the second series ends a name after a sonorant: រតនា ratana, but ជា chea."""
    sonorant = len(before) > 1 and consonant_class(before[-1]) in _SONORANT
    cluster = sonorant and consonant_class(before[-2]) != "" and before[-2][0] != CODA
    return unit == _AA and not after and sonorant and not cluster


def _vowel(unit: str, after: tuple[str, ...]) -> str:
    """Spell a vowel by its place; a nikahit or reahmuk in it is the coda that follows."""
    sign = unit.split(SERIES, maxsplit=1)[0]
    usual = practice(unit)
    if usual and after and after[0] == CODA + sign[-1:] and len(sign) > 1:
        usual = practice(unit.replace(sign[-1], ""))
    if len(sign) > 1 and sign[-1] == "រ" and sign not in VOWELS:
        usual = practice(unit.replace("រ", "")) + "r"
    if sign == CLOSED and _is_doubled(after):
        return "a"
    if sign == SAMYOK and after and after[0] == f"{CODA}ក":
        return practice(f"{VELAR}{SERIES}{unit[-1]}")
    table = _by_place(after)
    return table[sign][is_second_series(unit)] if sign in table else usual


def _by_place(after: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    if not after:
        return _LAST
    if after[0][0] != CODA:
        return _OPEN
    return _INSIDE if any(SERIES in unit for unit in after[1:]) else {**_INSIDE, **_FINAL}


def _is_doubled(after: tuple[str, ...]) -> bool:
    """Whether a stack of one sound closes a syllable, shortening it: រដ្ឋា ratha, វណ្ណា vanna."""
    sounds = [consonant_class(unit) for unit in after[:2]]
    return len(sounds) > 1 and after[0][0] in {CODA, SILENT} and sounds[0] == sounds[1] != ""


def _consonant(unit: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if unit == _BREATH:
        return "s"
    if unit[0] == SILENT:
        return _drawn(unit[1:], before, after)
    if unit == _BELOW and before and before[-1] == f"{SILENT}ត":
        return "h" if after and after[0].startswith(_SHORT_I) else "t"
    drawn = unit[0] == CODA and consonant_class(unit) == "T" and after and after[0] in _ASPIRATING
    return "th" if drawn and _is_unheard(after) else practice(unit)


def _drawn(letter: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Spell a silent letter: once more the coda that it closes, or the onset that it hushes at."""
    if not after:
        closed = bool(before) and before[-1] in _CLOSED_N
        return "n" if closed and letter in _N else ""
    usual = CODAS.get(letter, "")
    alike = usual in _DOUBLED and usual == practice(after[0].removesuffix(COENG))
    return usual if alike and after[0][0] != CODA else ""


def _is_unheard(units: tuple[str, ...]) -> bool:
    return all(unit[0] == SILENT for unit in units)
