"""Whom records meet that share a key with them, sifted by sketches alone.

A record meets some two hundred others, and nearly none of them could be the same person. So of all
whom it meets no more is read than their sketches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model
from linkage.cambodia.background import Background
from linkage.cambodia.blocking import Common
from linkage.cambodia.index import first_common
from linkage.cambodia.sketches import Lexicon, Sketched, Sketches, households
from linkage.mixture import Mixture
from registry.matching import current_people, known_words, record_keys
from registry.matching.record_keys import Entries, Keyed

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Pairs = tuple[Numbers, Numbers]
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_SCHEMES = "SELECT DISTINCT scheme FROM source_record ORDER BY 1"


@dataclass(frozen=True, eq=False)
class Sieve:
    """What sketches are read and sifted with."""

    mixture: Mixture
    sources: Sequence[str]
    lexicon: Lexicon
    background: Background

    @classmethod
    def of(cls, session: Session, model: Model, size: int) -> "Sieve":
        """That of a model in a population of so many records."""
        sources = session.scalars(text(_SCHEMES)).all()
        lexicon = Lexicon.of(known_words.spelled(session))
        return cls(model.fitted(tuple(sources), size), sources, lexicon, model.background)

    def read(self, sketches: Sketches) -> Sketched:
        """Sketches as blocking and the bounds read them."""
        return Sketched.of(sketches, self.lexicon, self.sources, self.background)


@dataclass(frozen=True, eq=False)
class Holders:
    """Who was stored with some keys: `asked` uint64[keys], in order, are those that were looked up.

    `common` uint64[keys] are never looked up.
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
        new = np.setdiff1d(np.setdiff1d(keys, self.common), self.asked)
        if not new.size:
            return self
        entries = Entries.joined([self.entries, record_keys.holders(session, new)])
        return Holders(self.common, np.union1d(self.asked, new), entries)

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
    ids = np.unique(np.concatenate(pairs))
    ours = keys.of_some(ids)
    codes = np.unique(ours.key, return_inverse=True)[1].astype(np.int32)
    owners = np.searchsorted(ids, ours.record)
    order = np.lexsort((codes, owners))
    starts = np.searchsorted(owners[order], np.arange(ids.size + 1)).astype(np.int64)
    return np.asarray(first_common(codes[order], starts, _among(ids, *pairs)) >= 0)


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
    left, right = pairs
    if not left.size:
        return left
    ids, sketches = _sketches(session, keyed, np.unique(np.concatenate(pairs)))
    told, mates = sieve.read(sketches), moved.mates(ids, sketches)
    sifted = cambodia.may_matter(told, _among(ids, left, right), sieve.mixture, mates)
    kept, some = sifted.alone.copy(), sifted.backed.copy()
    numbers = current_people.numbers_of(
        session, np.unique(np.concatenate([left[kept], right[kept]]))
    )
    again = cambodia.may_matter(
        told, _among(ids, left[kept], right[kept]), sieve.mixture, mates, numbers
    )
    some[kept], kept[kept] = again.backed, again.alone
    kept[some] = _backed(session, keyed, (left[some], right[some]), sieve)
    return np.unique(np.concatenate([left[kept], right[kept]]))


def _backed(session: Session, keyed: Keyed, pairs: Pairs, sieve: Sieve) -> Flags:
    """Which pairs may have another between the same two households that speaks for them."""
    everyone = record_keys.households(session, np.unique(np.concatenate(pairs)))
    ids, sketches = _sketches(session, keyed, everyone)
    return cambodia.are_backed(sieve.read(sketches), _among(ids, *pairs), sieve.mixture)


def _sketches(session: Session, keyed: Keyed, records: Numbers) -> tuple[Numbers, Sketches]:
    """Records of which there is a sketch, in order, with it; those of `keyed` are at hand."""
    known = keyed.of_some(records)
    rest, sketches = record_keys.sketches_of(session, np.setdiff1d(records, known.records))
    ids = np.concatenate([known.records, rest])
    order = np.argsort(ids)
    return ids[order], np.concatenate([known.sketches, sketches])[order]


def _among(ids: Numbers, left: Numbers, right: Numbers) -> tuple[Places, Places]:
    """Where records stand among some in order."""
    one, other = (np.searchsorted(ids, records).astype(np.int32) for records in (left, right))
    return one, other


def _pairs(ours: Entries, everyone: Entries) -> Pairs:
    """The pairs of two entries with one key, each once, the lower record first."""
    ids, places = np.unique(everyone.record, return_inverse=True)
    order = np.argsort(everyone.key, kind="stable")
    keys, members = everyone.key[order], places[order]
    first, last = (np.searchsorted(keys, ours.key, side=side) for side in _SIDES)
    lengths = last - first
    one = np.repeat(np.searchsorted(ids, ours.record), lengths)
    within = np.arange(one.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    other = members[np.repeat(first, lengths) + within]
    pairs = np.minimum(one, other) * ids.size + np.maximum(one, other)
    pairs = pairs[one != other]
    pairs.sort()
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if pairs.size else pairs
    left, right = np.divmod(pairs, max(ids.size, 1))
    return ids[left], ids[right]
