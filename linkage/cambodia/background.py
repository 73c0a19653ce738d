"""What is taken for granted of the population that records come from.

What a pair of records is worth must not depend on which other records are at hand: else it would
change with every list. So what is common among names, where joined names are cut and who counts as
a child is counted once, when a model is trained, and goes with the model.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.cambodia.name_parts import (
    FAMILY_KHMER,
    FAMILY_LATIN,
    GIVEN_KHMER,
    GIVEN_LATIN,
    Counts,
    Hashes,
    Sent,
    Words,
    hashed,
    in_words,
    skeleton,
    with_cuts,
)
from linkage.dates import BirthDates
from linkage.texts import Rows

YEARS_OF_CHILDHOOD: Final = 13
RARE: Final = 2
"""A word that fewer records hold is not remembered: it may tell who somebody is."""


@dataclass(frozen=True)
class Background:
    """How many records held each word where a model was trained, rare words apart.

    `families`, `givens`: words of family and given names that lists send apart. `family_sounds`,
    `given_sounds`: the consonants by which words are heard. `family_words`, `given_words`: words in
    Khmer script. `grown`: who was born in this year or later counts as a child.
    """

    families: Counts
    givens: Counts
    family_sounds: Counts
    given_sounds: Counts
    family_words: Counts
    given_words: Counts
    grown: int

    @cached_property
    def rarities(self) -> "WordRarities":
        """How rare its words are."""
        return WordRarities(
            WordRarity.of(self.family_sounds),
            WordRarity.of(self.given_sounds),
            WordRarity.of(self.family_words),
            WordRarity.of(self.given_words),
        )


COUNTED: Final = tuple(one.name for one in fields(Background) if one.name != "grown")


def counted(sent: Sent, dates: BirthDates) -> Background:
    """Count what is common among records, and who is a child among them."""
    apart = [held for script in sent for held in script.held() if all(held[0])]
    families = _remembered((family, count) for (family, _), count in apart)
    givens = _remembered((given, count) for (_, given), count in apart)
    words = in_words(with_cuts(sent, families, givens))
    parts = words.parts
    family = _held(words, _first(parts[:, FAMILY_KHMER], parts[:, FAMILY_LATIN]))
    given = _held(words, _first(parts[:, GIVEN_KHMER], parts[:, GIVEN_LATIN]))
    return Background(
        families=families,
        givens=givens,
        family_sounds=_remembered((skeleton(word), count) for word, count in family),
        given_sounds=_remembered((skeleton(word), count) for word, count in given),
        family_words=_remembered(_held(words, parts[:, FAMILY_KHMER])),
        given_words=_remembered(_held(words, parts[:, GIVEN_KHMER])),
        grown=int(dates.year.max(initial=0)) - YEARS_OF_CHILDHOOD,
    )


def _first(khmer: Rows, latin: Rows) -> Rows:
    """The word of each record: in Khmer script where known."""
    return np.where(khmer >= 0, khmer, latin)


def _held(words: Words, column: Rows) -> list[tuple[str, int]]:
    """The words of a column, and how many records have each."""
    counts = np.bincount(column[column >= 0], minlength=len(words.spelled))
    return [pair for pair in zip(words.spelled, counts.tolist(), strict=True) if pair[1]]


def _remembered(held: Iterable[tuple[str, int]]) -> Counts:
    counts: Counter[str] = Counter()
    for word, count in held:
        counts[word] += count
    return {word: counts[word] for word in sorted(counts) if counts[word] >= RARE}


@dataclass(frozen=True, eq=False)
class WordRarity:
    """How many bits rarer words are than words that agree by chance.

    `words` uint64[words], rising, are numbers of `hashed`; `bits` float64[words + 1] are theirs,
    and at the end those of a word that is not remembered, which counts as held by one record.
    """

    words: Hashes
    bits: npt.NDArray[np.float64]

    @classmethod
    def of(cls, counts: Counts) -> "WordRarity":
        """Find how rare remembered words are."""
        names = sorted(counts)
        held = np.array([*(counts[name] for name in names), 1], np.float64)
        share = held / held.sum()
        chance = float(np.sum(share[:-1] ** 2)) or 1.0
        numbers = hashed(names)
        order = np.argsort(numbers)
        return cls(numbers[order], np.log2(chance / share[np.append(order, len(names))]))

    def of_words(self, words: Hashes) -> npt.NDArray[np.float64]:
        """The bits of each word: float64[words]."""
        size = len(self.words)
        place = np.searchsorted(self.words, words)
        known = np.append(self.words, np.uint64(0))[place] == words
        return self.bits[np.where(known & (place < size), place, size)]


@dataclass(frozen=True)
class WordRarities:
    """How rare the words of a population are: see `Background` for which words."""

    family_sounds: WordRarity
    given_sounds: WordRarity
    family_words: WordRarity
    given_words: WordRarity
