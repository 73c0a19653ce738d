"""Records as dictionary-coded columns: each distinct value is kept and analysed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.strings import Strings, strings_of

MISSING = -1

Codes = npt.NDArray[np.int32]
Values = npt.NDArray[np.object_]


class Table(Protocol):
    """What a measure of its own knows of a column's distinct values, row for row."""

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Keep some rows, in the order given."""
        ...

    def join(self, other: Self) -> Self:
        """Append the rows of another."""
        ...


@dataclass(frozen=True, eq=False)
class Column:
    """One field of all records: `codes` int32[records] into `distinct` object[distinct].

    A missing value has code -1. `table`, where there is one, holds what a measure of its own
    analysed of each distinct value.
    """

    codes: Codes
    distinct: Values
    table: Table | None = None

    @classmethod
    def of(cls, values: Sequence[str | None] | npt.NDArray[np.object_]) -> "Column":
        """Code a sequence of strings; None, NaN and the empty string are missing."""
        codes, distinct = pd.factorize(np.asarray(values, dtype=object))
        empty = np.flatnonzero(distinct == "")
        if empty.size:
            codes[codes == empty[0]] = MISSING
        return cls(codes.astype(np.int32), distinct)

    @cached_property
    def strings(self) -> Strings:
        """The distinct values laid out for the string kernels."""
        return strings_of(self.distinct.tolist())

    @cached_property
    def forms(self) -> dict[str, Codes]:
        """The forms of the distinct values that were asked for: see `linkage.forms`."""
        return {}

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many records hold each distinct value: int64[distinct]."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.distinct))

    def value(self, record: int) -> str | None:
        """What the field says of one record."""
        code = self.codes[record]
        return None if code == MISSING else str(self.distinct[code])

    def take(self, rows: npt.NDArray[np.integer]) -> "Column":
        """Keep some records, with only the distinct values that they hold."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        gap = int(used.size > 0 and used[0] == MISSING)
        kept = used[gap:].astype(np.intp)
        table = None if self.table is None else self.table.take(kept)
        return Column((codes - gap).astype(np.int32), self.distinct[kept], table)

    def join(self, other: "Column") -> "Column":
        """Append the records of another column; equal values get one code."""
        both = np.concatenate([self.distinct, other.distinct])
        merged, distinct = pd.factorize(both)
        shift = len(self.distinct)
        later = np.where(other.codes == MISSING, MISSING, other.codes + shift)
        raw = np.concatenate([self.codes, later])
        codes = np.append(merged, MISSING)[raw].astype(np.int32)
        table = None
        if self.table is not None and other.table is not None:
            firsts = np.unique(merged, return_index=True)[1]
            table = self.table.join(other.table).take(firsts)
        return Column(codes, distinct, table)


@dataclass(frozen=True, eq=False)
class Records:
    """Who is to be linked: distinct `ids` [records], the columns by name, and the list of each.

    `source` int8[records] numbers the list that a record is on; without it all are on list 0.
    """

    ids: npt.NDArray[np.object_]
    columns: Mapping[str, Column]
    source: npt.NDArray[np.int8]

    @classmethod
    def of(
        cls,
        ids: Sequence[str] | npt.NDArray[np.object_],
        columns: Mapping[str, Sequence[str | None] | Column],
        *,
        source: npt.NDArray[np.int8] | None = None,
    ) -> "Records":
        """Code the columns that are not coded yet.

        Raises:
            ValueError: A column is not as long as the ids, or an id appears twice.
        """
        coded = {
            name: values if isinstance(values, Column) else Column.of(values)
            for name, values in columns.items()
        }
        for name, column in coded.items():
            if len(column.codes) != len(ids):
                raise ValueError(f"column {name} has {len(column.codes)} values, not {len(ids)}")
        listed = np.zeros(len(ids), np.int8) if source is None else source
        records = cls(np.asarray(ids, dtype=object), coded, listed)
        if (np.diff(records._sorted_hashes) == 0).any():
            raise ValueError("an id appears twice")
        return records

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _hashes(self) -> npt.NDArray[np.uint64]:
        return pd.util.hash_array(self.ids, categorize=False) ^ (
            self.source.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        )

    @property
    def _sorted_hashes(self) -> npt.NDArray[np.uint64]:
        return np.sort(self._hashes)

    @cached_property
    def order(self) -> npt.NDArray[np.int32]:
        """The records list by list, in an order that only their ids decide: int32[records].

        Within a list it is as good as random, so that a stretch of it is a sample; nothing that
        follows it depends on the order in which records came.
        """
        return np.lexsort((self._hashes, self.source)).astype(np.int32)

    @property
    def possible_pairs(self) -> int:
        """How many pairs could be linked at all: of different lists where there are several."""
        lists = np.bincount(self.source, minlength=1).tolist()
        if len(lists) - lists.count(0) > 1:
            return int(len(self) ** 2 - sum(size**2 for size in lists)) // 2
        return len(self) * (len(self) - 1) // 2

    def take(self, rows: npt.NDArray[np.integer]) -> "Records":
        """Keep some records, in the order given."""
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        return Records(self.ids[rows], columns, self.source[rows])

    def join(self, other: "Records") -> "Records":
        """Append the records of another list as the next source.

        Raises:
            ValueError: The two do not have the same columns.
        """
        if self.columns.keys() != other.columns.keys():
            raise ValueError("the lists do not have the same columns")
        columns = {name: self.columns[name].join(other.columns[name]) for name in self.columns}
        later = other.source + (self.source.max(initial=-1) + 1)
        ids = np.concatenate([self.ids, other.ids])
        return Records(ids, columns, np.concatenate([self.source, later.astype(np.int8)]))
