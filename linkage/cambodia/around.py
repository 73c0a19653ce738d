"""The pairs of some records, without all others at hand."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.cambodia.between import Between
from linkage.cambodia.block_keys import Hashes
from linkage.cambodia.evidence import (
    CARD,
    HOUSEHOLD,
    NATIONAL_ID,
    PHONE,
    Rarity,
    plain_agreement,
    rarity_bits,
)
from linkage.cambodia.households import NONE, SUPPORT, SURE
from linkage.cambodia.index import Index
from linkage.cambodia.name_agreement import Work
from linkage.cambodia.pairs import Evidence, cells
from linkage.cambodia.people import People
from linkage.cambodia.phones import DIFFERENT as OTHER_PHONE
from linkage.cambodia.phones import OF_HOUSEHOLD, OWN, POOLED
from linkage.cambodia.reach import Reach, laid_out, may_reach
from linkage.cambodia.streaming import sift
from linkage.cambodia.told import Coded, Told
from linkage.cambodia.training import HOPELESS
from linkage.identifiers import DIFFERENT, SAME, SLIP, Numbers, number_agreement
from linkage.mixture import Mixture, Observed, classify
from linkage.partition import UNCOMPARED
from linkage.texts import Rows

_SLACK: Final = 0.01
_NUMBERS: Final = 2
_WORTH_A_THREAD: Final = 100_000
"""Pairs, in whose time another thread has made its room."""

Bits = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Seen = TypeVar("Seen", bound=npt.NDArray[Any])


def pairs_among(records: People, mixture: Mixture, common: Hashes) -> Evidence:
    """Find the pairs worth weighing among records, and what weighing them takes.

    Of every household all members are there, else what households say of their members is lost;
    `common` uint64[keys], in order, are the keys that are common among all records.
    """
    return pairs_of(Index.of(records, common=common), mixture)


def pairs_of(index: Index, mixture: Mixture) -> Evidence:
    """The same of all records, or of some, that are in their blocks already.

    Pairs of whom a list says that they are two are not worth it: they say nothing of others.
    """
    return sift(index, mixture, floor=floor_of(mixture), listed=False)


class Sifted(NamedTuple):
    """Which pairs may be worth weighing: bool[pairs] each.

    `alone`: whatever is said of the two households. `backed`, others: only where another pair
    between their households speaks for them.
    """

    alone: Flags
    backed: Flags


def may_matter(
    records: Told,
    pairs: tuple[Rows, Rows],
    mixture: Mixture,
    mates: Flags | None = None,
    spelled: Numbers | None = None,
) -> Sifted:
    """Tell which pairs of records may be worth weighing.

    Only pairs of records with `mates` bool[records], others of their household, may be backed.
    Cards and national IDs that are `spelled` are compared digit by digit.
    """
    sieve, floors = _Sieve.on(records, mixture, spelled), _Floors.of(mixture)
    of_two = _of_two_households(records, pairs, records.has_mates() if mates is None else mates)
    reached = np.zeros(pairs[0].size, np.bool_)
    reached[of_two] = sieve.may_reach(_those(pairs, of_two), floors.compared)
    reached[~of_two] = sieve.may_reach(_those(pairs, ~of_two), floors.alone)
    brief = sieve.brief(_those(pairs, reached))
    own = brief.most(mixture)
    alone = own > floors.alone
    backed = ~alone & of_two[reached] & (own > floors.compared)
    backed[backed] = brief.take(backed).most(_lifted(mixture), SURE) > floors.kept
    found = Sifted(np.zeros_like(reached), np.zeros_like(reached))
    found.alone[reached], found.backed[reached] = alone, backed
    return found


def are_backed(records: Told, pairs: tuple[Rows, Rows], mixture: Mixture) -> Flags:
    """Tell which pairs another pair between the same two households may speak for: bool[pairs].

    All members of these households are among the records.
    """
    sieve, floor = _Sieve.on(records, mixture), _Floors.of(mixture).alone
    homes = records.coded().household
    between = Between.of_pairs(homes, pairs)
    spoken = sieve.may_reach(between.pairs, floor)
    spoken[spoken] = sieve.brief(_those(between.pairs, spoken)).most(mixture) > floor
    return between.backed(pairs, spoken)


def _of_two_households(records: Told, pairs: tuple[Rows, Rows], mates: Flags) -> Flags:
    """Which pairs are of two households that have other members too."""
    household, (left, right) = records.coded().household, pairs
    return np.asarray(mates[left] & mates[right] & (household[left] != household[right]))


def _those(pairs: tuple[Rows, Rows], kept: Flags) -> tuple[Rows, Rows]:
    return pairs[0][kept], pairs[1][kept]


@dataclass(frozen=True, eq=False)
class _Sieve:
    """What the bounds of pairs of records are found with."""

    records: Told
    mixture: Mixture
    rarity: Rarity
    work: Work
    rows: Rows
    spelled: Numbers | None

    @classmethod
    def on(cls, records: Told, mixture: Mixture, spelled: Numbers | None = None) -> "_Sieve":
        rarity, work = Rarity.of(records), Work.on(records.names)
        return cls(records, mixture, rarity, work, laid_out(records, rarity), spelled)

    def may_reach(self, pairs: tuple[Rows, Rows], floor: float) -> Flags:
        """Tell which pairs may reach a floor: bool[pairs]."""
        reach = Reach.of(self.mixture, self.records, floor)
        (left, right), either = self._in_order(pairs)
        out = self._reaching((left, right), reach)
        more = either & ~out
        out[more] = self._reaching((right[more], left[more]), reach)
        return out

    def _reaching(self, pairs: tuple[Rows, Rows], reach: Reach) -> Flags:
        """The same of pairs in order."""
        return self._by_parts(pairs, lambda part, work: may_reach(self.rows, part, reach, work))

    def _by_parts(
        self, pairs: tuple[Rows, Rows], seen: Callable[[tuple[Rows, Rows], Work], Seen]
    ) -> Seen:
        """What is seen of pairs: of many by several threads, a part of them each."""
        left, right = pairs
        threads = min(os.cpu_count() or 1, 1 + left.size // _WORTH_A_THREAD)
        if threads == 1:
            return seen(pairs, self.work)
        works = [self.work, *(Work.on(self.records.names) for _ in range(threads - 1))]
        parts = zip(np.array_split(left, threads), np.array_split(right, threads), strict=True)
        with ThreadPoolExecutor(threads) as pool:
            return cast("Seen", np.concatenate(list(pool.map(seen, parts, works))))

    def _in_order(self, pairs: tuple[Rows, Rows]) -> tuple[tuple[Rows, Rows], Flags]:
        """The pairs in the order of their lists; of one list either may come first: bool[pairs].

        Names are compared from one to the other, the earlier record first, and may come to
        something else the other way round. Sketches do not say the order within a list.
        """
        one, other = (self.records.source[ends] for ends in pairs)
        left = np.where(one <= other, pairs[0], pairs[1])
        right = np.where(one <= other, pairs[1], pairs[0])
        return (left, right), np.asarray(one == other)

    def brief(self, pairs: tuple[Rows, Rows]) -> "_Brief":
        """What is seen of pairs, numbers that differ apart."""
        (first, second), either = self._in_order(pairs)
        left, right = np.append(first, second[either]), np.append(second, first[either])
        of, records = np.append(np.arange(first.size), np.flatnonzero(either)), self.records
        codes = self._by_parts(
            (left, right), lambda part, work: plain_agreement(records, *part, work)
        )
        family, given = rarity_bits(self.rarity, codes, left, right)
        coded = records.coded()
        written = records.written()[:, :_NUMBERS].T
        apart = [
            _apart(held, self._slipped(hashes, left, right), left, right)
            for held, hashes in zip((coded.card, coded.national_id), written, strict=True)
        ]
        seen = Observed(
            codes, cells(records, left, right), family + given, given, np.zeros(left.size, np.bool_)
        )
        return _Brief(of, seen, apart[0], apart[1], *_phones(coded, left, right))

    def _slipped(self, written: Hashes, left: Rows, right: Rows) -> Flags:
        """Which of two numbers that differ may do so by a slip: bool[pairs]."""
        if self.spelled is None:
            return np.ones(left.size, np.bool_)
        known = self.spelled.written
        order = np.argsort(known)
        at = order[np.minimum(np.searchsorted(known, written, sorter=order), known.size - 1)]
        places = np.where(known[at] == written, at, -1).astype(np.int32)
        held = self.spelled._replace(codes=places)
        return np.asarray(number_agreement(held, left, right) != DIFFERENT)


class _Brief(NamedTuple):
    """What sketches tell of pairs: all but whether numbers that differ do so by a slip.

    There is a row for each order in which the records of a pair may stand: `of` int64[rows] is the
    pair. `seen` leaves numbers out; `card`, `number` int16[rows] are their codes, where a slip is
    what may be one; `phone` int16[rows] is as if phones differed, and `shared` bool[rows] tells
    where they may be of both households even so.
    """

    of: npt.NDArray[np.int64]
    seen: Observed
    card: Codes
    number: Codes
    phone: Codes
    shared: Flags

    def take(self, kept: Flags) -> "_Brief":
        """Keep some of the pairs."""
        rows = self._rows(kept[self.of])
        return rows._replace(of=(np.cumsum(kept) - 1)[rows.of])

    def _rows(self, kept: Flags) -> "_Brief":
        numbers = self.card[kept], self.number[kept], self.phone[kept]
        return _Brief(self.of[kept], self.seen.take(kept), *numbers, self.shared[kept])

    def most(self, mixture: Mixture, household: int = MISSING) -> Bits:
        """The most that the pairs may weigh, as their households agree so: float64[pairs].

        Numbers that differ may differ by a slip, and phones may be of both households.
        """
        most = np.full(int(self.of.max(initial=-1)) + 1, -np.inf)
        for card, number, both in product((DIFFERENT, SLIP), (DIFFERENT, SLIP), (False, True)):
            some = np.ones(self.of.size, np.bool_)
            if card == SLIP:
                some &= self.card == SLIP
            if number == SLIP:
                some &= self.number == SLIP
            if both:
                some &= self.shared
            held = self._rows(some)
            codes = held.seen.codes.copy()
            codes[:, CARD] = np.where(held.card == SLIP, card, held.card)
            codes[:, NATIONAL_ID] = np.where(held.number == SLIP, number, held.number)
            codes[:, PHONE] = held.phone - int(both) * (OTHER_PHONE - OF_HOUSEHOLD)
            codes[:, HOUSEHOLD] = household
            weight = classify(mixture, replace(held.seen, codes=codes)).weight
            np.maximum.at(most, held.of, weight)
        return most


def _phones(coded: Coded, left: Rows, right: Rows) -> tuple[Codes, Flags]:
    """The codes of phones as if they differed, and where they may be of both households."""
    marked = (coded.marks[left] != 0) & (coded.marks[right] != 0)
    both = (coded.phone[left] >= 0) & (coded.phone[right] >= 0)
    within = (coded.household[left] >= 0) & (coded.household[left] == coded.household[right])
    same = both & (coded.phone[left] == coded.phone[right])
    differ = np.where(both, OWN, POOLED) * LEVELS + OTHER_PHONE
    compared = np.where(within, both, marked)
    codes = np.where(same, SAME, np.where(compared, differ, MISSING)).astype(np.int16)
    shared = marked & ((coded.marks[left] & coded.marks[right]) != 0) & ~within & ~same
    return codes, np.asarray(shared)


def _apart(held: Rows, slipped: Flags, left: Rows, right: Rows) -> Codes:
    """Code two numbers: missing, the same, a slip where it may be one, or different."""
    one, other = held[left], held[right]
    known = np.where(one == other, SAME, np.where(slipped, SLIP, DIFFERENT))
    return np.where((one >= 0) & (other >= 0), known, MISSING).astype(np.int16)


def floor_of(mixture: Mixture) -> float:
    """The weight, household apart, below which a pair is neither kept nor says anything of others.

    Whatever its household may add, it then speaks for nobody, and against a link no louder than a
    pair that was never compared.
    """
    return _Floors.of(mixture).compared


class _Floors(NamedTuple):
    """Weights in bits; up to these a pair is neither kept nor says anything of others.

    `kept` is that of the whole weight. `alone` and `compared` are those of the weight that a pair
    has but for its household: where nobody speaks for it, and whoever does.
    """

    kept: float
    alone: float
    compared: float

    @classmethod
    def of(cls, mixture: Mixture) -> "_Floors":
        match, household, stranger = _of_households(mixture)
        gain = np.maximum(np.log2(match / np.minimum(household, stranger)), 0.0)
        faintest = float(SUPPORT.min())
        least = min(UNCOMPARED, float(np.log2(faintest / (1 - faintest)))) - _SLACK
        alone, compared = least - float(gain[NONE]), least - float(gain.max())
        return cls(least, max(HOPELESS, alone), max(HOPELESS, compared))


def _of_households(mixture: Mixture) -> tuple[Bits, Bits, Bits]:
    """How probable each level of support is in each class: float64[levels] each."""
    match, household, stranger = (
        table[HOUSEHOLD, : NONE + 1]
        for table in (mixture.match, mixture.household, mixture.stranger)
    )
    return match, household, stranger


def _lifted(mixture: Mixture) -> Mixture:
    """The mixture with support that lifts a pair, when it is `SURE`, at least as much as any."""
    match, *others = _of_households(mixture)
    tables = [table.copy() for table in (mixture.match, mixture.household, mixture.stranger)]
    for table, some in zip(tables, (match, *others), strict=True):
        table[HOUSEHOLD, SURE] = float((some / match).min())
    return replace(mixture, match=tables[0], household=tables[1], stranger=tables[2])
