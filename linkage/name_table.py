"""Names analysed once, as arrays that kernels compare.

A table is built from the distinct values of a column and is immutable; row n of the arrays is
name n. Words are read in either script, honorifics are set aside, and every run of neighbouring
parts is also read as one word, so that Sok Kha meets Sokha.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage.honorifics import without_honorifics
from linkage.name_kernels import LONGEST, MAX_PARTS, NameArrays
from linkage.sound_classes import class_code
from linkage.sound_table import SoundTable, shipped, unit_code
from linkage.sound_units import unit_readings
from linkage.text import canonical, has_khmer

# What swapped order, a missing part, a wholly different part, and a join cost, in natural
# logarithms; the distance at which a score is one half; and what an initial for a part costs.
CHARGES = (0.8, 4.6, 9.0, 0.3, 5.55, 4.3)


@dataclass(frozen=True, slots=True)
class NameTable:
    """Distinct names: their parts by form, and the arrays that the kernels read.

    `parts[n]` are the parts of name n, the names that `arrays.forms` points to.
    """

    parts: tuple[tuple[str, ...], ...]
    arrays: NameArrays


def name_parts(name: str) -> tuple[str, ...]:
    """Return the words of a name as written, canonical, without honorifics, four at most.

    Words beyond the fourth are joined to it.
    """
    words = without_honorifics(canonical(name).split())
    return (*words[: MAX_PARTS - 1], *_rest(words[MAX_PARTS - 1 :]))


def analyse(names: Sequence[str], table: SoundTable | None = None) -> NameTable:
    """Analyse whole names as written, family name first, each in one script.

    Value n of the table is `names[n]`.
    """
    written = [has_khmer(name) for name in names]
    khmer = [name if is_khmer else None for name, is_khmer in zip(names, written, strict=True)]
    latin = [None if is_khmer else name for name, is_khmer in zip(names, written, strict=True)]
    return analyse_both(khmer, latin, table)


def analyse_both(
    khmer: Sequence[str | None], latin: Sequence[str | None], table: SoundTable | None = None
) -> NameTable:
    """Analyse names that records may hold in both scripts, or in one, or not at all (None).

    Value n of the table is `khmer[n]` with `latin[n]`, whole names, family name first.

    Raises:
        ValueError: the columns differ in length.
    """
    codes: dict[tuple[str, ...], int] = {}
    forms = [[_form(name, codes) for name in names] for names in zip(khmer, latin, strict=True)]
    return NameTable(tuple(codes), _arrays(tuple(codes), forms, table or shipped()))


def _opening(word: str) -> int:
    """Return the class of sound that a word opens with; negative for one Latin consonant alone."""
    units = unit_readings(word)[0]
    sound = class_code(units[0]) if units else 0
    return -sound if len(units) == 1 and word.isascii() else sound


def _form(name: str | None, codes: dict[tuple[str, ...], int]) -> int:
    parts = name_parts(name) if name is not None else ()
    return codes.setdefault(parts, len(codes)) if parts else -1


def _rest(words: list[str]) -> tuple[str, ...]:
    return ("".join(words),) if words else ()


def _arrays(
    names: Sequence[tuple[str, ...]], forms: list[list[int]], table: SoundTable
) -> NameArrays:
    slots = [_spans(parts) for parts in names]
    codes: dict[str, int] = {}
    spans = [codes.setdefault(word, len(codes)) for words in slots for word in words]
    readings = [[_codes(units, table) for units in unit_readings(word)] for word in codes]
    flat = [reading for group in readings for reading in group]
    units, used = _compact(np.concatenate([np.zeros(0, np.int16), *flat]))
    return NameArrays(
        forms=np.array(forms, np.int32).reshape(-1, 2),
        units=units,
        reading_at=_offsets([len(reading) for reading in flat]),
        span_at=_offsets([len(group) for group in readings]),
        khmer=np.array([has_khmer(word) or word.isdigit() for word in codes], np.uint8),
        opening=np.array([_opening(word) for word in codes], np.int8),
        parts=np.array([len(parts) for parts in names], np.uint8),
        name_at=_offsets([len(words) for words in slots]),
        spans=np.array(spans, np.int32),
        substitution=np.ascontiguousarray(table.substitution[np.ix_(used, used)]),
        gap=np.ascontiguousarray(table.gap[:, used]),
        charges=np.array(CHARGES, np.float32),
    )


def _compact(units: NDArray[np.int16]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Code the units anew by those in use, so that their costs stay in the processor's cache."""
    used, codes = np.unique(units, return_inverse=True)
    return codes.astype(np.int16), used


def _spans(parts: tuple[str, ...]) -> list[str]:
    count = len(parts)
    runs = ["".join(parts[i : j + 1]) for i in range(count) for j in range(i, count)]
    turned = ["".join((*parts[turn:], *parts[:turn])) for turn in range(1, count)]
    return runs + turned


def _codes(units: Sequence[str], table: SoundTable) -> NDArray[np.int16]:
    return np.array([unit_code(table, unit) for unit in units[:LONGEST]], dtype=np.int16)


def _offsets(lengths: list[int]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
