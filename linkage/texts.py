"""Columns of text as numbers: what is done for each distinct value is done once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Rows = npt.NDArray[np.int32]
Order = npt.NDArray[np.intp]
Column = Sequence[str | None] | npt.NDArray[np.object_] | pd.Categorical
"""A column as it comes; missing is None or the empty text. A categorical one is never spelt out."""


class Texts(NamedTuple):
    """A column of text.

    `codes` int32[records] places each among `distinct` object[values], which are in order of their
    first appearance; -1 where missing.
    """

    codes: Rows
    distinct: npt.NDArray[np.object_]

    def or_else(self, other: "Texts") -> "Texts":
        """These texts, and where they are missing those of another column."""
        both = np.concatenate([self.distinct, other.distinct])
        number, values = pd.factorize(both)
        mine = _looked_up(number[: len(self.distinct)], self.codes)
        theirs = _looked_up(number[len(self.distinct) :], other.codes)
        return Texts(np.where(mine >= 0, mine, theirs).astype(np.int32), values)


def coded(column: Column, order: Order | None = None) -> Texts:
    """Code a column, its records taken in an order where one is given."""
    if isinstance(column, pd.Categorical):
        known = column.categories.to_numpy(object)
        taken = column.codes if order is None else column.codes[order]
        codes, places = pd.factorize(taken)
        values = or_none(known)[places]
    else:
        given = np.asarray(column, dtype=object)
        codes, values = pd.factorize(given if order is None else given[order])
    absent = pd.isna(values) | (values == "")
    if not absent.any():
        return Texts(codes.astype(np.int32), values)
    number = np.where(absent, -1, np.cumsum(~absent) - 1)
    return Texts(_looked_up(number, codes), values[~absent])


def or_none(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """These values with None behind them, where the code of what is missing finds it."""
    return np.concatenate([values, np.array([None], object)])


def combined(*columns: Rows) -> tuple[Rows, Rows]:
    """Number the distinct rows of some columns of codes.

    int32[records], and int32[distinct, columns] in order of first appearance.
    """
    codes = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        width = int(column.max(initial=-1)) + 2
        codes = pd.factorize(codes * width + (column + np.int64(1)))[0]
    first = np.empty(int(codes.max(initial=-1)) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes.astype(np.int32), np.stack([column[first] for column in columns], axis=1)


def _looked_up(table: npt.NDArray[np.integer], codes: npt.NDArray[np.integer]) -> Rows:
    """What a table says of each code, -1 for those that are missing."""
    found: Rows = np.append(table, -1).astype(np.int32)[codes]
    return found
