"""The pairs of some records, without all others at hand."""

from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
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
from linkage.cambodia.households import NONE, SUPPORT
from linkage.cambodia.index import Index
from linkage.cambodia.name_agreement import Work
from linkage.cambodia.pairs import Evidence, cells
from linkage.cambodia.people import People
from linkage.cambodia.phones import DIFFERENT as OTHER_PHONE
from linkage.cambodia.phones import OF_HOUSEHOLD, OWN, POOLED
from linkage.cambodia.reach import Reach, laid_out, may_reach
from linkage.cambodia.streaming import sift
from linkage.cambodia.told import Told
from linkage.cambodia.training import HOPELESS
from linkage.identifiers import DIFFERENT, SAME, SLIP
from linkage.mixture import Mixture, Observed, classify
from linkage.partition import UNCOMPARED
from linkage.texts import Rows

_SLACK: Final = 0.01


def pairs_among(records: People, mixture: Mixture, common: Hashes) -> Evidence:
    """Find the pairs worth weighing among records, and what weighing them takes.

    Of every household all members are there, else what households say of their members is lost;
    `common` uint64[keys], in order, are the keys that are common among all records.
    """
    return sift(Index.of(records, common=common), mixture, floor=floor_of(mixture))


def may_matter(records: Told, pairs: tuple[Rows, Rows], mixture: Mixture) -> npt.NDArray[np.bool_]:
    """Tell which pairs of records may be worth weighing: bool[pairs]."""
    floor, rarity = floor_of(mixture), Rarity.of(records)
    work = Work.on(records.names)
    reach = Reach.of(mixture, records, floor)
    kept = may_reach(laid_out(records, rarity), pairs, reach, work)
    left, right = pairs[0][kept], pairs[1][kept]
    kept[kept] = _most(records, (left, right), mixture, (rarity, work)) > floor
    return kept


def _most(
    records: Told, pairs: tuple[Rows, Rows], mixture: Mixture, at_hand: tuple[Rarity, Work]
) -> npt.NDArray[np.float64]:
    """The most that pairs may weigh, their households' other pairs apart: float64[pairs].

    Numbers that differ may differ by a slip, and phones that may be of both households may not be.
    """
    (left, right), (rarity, work) = pairs, at_hand
    codes = plain_agreement(records, left, right, work)
    family, given = rarity_bits(rarity, codes, left, right)
    coded = records.coded()
    apart = [_apart(held, left, right) for held in (coded.card, coded.national_id)]
    marked = (coded.marks[left] != 0) & (coded.marks[right] != 0)
    both = (coded.phone[left] >= 0) & (coded.phone[right] >= 0)
    within = (coded.household[left] >= 0) & (coded.household[left] == coded.household[right])
    shared = marked & ((coded.marks[left] & coded.marks[right]) != 0) & ~within
    differ = np.where(both, OWN, POOLED) * LEVELS + OTHER_PHONE
    of_both = differ - OTHER_PHONE + OF_HOUSEHOLD
    compared = np.where(within, both, marked)
    same = both & (coded.phone[left] == coded.phone[right])
    most = np.full(left.size, -np.inf)
    for card, number, phone in product((SLIP, DIFFERENT), (SLIP, DIFFERENT), (differ, of_both)):
        codes[:, CARD] = np.where(apart[0] > 0, card, apart[0])
        codes[:, NATIONAL_ID] = np.where(apart[1] > 0, number, apart[1])
        said = np.where(shared, phone, differ)
        codes[:, PHONE] = np.where(same, SAME, np.where(compared, said, MISSING))
        cell = cells(records, left, right)
        seen = Observed(codes, cell, family + given, given, np.zeros(left.size, np.bool_))
        most = np.maximum(most, classify(mixture, seen).weight)
    return most


def _apart(held: Rows, left: Rows, right: Rows) -> Codes:
    """Code two numbers: missing, the same, or above for others."""
    one, other = held[left], held[right]
    known = np.where(one == other, SAME, DIFFERENT)
    return np.where((one >= 0) & (other >= 0), known, MISSING).astype(np.int16)


def floor_of(mixture: Mixture) -> float:
    """The weight, household apart, below which a pair is neither kept nor says anything of others.

    Whatever its household may add, it then speaks for nobody, and against a link no louder than a
    pair that was never compared.
    """
    levels = slice(0, NONE + 1)
    others = np.minimum(mixture.stranger[HOUSEHOLD, levels], mixture.household[HOUSEHOLD, levels])
    gain = float(np.log2(mixture.match[HOUSEHOLD, levels] / others).max())
    faintest = float(SUPPORT.min())
    least = min(UNCOMPARED, float(np.log2(faintest / (1 - faintest))))
    return max(HOPELESS, least - max(gain, 0.0) - _SLACK)
