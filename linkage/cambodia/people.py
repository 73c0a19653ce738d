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

from linkage.cambodia.background import Background, counted
from linkage.cambodia.homes import homes
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.name_parts import Hashes, Names, in_words, names_sent, with_cuts
from linkage.cambodia.phones import Phones, pool, pool_marks
from linkage.cambodia.told import Coded
from linkage.dates import BirthDates, birth_dates
from linkage.identifiers import Numbers, numbers
from linkage.places import Places, places
from linkage.texts import Column, Order, Rows, Texts, coded

Numbered = npt.NDArray[np.int64]

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
ALL: Final = slice(None)
SEXES: Final = {"male": 0, "female": 1}


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
    granted of the population; `words` are those that `names` numbers.
    """

    order: Rows
    source: npt.NDArray[np.int16]
    sources: tuple[str, ...]
    names: Names
    words: Sequence[str]
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

    def coded(self) -> Coded:
        """The numbers that they share with others."""
        return Coded(
            self.equity_card.codes, self.national_id.codes, self.phone.codes, self.household,
            self.listed, pool_marks(self.phones, self.phone.written),
        )  # fmt: skip

    def has_mates(self) -> npt.NDArray[np.bool_]:
        """Whether the household of each has another member: bool[records]."""
        known = self.household >= 0
        members = np.bincount(self.household[known], minlength=1)
        return np.asarray(known & (members[self.household] > 1))

    def written(self, rows: Order | slice = ALL) -> Hashes:
        """Card, national ID, phone and listed household: uint64[rows, 4], 0 where missing."""
        numbers = (self.equity_card, self.national_id, self.phone)
        held = [(number.written, number.codes) for number in numbers]
        held.append((self.listed_as, self.listed))
        columns = [np.append(written, np.uint64(0))[codes[rows]] for written, codes in held]
        return np.column_stack(columns)


@dataclass(frozen=True, eq=False, repr=False)
class Kept:
    """What is kept beside records that are stored.

    Attributes:
        secret: 16 characters that numbers are hashed with, so that what is stored of them tells
            nothing of them; see `linkage.identifiers.numbers`.
        lexicon: words that were analysed before.
    """

    secret: str | None = None
    lexicon: Lexicon | None = None


NOTHING_KEPT: Final = Kept()


def people(
    source: Column,
    number: Column | Numbered,
    columns: Mapping[str, Column],
    *,
    background: Background | None = None,
    kept: Kept = NOTHING_KEPT,
) -> People:
    """Read normalised records.

    Args:
        source: the list of each record, as `idpoor`.
        number: the record number of each in its list, or its place among them.
        columns: the normalised columns by name; one that is absent is missing throughout.
        background: that of the model in use; counted on these records to train one.
        kept: what is kept beside records that are stored.

    Raises:
        ValueError: a column is not as long as the others.
    """
    size = len(source)
    wrong = [name for name, values in columns.items() if len(values) != size]
    if wrong or len(number) != size:
        raise ValueError(f"not of {size} records: {', '.join(wrong) or 'number'}")
    order, lists = _in_order(source, number)
    texts = {
        name: coded(columns[name], order) if name in columns else _missing(size)
        for name in TEXT_COLUMNS
    }
    home = homes(lists, texts)
    phone = numbers(texts["phone"], kept.secret)
    dates = birth_dates(texts["birth_date"], texts["stated_on"])
    sent = names_sent(texts)
    known = counted(sent, dates) if background is None else background
    words = in_words(with_cuts(sent, known.families, known.givens))
    sexes = np.array([*(SEXES.get(value, -1) for value in texts["sex"].distinct), -1], np.int8)
    return People(
        order=order.astype(np.int32),
        source=lists.codes.astype(np.int16),
        sources=tuple(lists.distinct),
        names=(kept.lexicon or Lexicon.of({})).read(words),
        words=words.spelled,
        dates=dates,
        places=places(texts["village"]),
        sex=sexes[texts["sex"].codes],
        national_id=numbers(texts["national_id"], kept.secret),
        equity_card=numbers(home.cards, kept.secret),
        phone=phone,
        phones=pool(phone.codes, home.across),
        listed=home.listed,
        listed_as=home.listed_as,
        household=home.across,
        homes=home.shared,
        background=known,
    )


def _in_order(source: Column, number: Column | Numbered) -> tuple[Order, Texts]:
    """Order records by list and number; the list of each, the lists in order too."""
    codes, lists = pd.factorize(np.asarray(source, dtype=object), sort=True)
    if isinstance(number, pd.Categorical):
        ranks = np.argsort(np.argsort(number.categories.to_numpy(object)))
        order = np.lexsort((np.append(ranks, -1)[number.codes], codes))
    elif isinstance(number, np.ndarray) and number.dtype == np.int64:
        order = np.lexsort((number, codes))
    else:
        order = np.lexsort((np.asarray(number, dtype=str), codes))
    return order, Texts(codes[order].astype(np.int32), lists)


def _missing(size: int) -> Texts:
    return Texts(np.full(size, -1, np.int32), np.empty(0, object))
