"""Records in brief, a fixed number of bytes each, to be stored and compared without reading them.

A sketch holds all that the evidence of a pair can depend on, apart from what other pairs of the two
households say: what a record says, and what its household adds to it. A record whose sketch is as
before weighs as before with whoever else is as before. Words and numbers stand for what is written,
the same everywhere; words are spelled out in a table of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cambodia.background import Background
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.name_parts import Hashes, Names, hashed
from linkage.cambodia.people import People
from linkage.cambodia.told import Coded
from linkage.dates import BirthDates
from linkage.places import Places
from linkage.texts import Order, Rows

SKETCH: Final = np.dtype(
    [
        ("words", "<u8", 4), ("numbers", "<u8", 4), ("source", "<u8"), ("pool", "<u8"),
        ("dates", "<i4", 7), ("places", "<i4", 4), ("marks", "<i4"), ("sex", "i1"),
        ("has_mates", "i1"), ("unused", "<u2"),
    ]
)  # fmt: skip
"""`numbers` are those of `Told.written`, `pool` the phones of the household, `has_mates` whether it
has another member."""

Sketches = npt.NDArray[Any]
_OF_HOUSEHOLDS: Final = ("pool", "marks", "has_mates", "unused")
"""What a sketch has from other members alone."""


def sketched(records: People) -> Sketches:
    """Records in brief: SKETCH[records]."""
    [whole] = sketched_in_parts(records, np.arange(len(records)), max(len(records), 1))
    return whole.sketches


def sketched_in_parts(records: People, order: Order, size: int) -> Iterator["Sketched"]:
    """Records in brief, in an order, so many at a time; one part of none where there are none."""
    names, sources = records.names, hashed(records.sources)
    written, pool = np.append(names.written, np.uint64(0)), _pooled(records)
    marks, has_mates = records.coded().marks, records.has_mates()
    for start in range(0, max(len(order), 1), size):
        rows = order[start : start + size]
        parts, source = names.parts[rows], records.source[rows]
        sketches = np.zeros(len(rows), SKETCH)
        sketches["words"] = written[parts]
        sketches["numbers"] = records.written(rows)
        sketches["source"] = sources[source]
        sketches["pool"] = pool[rows]
        sketches["dates"] = records.dates.rows[rows]
        sketches["places"] = records.places.prefixes[rows]
        sketches["marks"] = marks[rows]
        sketches["sex"] = records.sex[rows]
        sketches["has_mates"] = has_mates[rows]
        known = names._replace(parts=parts)
        yield Sketched(sketches, known, source, records.sources, records.background)


def households(sketches: Sketches) -> Hashes:
    """What is known of the household across lists, as a number: uint64[records], 0 unknown."""
    card, _, _, listed = sketches["numbers"].T
    return np.asarray(np.where(card != 0, card, listed))


def may_weigh_less(before: Sketches, now: Sketches) -> npt.NDArray[np.bool_]:
    """Of which records the bounds of pairs may be lower than they were: bool[records].

    They are not where the household alone says more of a record than before: that it has members,
    or more phones where it had some, so that others may be the same.
    """
    told = [name for name in SKETCH.names or () if name not in _OF_HOUSEHOLDS]
    alike = [before[name] == now[name] for name in told]
    same = np.logical_and.reduce([one.all(axis=tuple(range(1, one.ndim))) for one in alike])
    was, marks = before["marks"], now["marks"]
    more = (was == marks) | ((was != 0) & (was & marks == was))
    return np.asarray(~(same & more))


def _pooled(records: People) -> Hashes:
    """The phones of each record's household as one number."""
    phones, written = records.phones, records.phone.written
    sums = np.append(np.uint64(0), np.cumsum(written[phones.pooled], dtype=np.uint64))
    pools = sums[phones.starts[1:]] - sums[phones.starts[:-1]]
    own = np.append(written, np.uint64(0))[phones.own]
    return np.where(phones.household >= 0, np.append(pools, np.uint64(0))[phones.household], own)


@dataclass(frozen=True, eq=False)
class Sketched:
    """Sketches, read for blocking and the bounds: see `linkage.cambodia.told.Told`."""

    sketches: Sketches
    names: Names
    source: npt.NDArray[np.int16]
    sources: tuple[str, ...]
    background: Background

    @classmethod
    def of(
        cls, sketches: Sketches, lexicon: Lexicon, sources: Sequence[str], background: Background
    ) -> "Sketched":
        """Read sketches of these lists, whose words the lexicon knows."""
        numbers = hashed(list(sources))
        order = np.argsort(numbers)
        source = order[np.searchsorted(numbers, sketches["source"], sorter=order)]
        names = lexicon.names_by(sketches["words"])
        return cls(sketches, names, source.astype(np.int16), tuple(sources), background)

    @classmethod
    def of_any(cls, sketches: Sketches, lexicon: Lexicon, background: Background) -> "Sketched":
        """Read sketches of lists that say nothing to whoever reads them."""
        nowhere = np.zeros(len(sketches), np.int16)
        return cls(sketches, lexicon.names_by(sketches["words"]), nowhere, ("",), background)

    def __len__(self) -> int:
        return len(self.sketches)

    @cached_property
    def dates(self) -> BirthDates:
        """Their birth dates."""
        return BirthDates(np.ascontiguousarray(self.sketches["dates"]))

    @cached_property
    def places(self) -> Places:
        """Where they live."""
        return Places(np.ascontiguousarray(self.sketches["places"]))

    @cached_property
    def sex(self) -> npt.NDArray[np.int8]:
        """Their sex."""
        return np.ascontiguousarray(self.sketches["sex"])

    def written(self) -> Hashes:
        """Card, national ID, phone and listed household."""
        return np.ascontiguousarray(self.sketches["numbers"])

    def has_mates(self) -> npt.NDArray[np.bool_]:
        """Whether the household of each has another member."""
        return np.asarray(self.sketches["has_mates"] != 0)

    def coded(self) -> Coded:
        """The numbers that they share with others."""
        card, national_id, phone, listed = self.written().T
        household = households(self.sketches)
        marks = np.ascontiguousarray(self.sketches["marks"])
        codes = [_numbered(one) for one in (card, national_id, phone, household, listed)]
        return Coded(codes[0], codes[1], codes[2], codes[3], codes[4], marks)


def _numbered(hashes: Hashes) -> Rows:
    codes, known = pd.factorize(hashes)
    return np.where(known == 0, -1, np.arange(known.size))[codes].astype(np.int32)
