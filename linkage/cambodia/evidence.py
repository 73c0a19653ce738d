"""The comparisons of the Cambodian model: what two records say of each other.

| comparison | kinds | levels |
|---|---|---|
| family, given | both Khmer, both Latin, across | by the sounds' distance; 8: part of the name |
| order | | as stated, swapped, cut elsewhere, both |
| birth date | by how each was stated, child, grown up, rounded age | see `linkage.dates` |
| place | villages, wider | same village, commune, district, province, elsewhere |
| card, national ID | | same, one slip, different |
| phone | own, pooled | same, of the household, different |
| sex | | same, different |
| household | | other members who match: surely, likely, maybe, none |
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.cambodia.name_agreement import SAME_TEXT, Work, name_agreement
from linkage.cambodia.name_parts import FAMILY_KHMER, FAMILY_LATIN, GIVEN_KHMER, GIVEN_LATIN
from linkage.cambodia.people import People
from linkage.cambodia.phones import phone_agreement
from linkage.cambodia.told import Told
from linkage.dates import date_agreement
from linkage.identifiers import number_agreement
from linkage.places import place_agreement
from linkage.texts import Rows

COMPARISONS: Final = (
    "family",
    "given",
    "order",
    "birth_date",
    "place",
    "card",
    "phone",
    "sex",
    "national_id",
    "household",
)
FAMILY, GIVEN, ORDER, BIRTH_DATE, PLACE, CARD, PHONE, SEX, NATIONAL_ID, HOUSEHOLD = range(10)
_RARITY_COUNTS: Final = np.array([1.0, 1.0, 1.0, 1.0, 0.8, 0.4, 0.0, 0.0, 0.3] + [0.0] * 7)
MOST_RARITY: Final = 5.0
_CHUNK: Final = 1 << 20

Bits = npt.NDArray[np.float64]


class RarityOfPart(NamedTuple):
    """How many bits rarer a part of each name is than parts that agree by chance.

    `khmer`, `latin` int32[records] are its words, -1 missing. `sounds` float64[words + 1] are the
    bits of each by the skeleton of its sound, `spelled` by the very word; the last are for what is
    missing.
    """

    khmer: Rows
    latin: Rows
    sounds: Bits
    spelled: Bits

    def by_sound(self, rows: Rows | slice) -> Bits:
        """The bits of some records by their sound: float64[rows]."""
        khmer = self.khmer[rows]
        return np.asarray(self.sounds[np.where(khmer >= 0, khmer, self.latin[rows])])

    def by_word(self, rows: Rows | slice) -> Bits:
        """The bits of some records by the word in Khmer script, where they have one."""
        return np.asarray(self.spelled[self.khmer[rows]])


class Rarity(NamedTuple):
    """How rare the family names and the given names of records are."""

    family: RarityOfPart
    given: RarityOfPart

    @classmethod
    def of(cls, records: Told) -> "Rarity":
        """Find how rare each skeleton, and each word, is in the population."""
        known, names = records.background.rarities, records.names
        parts = names.parts.T
        family, given = (
            (np.append(sounds.of_words(names.heard), 0.0),
             np.append(words.of_words(names.written), 0.0))
            for sounds, words in ((known.family_sounds, known.family_words),
                                  (known.given_sounds, known.given_words))
        )  # fmt: skip
        return cls(
            RarityOfPart(parts[FAMILY_KHMER], parts[FAMILY_LATIN], *family),
            RarityOfPart(parts[GIVEN_KHMER], parts[GIVEN_LATIN], *given),
        )


def agreement(records: People, left: Rows, right: Rows, work: Work | None = None) -> Codes:
    """Code what pairs of records say of each other: int16[pairs, comparisons].

    The household is not yet compared: it rests on the other pairs. `work` is a thread's own room.
    """
    codes = plain_agreement(records, left, right, work)
    for chunk in _chunks(left.size):
        one, other = left[chunk], right[chunk]
        codes[chunk, CARD] = number_agreement(records.equity_card, one, other)
        codes[chunk, PHONE] = phone_agreement(records.phones, one, other)
        codes[chunk, NATIONAL_ID] = number_agreement(records.national_id, one, other)
    return codes


def plain_agreement(records: Told, left: Rows, right: Rows, work: Work | None = None) -> Codes:
    """The same for all but numbers, which are left as missing."""
    room = work or Work.on(records.names, pairs=left.size)
    codes = np.full((left.size, len(COMPARISONS)), MISSING, np.int16)
    grown = records.background.grown
    for chunk in _chunks(left.size):
        one, other = left[chunk], right[chunk]
        codes[chunk, FAMILY], codes[chunk, GIVEN], codes[chunk, ORDER] = name_agreement(
            records.names, one, other, room
        )
        codes[chunk, BIRTH_DATE] = date_agreement(records.dates, one, other, grown=grown)
        codes[chunk, PLACE] = place_agreement(records.places, one, other)
        sex, same = records.sex, (records.sex[one] == records.sex[other])
        known = (sex[one] >= 0) & (sex[other] >= 0)
        codes[chunk, SEX] = np.where(known, np.where(same, 0, 1), MISSING)
    return codes


def _chunks(size: int) -> Iterator[slice]:
    for start in range(0, size, _CHUNK):
        yield slice(start, start + _CHUNK)


def rarity_bits(rarity: Rarity, codes: Codes, left: Rows, right: Rows) -> tuple[Bits, Bits]:
    """What the rarity of agreeing names adds for each pair, in bits: family, given name."""
    family = _agreed(rarity.family, codes[:, FAMILY], left, right)
    return family, _agreed(rarity.given, codes[:, GIVEN], left, right)


def _agreed(rarity: RarityOfPart, codes: Codes, left: Rows, right: Rows) -> Bits:
    words = rarity.by_word(left) + rarity.by_word(right)
    sounds = rarity.by_sound(left) + rarity.by_sound(right)
    mean = np.where(codes == SAME_TEXT, words, sounds) / 2
    counts = _RARITY_COUNTS[codes % LEVELS] * (codes >= 0)
    return np.asarray(np.clip(mean, -MOST_RARITY, MOST_RARITY) * counts)
