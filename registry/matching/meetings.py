"""Whom records meet that share a key with them, sifted by sketches alone.

A record meets some two hundred others, and nearly none of them could be the same person. So of all
whom it meets no more is read than their sketches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model
from linkage.cambodia.background import Background
from linkage.cambodia.blocking import Common
from linkage.cambodia.index import first_common
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.sketches import SKETCH, Sketched, Sketches, households
from linkage.mixture import Mixture
from registry.matching import current_people, record_keys
from registry.matching.record_keys import Entries, Keyed

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Known = TypeVar("Known", Numbers, Hashes)
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_MET_AT_ONCE: Final = 1 << 21
_SCHEMES = "SELECT DISTINCT scheme FROM source_record ORDER BY 1"


class Pairs(NamedTuple):
    """Pairs of records: `left`, `right` int32[pairs] are places in `ids` int64[k], in order."""

    ids: Numbers
    left: Places
    right: Places

    @property
    def places(self) -> tuple[Places, Places]:
        """Where the records of each pair stand."""
        return self.left, self.right

    @property
    def records(self) -> Numbers:
        """The records of some pair: int64[k], in order."""
        return self.ids[self._met]

    @property
    def _met(self) -> Flags:
        met = np.zeros(self.ids.size, np.bool_)
        met[self.left] = met[self.right] = True
        return met

    def take(self, kept: Flags) -> "Pairs":
        """Some of the pairs, without the records of no pair."""
        some = Pairs(self.ids, self.left[kept], self.right[kept])
        met = some._met
        places = np.cumsum(met, dtype=np.int32) - np.int32(1)
        return Pairs(self.ids[met], places[some.left], places[some.right])


@dataclass(frozen=True, eq=False)
class Sieve:
    """What sketches are read and sifted with."""

    mixture: Mixture
    sources: Sequence[str]
    lexicon: Lexicon
    background: Background

    @classmethod
    def of(cls, session: Session, model: Model, size: int, lexicon: Lexicon) -> "Sieve":
        """That of a model in a population of so many records."""
        sources = session.scalars(text(_SCHEMES)).all()
        return cls(model.fitted(tuple(sources), size), sources, lexicon, model.background)

    def read(self, sketches: Sketches) -> Sketched:
        """Sketches as blocking and the bounds read them."""
        return Sketched.of(sketches, self.lexicon, self.sources, self.background)


@dataclass(frozen=True, eq=False)
class Holders:
    """Who was stored with some keys: `asked` uint64[keys], in order, are those that were looked up.

    `common` uint64[keys], in order too, are never looked up.
    """

    common: Hashes
    asked: Hashes
    entries: Entries

    @classmethod
    def of_none(cls, common: Hashes) -> "Holders":
        """Nobody yet."""
        return cls(common, np.empty(0, np.uint64), Entries.joined([]))

    def with_those_of(self, session: Session, keys: Hashes) -> "Holders":
        """With the holders of further keys."""
        new = keys[~(among(keys, self.common) | among(keys, self.asked))]
        if not new.size:
            return self
        new = np.unique(new)
        entries = Entries.joined([self.entries, record_keys.holders(session, new)])
        return Holders(self.common, np.sort(np.append(self.asked, new)), entries)

    def without_keys(self, common: Common) -> "Holders":
        """The same where these keys are common."""
        return Holders(common.keys, self.asked, self.entries)

    def without_records(self, records: Numbers) -> "Holders":
        """The same without these records, of whom more is known than what is stored."""
        return Holders(self.common, self.asked, self.entries.of_others(records))


def met(keyed: Keyed, entries: Entries, holders: Holders) -> Pairs:
    """The pairs of records that meet by some of their keys, each once, the lower record first.

    `keyed` are records as they are to be seen; `holders`, who are others, are as stored.
    """
    ours = entries.without_keys(holders.common)
    everyone = Entries.joined([keyed.keys, holders.entries]).of_keys(np.unique(ours.key))
    return _pairs(ours, everyone)


def meet(pairs: Pairs, keys: Entries) -> Flags:
    """Which pairs meet by these keys, that are all the keys of their records: bool[pairs]."""
    ids, ours = pairs.ids, keys.of_some(pairs.ids)
    codes = np.unique(ours.key, return_inverse=True)[1].astype(np.int32)
    owners = np.searchsorted(ids, ours.record)
    order = np.lexsort((codes, owners))
    starts = np.searchsorted(owners[order], np.arange(ids.size + 1)).astype(np.int64)
    return np.asarray(first_common(codes[order], starts, pairs.places) >= 0)


@dataclass(frozen=True, eq=False)
class Moved:
    """Who moved, int64[k], and the households of others who may be their mates: uint64[homes].

    Where all members of a household moved, a pair that speaks for another is itself of one who
    moved: both households are read for its sake.
    """

    records: Numbers
    homes: Hashes

    @classmethod
    def among(cls, known: Keyed, records: Numbers) -> "Moved":
        """Those of some records whose households are whole."""
        still = ~np.isin(known.records, records)
        return cls(records, np.unique(households(known.sketches[still])))

    def mates(self, ids: Numbers, sketches: Sketches) -> Flags:
        """Which records have mates who did not move, or may have: bool[records]."""
        other = ~np.isin(ids, self.records) | np.isin(households(sketches), self.homes)
        return np.asarray(other & (sketches["has_mates"] != 0))


def worth_reading(
    session: Session, keyed: Keyed, pairs: Pairs, sieve: Sieve, moved: Moved
) -> Numbers:
    """The records of the pairs that may matter: int64[k], in order."""
    if not pairs.left.size:
        return pairs.records
    sketches = _sketches(session, keyed, pairs.ids)
    mates = moved.mates(pairs.ids, sketches)
    sifted = cambodia.may_matter(sieve.read(sketches), pairs.places, sieve.mixture, mates)
    alone = pairs.take(sifted.alone)
    some = among(pairs.ids, alone.ids)
    numbers = current_people.numbers_of(session, alone.ids)
    again = cambodia.may_matter(
        sieve.read(sketches[some]), alone.places, sieve.mixture, mates[some], numbers
    )
    is_backed = sifted.backed.copy()
    is_backed[sifted.alone] = again.backed
    backed = pairs.take(is_backed)
    kept = backed.take(_backed(session, keyed, backed, sieve))
    return np.union1d(alone.take(again.alone).ids, kept.ids)


def _backed(session: Session, keyed: Keyed, pairs: Pairs, sieve: Sieve) -> Flags:
    """Which pairs may have another between the same two households that speaks for them."""
    everyone = record_keys.households(session, pairs.ids)
    told = sieve.read(_sketches(session, keyed, everyone))
    places = np.searchsorted(everyone, pairs.ids).astype(np.int32)
    return cambodia.are_backed(told, (places[pairs.left], places[pairs.right]), sieve.mixture)


def _sketches(session: Session, keyed: Keyed, records: Numbers) -> Sketches:
    """The sketches of records; those of `keyed` are at hand."""
    at_hand = among(records, keyed.records)
    sketches = np.empty(records.size, SKETCH)
    sketches[at_hand] = keyed.sketches[np.searchsorted(keyed.records, records[at_hand])]
    sketches[~at_hand] = record_keys.sketches_of(session, records[~at_hand])
    return sketches


def among(numbers: Known, some: Known) -> Flags:
    """Which records, or keys, are among some that are in order: bool[numbers]."""
    if not some.size:
        return np.zeros(numbers.size, np.bool_)
    places = np.minimum(np.searchsorted(some, numbers), some.size - 1)
    return np.asarray(some[places] == numbers)


def _pairs(ours: Entries, everyone: Entries) -> Pairs:
    """The pairs of two entries with one key, each once, the lower record first.

    Two records have many keys in common: of what is met at once, each pair is kept once.
    """
    codes, met = pd.factorize(everyone.record)
    order = np.argsort(met)
    ids, places = met[order], np.argsort(order)[codes]
    order = np.argsort(everyone.key, kind="stable")
    keys, members = everyone.key[order], places[order]
    order = np.argsort(ours.record, kind="stable")
    own = np.searchsorted(ids, ours.record[order])
    first, last = (np.searchsorted(keys, ours.key[order], side=side) for side in _SIDES)
    ends = np.cumsum(last - first)
    cuts = np.searchsorted(ends, np.arange(_MET_AT_ONCE, ends[-1:].sum(), _MET_AT_ONCE))
    parts = [np.empty(0, np.int64)]
    for part in np.split(np.arange(own.size), cuts):
        lengths = last[part] - first[part]
        one = np.repeat(own[part], lengths)
        starts = np.repeat(first[part] - np.cumsum(lengths) + lengths, lengths)
        other = members[starts + np.arange(one.size)]
        numbers = np.minimum(one, other) * ids.size + np.maximum(one, other)
        parts.append(_once(numbers[one != other]))
    numbers = np.concatenate(parts)
    parts.clear()
    numbers = _once(numbers)
    left, right = np.empty((2, numbers.size), np.int32)
    np.floor_divide(numbers, ids.size, out=left, casting="unsafe")
    np.remainder(numbers, ids.size, out=right, casting="unsafe")
    return Pairs(ids, left, right)


def _once(numbers: Numbers) -> Numbers:
    """Each of some numbers once, in order; these are put in order where they are."""
    numbers.sort()
    return numbers[np.append(True, numbers[1:] != numbers[:-1])] if numbers.size else numbers
