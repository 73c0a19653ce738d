"""How clerks write the names of the stock: Khmer variants, Latin spellings, slips."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.name_stock import FAMILIES, SYLLABLES
from linkage.usual_spellings import spelled_by_unit

Texts = npt.NDArray[np.object_]

# What one Latin spelling writes for another's, in the order of how often it is met.
_SWAPS = (
    ("i", "y"),
    ("y", "i"),
    ("e", "i"),
    ("o", "u"),
    ("u", "o"),
    ("ou", "u"),
    ("t", "th"),
    ("th", "t"),
    ("ea", "ia"),
    ("ea", "a"),
    ("k", "kh"),
    ("p", "b"),
    ("ph", "p"),
    ("chh", "ch"),
    ("ei", "ey"),
    ("uo", "ou"),
    ("ay", "ai"),
    ("o", "or"),
    ("a", "ar"),
    ("n", "nn"),
    ("v", "w"),
    ("s", "z"),
    ("oeu", "eu"),
)
_KHMER_SWAPS = (
    ("ន", "ណ"),
    ("ណ", "ន"),
    ("ិ", "ី"),
    ("ី", "ិ"),
    ("ុ", "ូ"),
    ("ូ", "ុ"),
    ("់", ""),
    ("ឡ", "ល"),
)


@dataclass(frozen=True)
class Spellings:
    """The stock as written: Khmer words."""

    families: tuple[str, ...]
    syllables: tuple[str, ...]


def spellings() -> Spellings:
    """The stock in Khmer."""
    return Spellings(FAMILIES, SYLLABLES)


def latin(rng: np.random.Generator, words: Texts, *, noise: float) -> Texts:
    """Spell Khmer words by ear: each record its own way."""
    distinct, codes = np.unique(words.astype(str), return_inverse=True)
    plain = np.array([spelled_by_unit(word) for word in distinct], dtype=object)[codes]
    changed = rng.random(len(words)) < 0.45 * noise
    again = changed & (rng.random(len(words)) < 0.3)
    out = plain.copy()
    for rows in (changed, again):
        out[rows] = [
            _swapped(word, _SWAPS, pick)
            for word, pick in zip(out[rows], rng.random(rows.sum()), strict=True)
        ]
    slips = rng.random(len(words)) < 0.02 * noise
    out[slips] = [
        _slip(word, pick) for word, pick in zip(out[slips], rng.random(slips.sum()), strict=True)
    ]
    return out


def khmer(rng: np.random.Generator, words: Texts, *, noise: float) -> Texts:
    """Write Khmer words with the mistakes of those who write by ear."""
    out = words.copy()
    changed = rng.random(len(words)) < 0.05 * noise
    picks = rng.random(int(changed.sum()))
    out[changed] = [
        _swapped(word, _KHMER_SWAPS, pick) for word, pick in zip(out[changed], picks, strict=True)
    ]
    return out


def _swapped(word: str, swaps: tuple[tuple[str, str], ...], pick: float) -> str:
    possible = [swap for swap in swaps if swap[0] in word]
    if not possible:
        return word
    old, new = possible[int(pick * pick * len(possible))]
    return word.replace(old, new, 1)


def _slip(word: str, pick: float) -> str:
    """Swap two neighbouring letters, double one, or drop one."""
    if len(word) < 3:
        return word
    place = 1 + int(pick * (len(word) - 2))
    kind = int(pick * 1000) % 3
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + (word[place] if kind == 1 else "") + word[place:][int(kind == 2) :]
