"""What is taken for granted of the population that records come from.

What a pair of records is worth must not depend on which other records are at hand: else it would
change with every list. So what is common among names, where joined names are cut and who counts as
a child is counted once, when a model is trained, and goes with the model.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.cambodia.name_parts import Counts, Hashes, Sent, hashed, skeleton, with_cuts
from linkage.dates import BirthDates

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


COUNTED: Final = tuple(one.name for one in fields(Background) if one.name != "grown")


def counted(sent: Sent, dates: BirthDates) -> Background:
    """Count what is common among records, and who is a child among them."""
    apart = [name for script in (sent.khmer, sent.latin) for name in script if all(name)]
    families = _remembered(family for family, _ in apart)
    givens = _remembered(given for _, given in apart)
    whole = with_cuts(sent, families, givens)
    family, given = _sounding(whole, 0), _sounding(whole, 1)
    return Background(
        families=families,
        givens=givens,
        family_sounds=_remembered(map(skeleton, family)),
        given_sounds=_remembered(map(skeleton, given)),
        family_words=_remembered(name[0] for name in whole.khmer if name[0]),
        given_words=_remembered(name[1] for name in whole.khmer if name[1]),
        grown=int(dates.year.max(initial=0)) - YEARS_OF_CHILDHOOD,
    )


def _sounding(names: Sent, part: int) -> list[str]:
    """The family or the given name of each record that has one: in Khmer script where known."""
    both = zip(names.khmer, names.latin, strict=True)
    words = (khmer[part] or latin[part] for khmer, latin in both)
    return [word for word in words if word]


def _remembered(words: Iterable[str]) -> Counts:
    counts = Counter(words)
    return {word: counts[word] for word in sorted(counts) if counts[word] >= RARE}


def rarity(counts: Counts, words: Hashes) -> npt.NDArray[np.float64]:
    """How many bits rarer each word is than words that agree by chance: float64[words].

    `words` are numbers of `hashed`; a word that is not remembered counts as held by one record.
    """
    names = sorted(counts)
    held = np.array([*(counts[name] for name in names), 1], np.float64)
    share = held / held.sum()
    chance = float(np.sum(share[:-1] ** 2)) or 1.0
    numbers = hashed(names)
    order = np.argsort(numbers)
    found = np.minimum(np.searchsorted(numbers[order], words), max(len(names) - 1, 0))
    place = order[found] if names else found
    known = numbers[place] == words if names else np.zeros(len(words), np.bool_)
    return np.asarray(np.log2(chance / share[np.where(known, place, len(names))]))
