"""What the lists say of people, as the arrays that evidence is drawn from.

Records are put in the order of list and record number, so that nothing later depends on the order
in which they came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cambodia.name_parts import Names, name_parts
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
    the household or case under which a list names several members, each once: -1 for the others.
    `household` int32[records] numbers what is known of the household across lists: -1 unknown.
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
    household: Rows

    def __len__(self) -> int:
        return len(self.order)


def people(source: Sequence[str], number: Sequence[str], columns: Mapping[str, Column]) -> People:
    """Read normalised records.

    Args:
        source: the list of each record, as `idpoor`.
        number: the record number of each in its list.
        columns: the normalised columns by name; one that is absent is missing throughout.

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
    cards, listed, household = _households(lists[order], numbered[order], taken)
    phone = numbers(taken["phone"])
    return People(
        order=order.astype(np.int32),
        source=codes.astype(np.int16),
        sources=tuple(sources),
        names=name_parts(taken),
        dates=birth_dates(taken["birth_date"], taken["stated_on"]),
        places=places(taken["village"]),
        sex=np.array([SEXES.get(value or "", -1) for value in taken["sex"]], np.int8),
        national_id=numbers(taken["national_id"]),
        equity_card=numbers(cards),
        phone=phone,
        phones=pool(phone.codes, household),
        listed=listed,
        household=household,
    )


def _taken(columns: Mapping[str, Column], name: str, order: npt.NDArray[np.intp]) -> Column:
    if name not in columns:
        return [None] * len(order)
    values = np.asarray(columns[name], dtype=object)[order]
    return [None if pd.isna(value) else str(value) for value in values]


def _households(
    lists: npt.NDArray[np.object_], numbered: npt.NDArray[np.object_], taken: Mapping[str, Column]
) -> tuple[list[str | None], Rows, Rows]:
    """Find the households that lists name, and those that cards make across lists.

    Returns the equity card of each record, its own or that of another member whom its list puts in
    the same household; the household within the list, numbered; and the household across lists.
    """
    within = _within_lists(lists, numbered, taken)
    held = zip(within, taken["equity_card"], strict=True)
    card_of = {house: card for house, card in held if house and card}
    cards = [
        card or card_of.get(house or "")
        for house, card in zip(within, taken["equity_card"], strict=True)
    ]
    across = [card or house for house, card in zip(within, cards, strict=True)]
    return cards, _coded(within), _coded(across)


def _within_lists(
    lists: npt.NDArray[np.object_], numbered: npt.NDArray[np.object_], taken: Mapping[str, Column]
) -> list[str | None]:
    """Name the household or case under which each record's list puts it together with others."""
    mothers = set(zip(lists, taken["mother"], strict=True))
    named = []
    columns = (taken["household"], taken["mother"])
    for source, own, house, mother in zip(lists, numbered, *columns, strict=True):
        case = mother or (own if (source, own) in mothers else None)
        within = case or house
        named.append(f"{source}|{within}" if within else None)
    return named


def _coded(values: list[str | None]) -> Rows:
    return pd.factorize(np.array(values, dtype=object))[0].astype(np.int32)
