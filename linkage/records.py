"""Records: normalised fields as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd


@dataclass(frozen=True)
class Records:
    """Records in columns, in a stated order.

    Attributes:
        ids: one a record, distinct.
        frame: a column a field, a row a record, indexed 0 to n - 1; absent values are None.
    """

    ids: tuple[int, ...]
    frame: pd.DataFrame

    @classmethod
    def of(cls, ids: Sequence[int], columns: Mapping[str, Sequence[str | None]]) -> Self:
        """Records from columns of equal length.

        Raises:
            ValueError: a column is longer or shorter than the ids, or an id stands twice.
        """
        if len(set(ids)) != len(ids):
            raise ValueError("ids of records must be distinct")
        for name, values in columns.items():
            if len(values) != len(ids):
                raise ValueError(f"column {name} has {len(values)} values for {len(ids)} records")
        frame = pd.DataFrame(dict(columns), index=pd.RangeIndex(len(ids)), dtype=object)
        return cls(tuple(ids), frame.where(frame.notna(), None))

    def __len__(self) -> int:
        return len(self.ids)
