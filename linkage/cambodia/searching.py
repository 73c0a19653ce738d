"""Weigh one described person against records, by the model of a batch run."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from linkage.cambodia.blocking import Candidates
from linkage.cambodia.pairs import compare
from linkage.cambodia.people import People
from linkage.cambodia.trained import Model
from linkage.mixture import classify, in_steps


def weigh_one(records: People, model: Model, asked: int, *, size: int) -> npt.NDArray[np.float64]:
    """The match weight of every record with the one at place `asked`: float64[records].

    A described person is on no list, so the prior is the mean of those of all pairs of lists, in a
    population of `size` records; that of the record with itself is infinite.
    """
    others = np.delete(np.arange(len(records), dtype=np.int32), asked)
    left, right = np.minimum(others, asked), np.maximum(others, asked)
    pairs = Candidates(left.astype(np.int32), right.astype(np.int32), 0)
    seen = replace(compare(records, pairs).seen, cell=np.zeros(len(others), np.int32))
    weights = np.full(len(records), np.inf)
    weights[others] = in_steps(classify(model.anywhere(size), seen).weight)
    return weights
