"""How a list is laid out, where its sender knows better than the file tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from registry.schemes.fields import Field

Confirmed = Mapping[str, Field | None]
"""Heading → what it is about; None when it is about nothing that the registry knows."""
NOTHING_CONFIRMED: Confirmed = MappingProxyType({})


@dataclass(frozen=True)
class Layout:
    """What a sender says of a list; None, or no heading, where the file is to tell.

    Attributes:
        encoding: of a text that is not in Unicode.
        sheet: name of the sheet that is the list.
        heading_row: number of the row that holds the headings, from 1.
        headings: what columns are about, by their headings.
    """

    encoding: str | None = None
    sheet: str | None = None
    heading_row: int | None = None
    headings: Confirmed = field(default_factory=lambda: NOTHING_CONFIRMED)

    @property
    def says_nothing(self) -> bool:
        """Whether the file is to tell everything."""
        return self == PLAIN

    def over(self, other: Self) -> Self:
        """This layout, with what another one says where this one says nothing."""
        return type(self)(
            self.encoding or other.encoding,
            self.sheet if self.sheet is not None else other.sheet,
            self.heading_row if self.heading_row is not None else other.heading_row,
            {**other.headings, **self.headings},
        )

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        headings = {name: meaning and meaning.value for name, meaning in self.headings.items()}
        return {
            "encoding": self.encoding,
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "headings": headings,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> Self:
        """Read back what `as_json` gave; None is a layout that says nothing."""
        if value is None:
            return cls()
        headings = {name: word and Field(word) for name, word in value["headings"].items()}
        return cls(value["encoding"], value["sheet"], value["heading_row"], headings)


PLAIN = Layout()
