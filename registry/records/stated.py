"""Statements of a list on their way into the registry, from the process that parses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, Self

from registry.columns import VALUE_COLUMNS
from registry.copying import field_at


@dataclass(frozen=True)
class Stated:
    """Statements of a list, column by column.

    Attributes:
        rows: their numbers in the file.
        numbers: their record numbers.
        values: the fields of `VALUE_COLUMNS` of each, in the binary format of COPY.
    """

    rows: Sequence[int]
    numbers: Sequence[str]
    values: Sequence[bytes]

    @classmethod
    def of(
        cls, rows: Sequence[int], numbers: Sequence[str], values: Sequence[bytes | None]
    ) -> Self:
        """The statements of some rows; one without values is none.

        Half of a surrogate pair, which the database does not take, is replaced.
        """
        numbers = [one if one.isascii() else one.encode("utf-8", "replace").decode()
                   for one in numbers]  # fmt: skip
        if None in values:
            taken = [each is not None for each in values]
            rows, numbers = list(compress(rows, taken)), list(compress(numbers, taken))
        return cls(rows, numbers, [each for each in values if each is not None])


NOTHING_STATED: Final = Stated((), (), ())


def as_sent(values: bytes) -> bytes:
    """The row of a statement as it was sent, sealed."""
    return field_at(values, VALUE_COLUMNS.index("as_sent")) or b""
