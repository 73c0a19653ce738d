"""What must be known of a scheme to read its list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from registry.schemes.fields import Field
from registry.schemes.values.coded import RELATIONSHIPS, SEXES, Codebook
from registry.schemes.values.identifiers import NumberForm


class Unit(StrEnum):
    """Who is enrolled: each person, or a household with all its members."""

    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A scheme and the form of its list.

    Attributes:
        code: stable name, as `idpoor`.
        name: English name.
        name_km: Khmer name.
        headings: field → headings of this scheme's own, separated by `|`, the usual one first;
            they come before the vocabulary of all lists.
        number: form of the record numbers.
        patterns: field → what its numbers look like; others are flagged and taken.
        sexes: words of the sex column.
        relations: words of the relationship column.
        categories: words of the category column; None when every category is kept as written.
        household: the fields that group rows into a household or case, the first with a value.
        relationships: category → relationship, for lists that say the one by the other.
        unit: who is enrolled.
        stale_after_days: age in days after which the scheme's list no longer proves anything.
    """

    code: str
    name: str
    name_km: str
    headings: Mapping[Field, str]
    number: NumberForm
    patterns: Mapping[Field, re.Pattern[str]] = field(default_factory=lambda: MappingProxyType({}))
    sexes: Codebook = SEXES
    relations: Codebook = RELATIONSHIPS
    categories: Codebook | None = None
    household: tuple[Field, ...] = ()
    relationships: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit: Unit = Unit.PERSON
    stale_after_days: int = 365

    def usual_heading(self, meaning: Field) -> str:
        """The heading that this scheme's lists usually have for a field."""
        return self.headings[meaning].split("|")[0]

    def knowing(self, confirmed: Mapping[str, Field]) -> "Scheme":
        """The same scheme, which also knows these headings: heading → what an officer says it is.

        They come before all others, so that a confirmed heading is known in the next file.
        """
        headings = dict(self.headings)
        for heading, meaning in confirmed.items():
            own = headings.get(meaning, "")
            headings[meaning] = f"{own}|{heading.replace('|', ' ')}" if own else heading
        return replace(self, headings=headings)
