"""A person's family and given name in both scripts, as sequences of sound units.

Lists send the parts apart, or joined with a space between, or without any. A name without a space
is cut where family names that the lists send apart say so: before the commonest given name that a
known family name leaves.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.honorifics import without_honorifics
from linkage.sound_table import shipped, unit_code
from linkage.sound_units import unit_readings
from linkage.text import has_khmer
from linkage.texts import Rows, Texts, combined, or_none
from linkage.usual_spellings import spelled_by_unit

FAMILY_KHMER, GIVEN_KHMER, FAMILY_LATIN, GIVEN_LATIN = range(4)
LONGEST_WORD: Final = 100
_NAME_AND_SURNAME: Final = 2
# Before a name of two words only these are titles: others, as កញ្ញា, are names too.
_TITLES: Final = ("លោក", "អ្នក")
_VOWELS: Final = re.compile(r"[aeiouyh]+")
_SOUNDS: Final = (
    ("ng", "N"),
    ("ch", "C"),
    ("j", "C"),
    ("k", "K"),
    ("g", "K"),
    ("q", "K"),
    ("c", "K"),
    ("t", "T"),
    ("d", "T"),
    ("p", "P"),
    ("b", "P"),
    ("f", "P"),
    ("v", "V"),
    ("w", "V"),
    ("s", "S"),
    ("z", "S"),
    ("x", "S"),
    ("n", "N"),
    ("m", "M"),
    ("l", "L"),
    ("r", "R"),
)

CONSONANTS: Final = "NCKTPVSMLR"
COUNT_BITS: Final = 4
_MOST_COUNTED: Final = 7

Parts = tuple[str, str]
Counts = Mapping[str, int]
Hashes = npt.NDArray[np.uint64]


class Written(NamedTuple):
    """Names in one script: the distinct ones as family and given name, "" if missing.

    `codes` int32[records] places the name of each record among them.
    """

    names: list[Parts]
    codes: Rows

    def held(self) -> Iterator[tuple[Parts, int]]:
        """Each name, and how many records have it."""
        counts = np.bincount(self.codes, minlength=len(self.names))
        return zip(self.names, counts.tolist(), strict=True)


class Sent(NamedTuple):
    """Names as lists send them, by script."""

    khmer: Written
    latin: Written


class Words(NamedTuple):
    """The words that names are made of; `parts` int32[records, 4] as in `Names`."""

    parts: Rows
    spelled: list[str]


class Names(NamedTuple):
    """Names as arrays.

    `parts` int32[records, 4]: the words of family and given name in Khmer and in Latin script, -1
    missing. `units` int16[units] holds the sound units of the words end to end, word `w` at
    `starts[w]:starts[w + 1]` (int32[words + 1]); `khmer` uint8[words] tells its script.
    `written`, `heard` uint64[words] number the word and the consonants that it is heard by, the
    same everywhere; `consonants` int64[words] counts these, `COUNT_BITS` bits a kind.
    `substitution`, `gap` are the costs of `linkage.sound_table`.
    """

    parts: npt.NDArray[np.int32]
    units: npt.NDArray[np.int16]
    starts: npt.NDArray[np.int32]
    khmer: npt.NDArray[np.uint8]
    written: npt.NDArray[np.uint64]
    heard: npt.NDArray[np.uint64]
    consonants: npt.NDArray[np.int64]
    substitution: npt.NDArray[np.float32]
    gap: npt.NDArray[np.float32]


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Return the consonants of a word of either script, sounds that are confused being one."""
    plain = spelled_by_unit(word) if has_khmer(word) else word
    kept = re.sub(r"r(?![aeiouy])", "", plain)
    for letters, sound in _SOUNDS:
        kept = kept.replace(letters, sound)
    kept = _VOWELS.sub("", kept)
    return re.sub(r"(.)\1+", r"\1", kept) or "-"


def names_sent(columns: Mapping[str, Texts]) -> Sent:
    """Read the name columns of the normalised record."""
    return Sent(_written(columns, "khmer"), _written(columns, "latin"))


def _written(columns: Mapping[str, Texts], script: str) -> Written:
    texts = [columns[f"{part}_{script}"] for part in ("family", "given", "name")]
    codes, distinct = combined(*(column.codes for column in texts))
    cells = [
        or_none(column.distinct)[place] for column, place in zip(texts, distinct.T, strict=True)
    ]
    return Written([_sent(*row) for row in zip(*cells, strict=True)], codes)


def with_cuts(sent: Sent, families: Counts, givens: Counts) -> Sent:
    """Cut names without a space by the family and given names that are known."""
    cuts: dict[str, Parts] = {}
    for family, given in (*sent.khmer.names, *sent.latin.names):
        if given and not family and given not in cuts:
            cuts[given] = _cut(given, families, givens)

    def parted(written: Written) -> Written:
        names = [name if name[0] or not name[1] else cuts[name[1]] for name in written.names]
        return written._replace(names=names)

    return Sent(parted(sent.khmer), parted(sent.latin))


def in_words(sent: Sent) -> Words:
    """Number the words of names."""
    known: dict[str, int] = {"": -1}
    parts = []
    for names, codes in sent:
        rows = [[known.setdefault(part, len(known) - 1) for part in name] for name in names]
        parts.append(np.array(rows, np.int32).reshape(len(rows), 2)[codes])
    return Words(np.concatenate(parts, axis=1), [word for word in known if word])


def hashed(words: Sequence[str] | npt.NDArray[np.object_]) -> Hashes:
    """Number words so that a word has the same number everywhere: uint64[words]."""
    return pd.util.hash_array(np.array(words, dtype=object), categorize=False)


def _counted(heard: str) -> int:
    """Count the consonants of a skeleton, packed in one number."""
    counts = Counter(heard)
    return sum(
        min(counts[kind], _MOST_COUNTED) << (at * COUNT_BITS) for at, kind in enumerate(CONSONANTS)
    )


def analysed(parts: npt.NDArray[np.int32], words: list[str]) -> Names:
    """Analyse the words of records: `parts` as in `Names`."""
    table = shipped()
    read = [
        [unit_code(table, unit) for unit in unit_readings(word)[0][:LONGEST_WORD]] for word in words
    ]
    heard = [skeleton(word) for word in words]
    starts = np.zeros(len(words) + 1, np.int32)
    np.cumsum([len(units) for units in read], out=starts[1:])
    return Names(
        parts,
        np.array([unit for units in read for unit in units], np.int16),
        starts,
        np.array([has_khmer(word) for word in words], np.uint8),
        hashed(words),
        hashed(heard),
        np.array([_counted(one) for one in heard], np.int64),
        table.substitution,
        table.gap,
    )


def _sent(family: str | None, given: str | None, whole: str | None) -> Parts:
    if family or given:
        return (family or "").replace(" ", ""), (given or "").replace(" ", "")
    words = (whole or "").split()
    if len(words) > _NAME_AND_SURNAME or (words and words[0].startswith(_TITLES)):
        words = without_honorifics(words)
    return (words[0], "".join(words[1:])) if len(words) > 1 else ("", "".join(words))


def _cut(word: str, families: Counts, givens: Counts) -> Parts:
    """Cut a joined name after the family name that leaves the commonest given name."""
    cuts = [
        (families[word[:at]] * (givens.get(word[at:], 0) + 0.01), word[:at], word[at:])
        for at in range(1, len(word))
        if word[:at] in families
    ]
    _, family, given = max(cuts, default=(0.0, "", word))
    return family, given
