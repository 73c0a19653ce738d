"""Words of names, analysed once for all who hold them.

Analysing a word takes a tenth of a millisecond, and names have more than a hundred thousand words:
what comes of it is stored with the word, and read again.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.cambodia.name_parts import Hashes, Names, Words, analysed, hashed
from linkage.texts import Rows

VERSION: Final = 1
"""Grows whenever a word would be analysed otherwise: stored words are then analysed anew."""
HEAD: Final = np.dtype(
    [("heard", "<u8"), ("consonants", "<i8"), ("khmer", "u1"), ("version", "u1")]
)
"""What is stored of a word, before its sound units."""
UNIT: Final = np.dtype("<i2")

Heads = npt.NDArray[Any]
_OF_WORDS: Final = ("khmer", "written", "heard", "consonants")
"""The columns of `Names` that have a value a word."""


class Lexicon(NamedTuple):
    """Words by number, `numbers` uint64[words] in order; `names` are those of no records."""

    numbers: Hashes
    names: Names

    @classmethod
    def of(cls, spelled: Mapping[int, str]) -> "Lexicon":
        """Analyse words, once for all who hold them."""
        numbers = sorted(spelled)
        words = [spelled[number] for number in numbers]
        return cls(np.array(numbers, np.uint64), analysed(_nobody(), words))

    @classmethod
    def of_stored(cls, numbers: Hashes, heads: Heads, units: npt.NDArray[np.int16]) -> "Lexicon":
        """From what `stored` gave: the fields of HEAD, and `units` end to end.

        A field `units` of `heads` says how many each word has.
        """
        starts = np.append(0, np.cumsum(heads["units"])).astype(np.int32)
        columns = {
            name: np.ascontiguousarray(heads[name]) for name in ("khmer", "heard", "consonants")
        }
        names = analysed(_nobody(), [])._replace(
            units=units.astype(np.int16), starts=starts, written=numbers,
            khmer=columns["khmer"], heard=columns["heard"], consonants=columns["consonants"],
        )  # fmt: skip
        return _taken(numbers, names, np.argsort(numbers))

    @classmethod
    def of_names(cls, names: Names) -> "Lexicon":
        """The words of some names."""
        return _taken(names.written, names, np.argsort(names.written))

    def stored(self) -> list[bytes]:
        """Each word as it is stored: its HEAD, and its sound units."""
        heads = np.zeros(self.numbers.size, HEAD)
        heads["heard"], heads["consonants"] = self.names.heard, self.names.consonants
        heads["khmer"], heads["version"] = self.names.khmer, VERSION
        units = self.names.units.astype(UNIT).tobytes()
        ends = (self.names.starts * UNIT.itemsize).tolist()
        return [head.tobytes() + units[ends[at] : ends[at + 1]] for at, head in enumerate(heads)]

    def knows(self, numbers: Hashes) -> npt.NDArray[np.bool_]:
        """Which of some words are among these: bool[numbers]."""
        places = np.searchsorted(self.numbers, numbers)
        found = np.append(self.numbers, np.uint64(0))[places] == numbers
        return np.asarray(found & (places < self.numbers.size))

    def of_some(self, numbers: Hashes) -> "Lexicon":
        """Some of these words, each once, in order."""
        return _taken(self.numbers, self.names, np.searchsorted(self.numbers, numbers))

    def with_others(self, others: "Lexicon") -> "Lexicon":
        """These words and others that are none of them."""
        ends = others.names.starts[1:] + self.names.starts[-1]
        names = self.names._replace(starts=np.append(self.names.starts, ends))
        both = {
            name: np.concatenate([getattr(names, name), getattr(others.names, name)])
            for name in ("units", *_OF_WORDS)
        }
        numbers = np.concatenate([self.numbers, others.numbers])
        return _taken(numbers, names._replace(**both), np.argsort(numbers))

    def names_by(self, words: Hashes) -> Names:
        """The names of records by the numbers of their words, uint64[records, 4], 0 missing."""
        places = np.searchsorted(self.numbers, words)
        parts = np.where(words == 0, -1, places).astype(np.int32)
        return self.names._replace(parts=np.ascontiguousarray(parts))

    def read(self, words: Words) -> Names:
        """The names of records; words that are not among these are analysed."""
        numbers = hashed(words.spelled)
        known = self.knows(numbers)
        new = [words.spelled[place] for place in np.flatnonzero(~known).tolist()]
        names = analysed(words.parts, new)
        if not known.any():
            return names
        taken = self.of_some(numbers[known])
        both = taken.with_others(Lexicon(numbers[~known], names))
        whole = _taken(both.numbers, both.names, np.searchsorted(both.numbers, numbers))
        return whole.names._replace(parts=words.parts)


def _nobody() -> Rows:
    return np.empty((0, 4), np.int32)


def _taken(numbers: Hashes, names: Names, places: npt.NDArray[np.intp]) -> Lexicon:
    """The words at these places."""
    lengths = names.starts[places + 1] - names.starts[places]
    starts = np.append(0, np.cumsum(lengths)).astype(np.int32)
    shifts = np.repeat(names.starts[places] - starts[:-1], lengths)
    taken = {name: getattr(names, name)[places] for name in _OF_WORDS}
    units = names.units[shifts + np.arange(shifts.size)]
    return Lexicon(numbers[places], names._replace(units=units, starts=starts, **taken))
