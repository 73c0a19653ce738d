"""The households that lists name, and those that cards make across lists."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cambodia.name_parts import Hashes, hashed
from linkage.texts import Rows, Texts, combined


class Homes(NamedTuple):
    """What is known of the households of records.

    `cards`: the equity card of each record, its own or that of another member whom its list puts in
    the same household. `listed`, `listed_as`, `across` as in `People`, and `shared` as `homes`.
    """

    cards: Texts
    listed: Rows
    listed_as: Hashes
    across: Rows
    shared: Hashes


def homes(lists: Texts, columns: Mapping[str, Texts]) -> Homes:
    """Find the households of records; a case that names its mother's is of her household."""
    own = columns["equity_card"]
    house = columns["mother"].or_else(columns["household"])
    listed, named = combined(
        np.where(house.codes >= 0, lists.codes, np.int32(-1)).astype(np.int32), house.codes
    )
    nowhere = named[:, 1] < 0
    listed = np.append(np.where(nowhere, -1, np.cumsum(~nowhere) - 1), -1)[listed].astype(np.int32)
    named = named[~nowhere]
    names = zip(lists.distinct[named[:, 0]], house.distinct[named[:, 1]], strict=True)
    listed_as = hashed([f"{source}|{name}" for source, name in names])
    own_as = hashed([f"card|{card}" for card in own.distinct])
    cards = _with_those_of_members(own, listed, len(listed_as))
    across = pd.factorize(np.where(cards.codes >= 0, cards.codes, listed + len(own.distinct)))
    nobody = (cards.codes < 0) & (listed < 0)
    return Homes(
        cards=cards,
        listed=listed,
        listed_as=listed_as,
        across=np.where(nobody, -1, across[0]).astype(np.int32),
        shared=np.column_stack([_numbered(listed, listed_as), _numbered(own.codes, own_as)]),
    )


def _with_those_of_members(own: Texts, listed: Rows, households: int) -> Texts:
    """The card of each record, or else of the last member of its household who has one."""
    card_of = np.full(households + 1, -1, np.int32)
    known = (own.codes >= 0) & (listed >= 0)
    card_of[listed[known]] = own.codes[known]
    return own._replace(codes=np.where(own.codes >= 0, own.codes, card_of[listed]))


def _numbered(codes: Rows, numbers: Hashes) -> npt.NDArray[np.uint64]:
    return np.append(numbers, np.uint64(0))[codes]
