"""What a change of one sound unit into another costs, between and within the scripts.

The table beside this module says how often each Khmer unit is written as each Latin unit, learned
from pairs. Khmer against Latin costs what that spelling is less likely than the likeliest; Latin
against Latin and Khmer against Khmer cost by how far two units stand for one another through the
other script. Costs are natural logarithms, so that they add.
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
# Part of the cost of the likeliest spelling that is forgiven: all of it would lose which of two
# Khmer names a spelling favours, none of it would charge long names for being long.
_FORGIVEN: Final = 0.4
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
    """The learned table: shapes (khmer, latin), (khmer,), (khmer,), (latin,)."""

    khmer: tuple[str, ...]
    latin: tuple[str, ...]
    written: Floats
    silent: Floats
    frequency: Floats
    inserted: Floats


@cache
def shipped() -> SoundTable:
    """Return the costs of the table that comes with the package."""
    return costs(read(PATH))


def read(path: Path) -> Spellings:
    """Read a table of spellings.

    Raises:
        ValueError: a line does not have the four columns.
    """
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    khmer = [(unit, share, silent, spelled) for unit, share, silent, spelled in lines if share]
    latin = [(unit, slip) for unit, share, slip, _ in lines if not share]
    column = {unit: code for code, (unit, _) in enumerate(latin)}
    written = np.zeros((len(khmer), len(latin)))
    for row, (_, _, _, spelled) in enumerate(khmer):
        for spelling in spelled.split():
            unit, _, share = spelling.rpartition(":")
            written[row, column[unit]] = float(share)
    return Spellings(
        tuple(unit for unit, *_ in khmer),
        tuple(column),
        written,
        np.array([float(silent) for _, _, silent, _ in khmer]),
        np.array([float(share) for _, share, _, _ in khmer]),
        np.array([float(slip) for _, slip in latin]),
    )


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
    lost = np.array([_lost(unit) for unit in symbols])
    heard = -np.log(np.exp(-substitution) + _noise(spellings))
    np.fill_diagonal(heard, 0.0)
    return SoundTable(
        symbols,
        {unit: code for code, unit in enumerate(symbols)},
        np.maximum(heard, 0.0).astype(np.float32),
        np.maximum(-np.log(np.exp(-gap) + lost), 0.0).astype(np.float32),
    )


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
