"""What the lists say of people, as the arrays that evidence is drawn from.

Records are put in the order of list and record number, so that nothing later depends on the order
in which they came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cambodia.background import Background, counted
from linkage.cambodia.name_parts import (
    Hashes,
    Names,
    hashed,
    name_parts,
    names_sent,
    with_cuts,
)
from linkage.cambodia.phones import Phones, pool
from linkage.dates import BirthDates, birth_dates
from linkage.identifiers import Numbers, numbers
from linkage.places import Places, places

TEXT_COLUMNS: Final = (
    "family_khmer",
    "given_khmer",
    "name_khmer",
    "family_latin",
    "given_latin",
    "name_latin",
    "sex",
    "birth_date",
    "village",
    "national_id",
    "equity_card",
    "phone",
    "household",
    "mother",
    "stated_on",
)
SEXES: Final = {"male": 0, "female": 1}

Column = Sequence[str | None]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class People:
    """Records, one place each, ordered by list and number.

    `order` int32[records] is the place that each had in the input. `source` int16[records] numbers
    the lists `sources`; `sex` int8[records] is 0, 1, or -1 unknown. `listed` int32[records] numbers
    the household or case under which a list names members, each once: -1 for the others;
    `listed_as` uint64[households] numbers it the same everywhere.
    `household` int32[records] numbers what is known of the household across lists: -1 unknown.
    `homes` uint64[records, 2]: numbers, the same everywhere, of the household that the list names
    and of the record's own card, 0 where there is none; what is known of a household comes from all
    records that share one of them, directly or through others. `background` is what is taken for
    granted of the population.
    """

    order: Rows
    source: npt.NDArray[np.int16]
    sources: tuple[str, ...]
    names: Names
    dates: BirthDates
    places: Places
    sex: npt.NDArray[np.int8]
    national_id: Numbers
    equity_card: Numbers
    phone: Numbers
    phones: Phones
    listed: Rows
    listed_as: Hashes
    household: Rows
    homes: Hashes
    background: Background

    def __len__(self) -> int:
        return len(self.order)


def people(
    source: Sequence[str],
    number: Sequence[str],
    columns: Mapping[str, Column],
    *,
    background: Background | None = None,
) -> People:
    """Read normalised records.

    Args:
        source: the list of each record, as `idpoor`.
        number: the record number of each in its list.
        columns: the normalised columns by name; one that is absent is missing throughout.
        background: that of the model in use; counted on these records to train one.

    Raises:
        ValueError: a column is not as long as the others.
    """
    size = len(source)
    wrong = [name for name, values in columns.items() if len(values) != size]
    if wrong or len(number) != size:
        raise ValueError(f"not of {size} records: {', '.join(wrong) or 'number'}")
    lists = np.asarray(source, dtype=object)
    numbered = np.asarray(number, dtype=object)
    order = np.lexsort((numbered, lists)) if size else np.empty(0, np.int64)
    codes, sources = pd.factorize(lists[order], sort=True)
    taken = {name: _taken(columns, name, order) for name in TEXT_COLUMNS}
    homes = _households(lists[order], taken)
    phone = numbers(taken["phone"])
    dates = birth_dates(taken["birth_date"], taken["stated_on"])
    sent = names_sent(taken)
    known = counted(sent, dates) if background is None else background
    return People(
        order=order.astype(np.int32),
        source=codes.astype(np.int16),
        sources=tuple(sources),
        names=name_parts(with_cuts(sent, known.families, known.givens)),
        dates=dates,
        places=places(taken["village"]),
        sex=np.array([SEXES.get(value or "", -1) for value in taken["sex"]], np.int8),
        national_id=numbers(taken["national_id"]),
        equity_card=numbers(homes.cards),
        phone=phone,
        phones=pool(phone.codes, homes.across),
        listed=homes.listed,
        listed_as=homes.listed_as,
        household=homes.across,
        homes=homes.shared,
        background=known,
    )


def _taken(columns: Mapping[str, Column], name: str, order: npt.NDArray[np.intp]) -> Column:
    if name not in columns:
        return [None] * len(order)
    values = np.asarray(columns[name], dtype=object)[order]
    return [None if pd.isna(value) else str(value) for value in values]


class _Households(NamedTuple):
    """What is known of the households of records.

    `cards`: the equity card of each record, its own or that of another member whom its list puts in
    the same household. `listed`, `listed_as`, `across` as in `People`, and `shared` as `homes`.
    """

    cards: list[str | None]
    listed: Rows
    listed_as: Hashes
    across: Rows
    shared: Hashes


def _households(lists: npt.NDArray[np.object_], taken: Mapping[str, Column]) -> _Households:
    """Find the households that lists name, and those that cards make across lists."""
    within = [
        f"{source}|{mother or house}" if mother or house else None
        for source, mother, house in zip(lists, taken["mother"], taken["household"], strict=True)
    ]
    held = zip(within, taken["equity_card"], strict=True)
    card_of = {house: card for house, card in held if house and card}
    cards = [
        card or card_of.get(house or "")
        for house, card in zip(within, taken["equity_card"], strict=True)
    ]
    across = [card or house for house, card in zip(within, cards, strict=True)]
    listed, listed_as = _coded(within)
    own, own_as = _coded([card and f"card|{card}" for card in taken["equity_card"]])
    shared = np.column_stack(
        [np.append(numbers, np.uint64(0))[codes]
         for codes, numbers in ((listed, listed_as), (own, own_as))]
    )  # fmt: skip
    return _Households(cards, listed, listed_as, _coded(across)[0], shared)


def _coded(values: list[str | None]) -> tuple[Rows, Hashes]:
    codes, distinct = pd.factorize(np.array(values, dtype=object))
    return codes.astype(np.int32), hashed(distinct)
