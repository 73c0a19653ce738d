"""What a change of one sound unit into another costs, between and within the scripts.

The table beside this module says how often each Khmer unit is written as each Latin unit, learned
from pairs. Khmer against Latin costs what that spelling is less likely than the likeliest; Latin
against Latin and Khmer against Khmer cost by how far two units stand for one another through the
other script. Corrections, learned from what puts the true name before its rivals, are added to the
costs between the scripts. Costs are natural logarithms, so that they add; those between the scripts
are brought to the scale of the others, so that a distance means one thing whatever the scripts.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linkage.latin_spellings import CODA
from linkage.sound_classes import SERIES, consonant_class, is_vowel, regions

Floats = NDArray[np.float64]

PATH: Final = Path(str(files("linkage") / "sound_table.tsv"))
# Part of the cost of the likeliest spelling of a Khmer unit that is forgiven: all of it would lose
# which of two Khmer names a spelling favours, none of it would charge long names for being long.
_FORGIVEN: Final = 0.3
# Part of what is left that is forgiven for a Latin unit in its likeliest Khmer: it charges long
# names too, and says nothing of which Khmer name is meant.
_FORGIVEN_LATIN: Final = 0.6
# What the costs of spelling are multiplied by between the scripts, where each unit costs some: so
# that one score has like odds of being one name whatever the scripts.
_BETWEEN: Final = 0.8
_UNSEEN: Final = 1e-6
_UNSEEN_FREQUENCY: Final = 1e-5
_UNEQUAL: Final = 0.15
_UNEQUAL_KHMER: Final = 0.35
# Spellings seldomer than this say nothing of which units stand for one another.
_SELDOM: Final = 0.01
_MISPLACED: Final = 0.4
# What names suffer in being heard, copied and typed, whatever the spelling: the chance of a change
# within a class of sound, of another change of vowel or consonant, and of a unit slipped or lost.
_NEAR: Final = 0.12
_OTHER: Final = 0.002
_LOST_WEAK: Final = 0.15
_LOST_VOWEL: Final = 0.012
_LOST_CONSONANT: Final = 0.002
# How sharply the likelier of spelling and mishearing counts alone; 1 would add the two.
_SHARPLY: Final = 2.0
_WEAK: Final = frozenset({"-h", "-r", "-រ", "-ះ", "-Y", "-v"})


@dataclass(frozen=True, slots=True)
class SoundTable:
    """Units as codes, and what they cost.

    `substitution` is float32 (units, units), symmetric, 0 on the diagonal. `gap` is float32
    (2, units): the cost of a unit that the other name lacks, when that name is Khmer (row 0) or
    Latin (row 1). `codes` is the place of each symbol.
    """

    symbols: tuple[str, ...]
    codes: dict[str, int]
    substitution: NDArray[np.float32]
    gap: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spellings:
    """The learned table: shapes (khmer, latin), (khmer,), (khmer,), (latin,).

    `correction` float64 (khmer + 1, latin + 1) is added to the costs between the scripts; its last
    column and row are of the gaps.
    """

    khmer: tuple[str, ...]
    latin: tuple[str, ...]
    written: Floats
    silent: Floats
    frequency: Floats
    inserted: Floats
    correction: Floats


@cache
def shipped() -> SoundTable:
    """Return the costs of the table that comes with the package."""
    return costs(read(PATH))


def read(path: Path) -> Spellings:
    """Read a table of spellings.

    Raises:
        ValueError: a line does not have the five columns.
    """
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    rows = [(unit, share, quiet, spelled, fixed) for unit, share, quiet, spelled, fixed in lines]
    khmer = [row for row in rows if row[1]]
    latin = [row for row in rows if not row[1]]
    column = {unit: code for code, (unit, *_) in enumerate(latin)} | {"": len(latin)}
    return Spellings(
        tuple(unit for unit, *_ in khmer),
        tuple(unit for unit, *_ in latin),
        _filled([row[3] for row in khmer], column)[:, :-1],
        np.array([float(quiet) for _, _, quiet, _, _ in khmer]),
        np.array([float(share) for _, share, _, _, _ in khmer]),
        np.array([float(slip) for _, _, slip, _, _ in latin]),
        _filled([*(row[4] for row in khmer), " ".join(row[4] for row in latin)], column),
    )


def _filled(texts: list[str], column: dict[str, int]) -> Floats:
    """Return a table of the values that texts of `unit:value` give, 0 elsewhere."""
    table = np.zeros((len(texts), len(column)))
    for row, text in enumerate(texts):
        for entry in text.split():
            unit, _, value = entry.rpartition(":")
            table[row, column[unit]] = float(value)
    return table


def costs(spellings: Spellings) -> SoundTable:
    """Turn how units are spelled into what it costs to take one for another."""
    written = np.maximum(spellings.written, _UNSEEN)
    offset = _FORGIVEN * -np.log(np.maximum(written.max(axis=1), spellings.silent))
    across = -np.log(written) - offset[:, None]
    latin, latin_gap = _within_latin(spellings, written)
    khmer, khmer_gap = _within_khmer(spellings, written)
    substitution = np.block([[khmer, across], [across.T, latin]])
    gap = np.stack(
        [
            np.concatenate([khmer_gap, -np.log(spellings.inserted)]),
            np.concatenate([-np.log(spellings.silent) - offset, latin_gap]),
        ]
    )
    symbols = spellings.khmer + spellings.latin
    substitution = _either_place(symbols, substitution)
    noise, lost = _noise(spellings), np.array([_lost(unit) for unit in symbols])
    heard, kept = _heard(substitution, noise), _heard(gap, lost)
    _calibrate((substitution, gap), (noise, lost), (heard, kept), len(spellings.khmer))
    _correct(heard, kept, spellings.correction)
    np.fill_diagonal(heard, 0.0)
    return SoundTable(
        symbols,
        {unit: code for code, unit in enumerate(symbols)},
        np.maximum(heard, 0.0).astype(np.float32),
        np.maximum(kept, 0.0).astype(np.float32),
    )


def _heard(cost: Floats, noise: Floats) -> Floats:
    """Return the costs of changes that may be meant or misheard."""
    heard: Floats = -np.log(np.exp(-_SHARPLY * cost) + noise**_SHARPLY) / _SHARPLY
    return heard


def _calibrate(
    cost: tuple[Floats, Floats],
    noise: tuple[Floats, Floats],
    heard: tuple[Floats, Floats],
    khmer: int,
) -> None:
    """Fill in the costs between the scripts, on the scale of those within a script."""
    across = _heard(cost[0][:khmer, khmer:], noise[0][:khmer, khmer:] ** (1 / _BETWEEN))
    across = _BETWEEN * (across - _FORGIVEN_LATIN * across.min(axis=0))
    heard[0][:khmer, khmer:], heard[0][khmer:, :khmer] = across, across.T
    gap = _BETWEEN * _heard(cost[1], noise[1] ** (1 / _BETWEEN))
    heard[1][0, khmer:], heard[1][1, :khmer] = gap[0, khmer:], gap[1, :khmer]


def _correct(substitution: Floats, gap: Floats, correction: Floats) -> None:
    khmer = len(correction) - 1
    substitution[:khmer, khmer:] += correction[:-1, :-1]
    substitution[khmer:, :khmer] += correction[:-1, :-1].T
    gap[1, :khmer] += correction[:-1, -1]
    gap[0, khmer:] += correction[-1, :-1]


def region_shares(spellings: Spellings) -> tuple[Floats, Floats]:
    """Return the share of each unit's sound in each vowel region.

    Shapes (khmer, 4) and (latin, 4); rows of vowels sum to 1, those of Latin through the Khmer
    units that they spell.
    """
    khmer = spellings.written @ regions(spellings.latin)
    khmer /= np.maximum(khmer.sum(axis=1, keepdims=True), _UNSEEN)
    weight = spellings.written * (spellings.frequency + _UNSEEN_FREQUENCY)[:, None]
    return khmer, (weight / np.maximum(weight.sum(axis=0), _UNSEEN)).T @ khmer


def _either_place(symbols: tuple[str, ...], cost: Floats) -> Floats:
    """Let an onset stand for the coda of the same letter, and the other way round, at a charge."""
    place = {unit: code for code, unit in enumerate(symbols)}
    other = np.array(
        [
            place.get(unit.removeprefix(CODA) if unit[0] == CODA else CODA + unit, code)
            for code, unit in enumerate(symbols)
        ]
    )
    near: Floats = np.minimum(cost, np.minimum(cost[other], cost[:, other]) + _MISPLACED)
    np.fill_diagonal(near, 0.0)
    return near


def _noise(spellings: Spellings) -> Floats:
    symbols = spellings.khmer + spellings.latin
    classes = np.array([consonant_class(unit) for unit in symbols])
    vowel = np.array([SERIES in unit or is_vowel(unit) for unit in symbols])
    shares = np.concatenate(region_shares(spellings))
    shares /= np.maximum(np.linalg.norm(shares, axis=1, keepdims=True), _UNSEEN)
    near = (shares @ shares.T) ** 2
    alike = np.where(np.outer(vowel, vowel), near, classes[:, None] == classes)
    noise: Floats = (_NEAR * alike + _OTHER) * (vowel[:, None] == vowel)
    return noise


def _lost(unit: str) -> float:
    if unit in _WEAK:
        return _LOST_WEAK
    return _LOST_VOWEL if SERIES in unit or is_vowel(unit) else _LOST_CONSONANT


def _within_latin(spellings: Spellings, written: Floats) -> tuple[Floats, Floats]:
    """Two Latin units are near when the same Khmer units are written as either."""
    weight = spellings.frequency + _UNSEEN_FREQUENCY
    written = np.where(written >= _SELDOM, written, _UNSEEN)
    joint = (written * weight[:, None]).T @ written
    scale = np.sqrt(np.diag(joint))
    unwritten = (written * (weight * spellings.silent)[:, None]).sum(axis=0) / scale
    gap = -np.log(unwritten + spellings.inserted)
    return _unequal(-np.log(joint / np.outer(scale, scale)), _UNEQUAL), gap


def _within_khmer(spellings: Spellings, written: Floats) -> tuple[Floats, Floats]:
    """Two Khmer units are near when both are written as the same Latin units."""
    written = np.where(written >= _SELDOM, written, _UNSEEN)
    spelled = np.column_stack([written, spellings.silent])
    scale = np.linalg.norm(spelled, axis=1)
    alike = spelled @ spelled.T / np.outer(scale, scale)
    gap = -np.log(spellings.silent / scale) + _UNEQUAL_KHMER
    return _unequal(-np.log(alike), _UNEQUAL_KHMER), gap


def _unequal(cost: Floats, charge: float) -> Floats:
    charged = np.maximum(cost, 0.0) + charge
    np.fill_diagonal(charged, 0.0)
    return charged


def unit_code(table: SoundTable, unit: str) -> int:
    """Return the code of a unit, or of the nearest one for a unit that the table lacks."""
    code = table.codes.get(unit)
    return table.codes[_nearest(unit, table.symbols)] if code is None else code


@cache
def _nearest(unit: str, symbols: tuple[str, ...]) -> str:
    """Return the unit of the same kind that shares most letters, by Dice's coefficient of pairs."""
    kind = unit[0] == CODA
    rivals = [other for other in symbols if (other[0] == CODA) == kind]
    return max(rivals, key=lambda other: (_dice(unit, other), -len(other), other))


def _dice(one: str, other: str) -> float:
    def pairs(text: str) -> set[str]:
        return {f"^{text[0]}", *text, *map("".join, pairwise(text))}

    return 2 * len(pairs(one) & pairs(other)) / (len(pairs(one)) + len(pairs(other)))
