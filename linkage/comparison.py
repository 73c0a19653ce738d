"""Ordered levels of agreement of candidate pairs.

Built on the comparing of the Python Record Linkage Toolkit (de Bruin 2019).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import recordlinkage
from recordlinkage.base import BaseCompareFeature

from linkage.blocking import Pairs
from linkage.model import MISSING, Comparison, Model
from linkage.records import Records

Patterns = npt.NDArray[np.int8]


class _Prefix(BaseCompareFeature):  # type: ignore[misc] # the toolkit is not typed
    """Length of the common beginning of two codes, as a share of the shorter one's."""

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
        pairs = zip(left, right, strict=True)
        return pd.Series([_common_beginning(a, b) for a, b in pairs], index=left.index)


def compare(left: Records, right: Records, pairs: Pairs, model: Model) -> Patterns:
    """The level of each comparison for each pair: 0 is the best, `MISSING` where a side is absent.

    Returns:
        int8[pairs, comparisons].
    """
    index = pd.MultiIndex.from_arrays([pairs[:, 0], pairs[:, 1]])
    columns = [_levels(left.frame, right.frame, index, one) for one in model.comparisons]
    return np.column_stack(columns) if columns else np.empty((len(pairs), 0), np.int8)


def _levels(
    left: pd.DataFrame, right: pd.DataFrame, index: pd.MultiIndex, comparison: Comparison
) -> Patterns:
    best = np.full(len(index), -1.0)
    for column in comparison.columns:
        known = (
            left[column].notna().to_numpy()[index.get_level_values(0)]
            & right[column].notna().to_numpy()[index.get_level_values(1)]
        )
        if known.any():
            values = _similarity(left, right, index[known], (comparison.measure, column))
            best[known] = np.maximum(best[known], values)
    level = np.full(len(index), len(comparison.bounds), np.int8)
    for number in range(len(comparison.bounds) - 1, -1, -1):
        level[best >= comparison.bounds[number] - 1e-9] = number
    level[best < 0] = MISSING
    return level


def _similarity(
    left: pd.DataFrame, right: pd.DataFrame, index: pd.MultiIndex, measured: tuple[str, str]
) -> npt.NDArray[np.float64]:
    measure, column = measured
    compare = recordlinkage.Compare()
    if measure == "jaro_winkler":
        compare.string(column, column, method="jarowinkler")
    elif measure == "prefix":
        compare.add(_Prefix(column, column))
    else:
        compare.exact(column, column)
    return np.asarray(compare.compute(index, left, right).to_numpy(np.float64)[:, 0])


def _common_beginning(a: str, b: str) -> float:
    shorter = min(len(a), len(b))
    same = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    return same / shorter if shorter else 0.0
