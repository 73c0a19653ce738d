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
from linkage.cambodia.sketches import Lexicon, Sketched, Sketches
from linkage.mixture import Mixture
from registry.matching import known_words, record_keys
from registry.matching.record_keys import Entries, Keyed

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
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


def among(
    session: Session, keyed: Keyed, entries: Entries, holders: Holders, sieve: Sieve
) -> Numbers:
    """The records that meet by some of their keys, of the pairs that may matter: int64[k].

    `keyed` are records as they are to be seen; `holders`, who are others, are as stored.
    """
    ours = entries.without_keys(holders.common)
    everyone = Entries.joined([keyed.keys, holders.entries]).of_keys(np.unique(ours.key))
    left, right = _pairs(ours, everyone)
    if not left.size:
        return left
    ids, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    known = keyed.of_some(ids)
    rest, sketches = record_keys.sketches_of(session, np.setdiff1d(ids, known.records))
    order = np.argsort(np.concatenate([known.records, rest]))
    told = sieve.read(np.concatenate([known.sketches, sketches])[order])
    one, other = places.astype(np.int32).reshape(2, -1)
    kept = cambodia.may_matter(told, (one, other), sieve.mixture)
    return np.unique(np.concatenate([left[kept], right[kept]]))


def _pairs(ours: Entries, everyone: Entries) -> tuple[Numbers, Numbers]:
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
