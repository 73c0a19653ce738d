"""How agreement of several kinds is written as one number.

A comparison may see a pair in different ways: two full dates, or a date and an age. Each way is a
kind with its own levels. The code of a pair is `kind * LEVELS + level`, -1 where a value is
missing on either side.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

LEVELS: Final = 16
KINDS: Final = 16
SIZE: Final = LEVELS * KINDS
MISSING: Final = -1

Codes = npt.NDArray[np.int16]


def by_kind(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """View float64[..., SIZE] as float64[..., KINDS, LEVELS]."""
    return table.reshape(*table.shape[:-1], KINDS, LEVELS)


def shares(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn counts float64[..., SIZE] into shares that sum to 1 within each kind."""
    kinds = by_kind(counts)
    return np.asarray((kinds / kinds.sum(axis=-1, keepdims=True)).reshape(counts.shape))
