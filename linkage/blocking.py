"""Blocking rules to candidate pairs.

Built on the indexing of the Python Record Linkage Toolkit (de Bruin 2019).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import recordlinkage

from linkage.model import Model
from linkage.records import Records

Pairs = npt.NDArray[np.int64]


def candidates(records: Records, model: Model) -> Pairs:
    """Pairs of records that agree on the columns of a rule, each once.

    Returns:
        int64[n, 2], positions of records, left > right as the toolkit has it, sorted.
    """
    found = [_agreeing(records.frame, rule) for rule in model.rules]
    pairs = pd.concat([pair.to_frame(index=False) for pair in found]).drop_duplicates()
    return np.asarray(pairs.to_numpy(np.int64)[np.lexsort(pairs.to_numpy().T)])


def _agreeing(frame: pd.DataFrame, rule: tuple[str, ...]) -> pd.MultiIndex:
    known = frame.dropna(subset=list(rule))
    if known.empty:
        return pd.MultiIndex.from_arrays([[], []], names=["left", "right"])
    index = recordlinkage.index.Block(left_on=list(rule)).index(known)
    return index.set_names(["left", "right"])
