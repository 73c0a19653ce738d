"""Blocking rules to candidate pairs.

Built on the indexing of the Python Record Linkage Toolkit (de Bruin 2019).
"""

import numpy as np
import numpy.typing as npt
import recordlinkage

from linkage.model import Model, Rule
from linkage.records import Records

Pairs = npt.NDArray[np.int64]


def candidates(records: Records, model: Model) -> Pairs:
    """Pairs of records that agree on the columns of a rule, each once.

    Returns:
        int64[n, 2], positions of records, left > right as the toolkit has it, sorted.
    """
    found = np.concatenate([agreeing(records, rule) for rule in model.rules])
    return np.unique(found, axis=0)


def agreeing(records: Records, rule: Rule) -> Pairs:
    """Pairs of records that agree on all columns of one rule; int64[n, 2]."""
    known = records.frame.dropna(subset=list(rule.columns))
    if known.empty:
        return np.empty((0, 2), np.int64)
    index = recordlinkage.index.Block(left_on=list(rule.columns)).index(known)
    return np.asarray(index.to_frame().to_numpy(np.int64))
