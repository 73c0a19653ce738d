"""The most that a pair can come to, found before it is compared in full.

Candidates are many and almost all are hopeless. For each pair the cheap comparisons are made, on
rows that lie side by side in the order of the blocks; the pair goes on only if the best that its
names could say would still bring it to the floor, then only if what the words of its names do say
would. A bound is never below the weight itself, so nothing is lost.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, SIZE
from linkage.cambodia.evidence import (
    BIRTH_DATE,
    CARD,
    COMPARISONS,
    FAMILY,
    GIVEN,
    MOST_RARITY,
    NATIONAL_ID,
    ORDER,
    PHONE,
    PLACE,
    SEX,
    Rarity,
)
from linkage.cambodia.name_agreement import (
    CUT_ELSEWHERE,
    Work,
    at_hand,
    may_be_cut_anew,
    scripts_met,
    words_reach,
)
from linkage.cambodia.phones import DIFFERENT as OTHER_PHONE
from linkage.cambodia.phones import OF_HOUSEHOLD, OWN, POOLED
from linkage.cambodia.told import Told
from linkage.compiled import compiled, inlined, unowned
from linkage.dates import date_code
from linkage.identifiers import DIFFERENT, SAME, SLIP
from linkage.mixture import Mixture
from linkage.places import place_code

_PLACE_AT: Final = 7
_SOURCE, _SEX, _CARD, _ID, _PHONE, _HOUSE, _MARKS, _LISTED = range(11, 19)
_WORDS: Final = 19
_RARE: Final = 23
WIDTH: Final = 24
_GRAIN: Final = 1024
_SLACK: Final = 0.01
_MASKS: Final = 4
_SCRIPTS: Final = 3

Rows = npt.NDArray[np.int32]
Bits = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def laid_out(records: Told, rarity: Rarity) -> Rows:
    """Lay what the bounds read of each record side by side: int32[records, WIDTH]."""
    rows = np.empty((len(records), WIDTH), np.int32)
    rows[:, :_PLACE_AT] = records.dates.rows
    rows[:, _PLACE_AT:_SOURCE] = records.places.prefixes
    rows[:, _SOURCE] = records.source
    rows[:, _SEX] = records.sex
    coded = records.coded()
    rows[:, _CARD] = coded.card
    rows[:, _ID] = coded.national_id
    rows[:, _PHONE] = coded.phone
    rows[:, _HOUSE] = coded.household
    rows[:, _MARKS] = coded.marks
    rows[:, _LISTED] = coded.listed
    rows[:, _WORDS:_RARE] = records.names.parts
    every = slice(None)
    family, given = (np.maximum(part.by_sound(every), part.by_word(every)) for part in rarity)
    rows[:, _RARE] = np.ceil((np.maximum(family, 0) + np.maximum(given, 0)) * _GRAIN)
    return rows


class Reach(NamedTuple):
    """What agreement is worth against strangers, in bits.

    `bits` float32[comparisons, SIZE + 1], the last for what is missing; `prior` float32[cells] by
    pair of lists, of which there are `lists` a side; `names`, `anew` float32[16]: the most that
    names can say, and that they can say when cut anew, by the scripts of both records; `families`
    float32[3]: the most that a family name and the order can say, by the script that names meet in.
    """

    bits: Bits
    prior: Bits
    lists: int
    names: Bits
    anew: Bits
    families: Bits
    grown: int
    floor: float

    @classmethod
    def of(cls, mixture: Mixture, records: Told, floor: float) -> "Reach":
        """Draw the bounds from a mixture."""
        bits = np.zeros((len(COMPARISONS), SIZE + 1), np.float32)
        bits[:, :SIZE] = np.log2(mixture.match) - np.log2(mixture.stranger)
        for kind in (OWN, POOLED):
            of_both = bits[PHONE, kind * LEVELS + OF_HOUSEHOLD : kind * LEVELS + OTHER_PHONE + 1]
            of_both[0] = of_both.max()
        names, anew = np.zeros(16, np.float32), np.zeros(16, np.float32)
        for one in range(1, _MASKS):
            for other in range(1, _MASKS):
                most = np.array([_most(bits, script) for script in scripts_met(one, other)])
                names[one * _MASKS + other], anew[one * _MASKS + other] = most.max(axis=0)
        prior = np.log2(mixture.prior_match).astype(np.float32)
        grown, lists = records.background.grown, len(records.sources)
        return cls(bits, prior, lists, names, anew, _families(bits), grown, floor - _SLACK)


def _families(bits: Bits) -> Bits:
    order = max(0.0, float(bits[ORDER, : CUT_ELSEWHERE + 2].max()))
    kinds = [bits[FAMILY, kind * LEVELS : (kind + 1) * LEVELS].max() for kind in range(_SCRIPTS)]
    return np.array(kinds, np.float32) + np.float32(order)


def _most(bits: Bits, script: int) -> tuple[float, float]:
    """The most that names in one script can say: in any way, and cut anew."""
    kind = slice(script * LEVELS, (script + 1) * LEVELS)
    family, given, order = bits[FAMILY, kind], bits[GIVEN, kind], bits[ORDER, : CUT_ELSEWHERE + 2]
    most = float(family.max() + given.max()) + max(0.0, float(order.max()))
    return most, float((family + given).max()) + max(0.0, float(order[CUT_ELSEWHERE:].max()))


class View(NamedTuple):
    """Some blocks: `rows` int32[entries, WIDTH], block by block; the block of each ends at `last`.

    int32[entries]. A pair is wanted where either of `wanted` uint8[entries] is.
    """

    rows: Rows
    last: Rows
    wanted: npt.NDArray[np.uint8]


class Cursor(NamedTuple):
    """Where the making of pairs stands: the next entry and its next partner."""

    place: int
    partner: int


@compiled
def promising(
    view: View, reach: Reach, work: Work, at: Cursor, out: tuple[Rows, Rows]
) -> tuple[int, Cursor]:
    """Fill `out` with the next entries whose pairs may reach the floor; tell where to go on."""
    left, right = out
    made, place, partner = 0, at.place, at.partner
    rows, wanted, last = unowned(view.rows), unowned(view.wanted), unowned(view.last)
    held, hand = _at_hand(reach), at_hand(work)
    while place < len(rows):
        while partner < last[place]:
            if made == left.size:
                return made, Cursor(place, partner)
            if (wanted[place] | wanted[partner]) and (
                (rows[place, _LISTED] >= 0 and rows[place, _LISTED] == rows[partner, _LISTED])
                or _may_reach(rows, place, partner, held, hand)
            ):
                left[made] = place
                right[made] = partner
                made += 1
            partner += 1
        place += 1
        partner = place + 1
    return made, Cursor(place, partner)


def may_reach(rows: Rows, pairs: tuple[Rows, Rows], reach: Reach, work: Work) -> Flags:
    """Tell which pairs of rows may reach the floor: bool[pairs]."""
    out = np.empty(pairs[0].size, np.bool_)
    _may_all_reach(rows, pairs, (reach, work), out)
    return out


@compiled
def _may_all_reach(
    rows: Rows, pairs: tuple[Rows, Rows], asked: tuple[Reach, Work], out: Flags
) -> None:
    (left, right), (reach, work) = pairs, asked
    laid, held, hand = unowned(rows), _at_hand(reach), at_hand(work)
    for k in range(left.size):
        out[k] = _may_reach(laid, left[k], right[k], held, hand)


@inlined
def _at_hand(reach: Reach) -> Reach:
    """The same, for the body of a compiled function: see `unowned`."""
    return Reach(
        unowned(reach.bits),
        unowned(reach.prior),
        reach.lists,
        unowned(reach.names),
        unowned(reach.anew),
        unowned(reach.families),
        reach.grown,
        reach.floor,
    )


@inlined
def _may_reach(rows: Rows, a: int, b: int, reach: Reach, work: Work) -> bool:
    bits = reach.bits
    first, second = rows[a, _SOURCE], rows[b, _SOURCE]
    total = reach.prior[min(first, second) * reach.lists + max(first, second)]
    total += bits[BIRTH_DATE, date_code(rows, a, b, reach.grown)]
    total += bits[PLACE, place_code(rows, a, b, _PLACE_AT)]
    if rows[a, _SEX] >= 0 and rows[b, _SEX] >= 0:
        total += bits[SEX, int(rows[a, _SEX] != rows[b, _SEX])]
    total += _number(bits[CARD], rows[a, _CARD], rows[b, _CARD])
    total += _number(bits[NATIONAL_ID], rows[a, _ID], rows[b, _ID])
    total += bits[PHONE, _phone(rows, a, b)]
    total += min((rows[a, _RARE] + rows[b, _RARE]) / (2 * _GRAIN), 2 * MOST_RARITY)
    scripts = _scripts(rows, a) * _MASKS + _scripts(rows, b)
    if total + reach.names[scripts] < reach.floor:
        return False
    if reach.names[scripts] == 0:
        return True
    one, other = rows[a, _WORDS:_RARE], rows[b, _WORDS:_RARE]
    if words_reach(work, one, other, (bits, reach.families), reach.floor - total):
        return True
    return total + reach.anew[scripts] >= reach.floor and may_be_cut_anew(work, one, other)


@inlined
def _number(bits: Bits, one: int, other: int) -> float:
    """The most that two numbers can say: whether they differ by a slip is not looked at."""
    if one < 0 or other < 0:
        return 0.0
    return float(bits[SAME] if one == other else max(bits[SLIP], bits[DIFFERENT]))


@inlined
def _phone(rows: Rows, a: int, b: int) -> int:
    both = rows[a, _PHONE] >= 0 and rows[b, _PHONE] >= 0
    if both and rows[a, _PHONE] == rows[b, _PHONE]:
        return SAME
    kind = OWN if both else POOLED
    if rows[a, _HOUSE] >= 0 and rows[a, _HOUSE] == rows[b, _HOUSE]:
        return OWN * LEVELS + OTHER_PHONE if both else MISSING
    if rows[a, _MARKS] == 0 or rows[b, _MARKS] == 0:
        return MISSING
    shared = rows[a, _MARKS] & rows[b, _MARKS]
    return kind * LEVELS + (OF_HOUSEHOLD if shared else OTHER_PHONE)


@inlined
def _scripts(rows: Rows, a: int) -> int:
    """Whether the given name is known in Khmer (1) and in Latin script (2)."""
    return int(rows[a, _WORDS + 1] >= 0) + 2 * int(rows[a, _WORDS + 3] >= 0)
