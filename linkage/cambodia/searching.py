"""Weigh one described person against records, by the model of a batch run."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from linkage.cambodia.blocking import Candidates
from linkage.cambodia.evidence import Rarity, plain_agreement, rarity_bits
from linkage.cambodia.pairs import compare
from linkage.cambodia.people import People
from linkage.cambodia.told import Told
from linkage.cambodia.trained import Model
from linkage.mixture import Observed, classify, in_steps
from linkage.texts import Rows

Weights = npt.NDArray[np.float64]


def weigh_one(records: People, model: Model, asked: int, *, size: int) -> Weights:
    """The match weight of every record with the one at place `asked`: float64[records].

    A described person is on no list, so the prior is the mean of those of all pairs of lists, in a
    population of `size` records; that of the record with itself is infinite.
    """
    left, right = _with_all_others(len(records), asked)
    seen = compare(records, Candidates(left, right, 0)).seen
    return _weights(seen, model, asked, size)


def weigh_described(records: Told, model: Model, asked: int, *, size: int) -> Weights:
    """The same where of the one at place `asked` no number is known, nor a household.

    It takes no more of the others than what they are in brief (`linkage.cambodia.sketches`).
    """
    left, right = _with_all_others(len(records), asked)
    codes = plain_agreement(records, left, right)
    family, given = rarity_bits(Rarity.of(records), codes, left, right)
    together = np.zeros(left.size, np.bool_)
    seen = Observed(codes, np.zeros(left.size, np.int32), family + given, given, together)
    return _weights(seen, model, asked, size)


def _with_all_others(size: int, asked: int) -> tuple[Rows, Rows]:
    others = np.delete(np.arange(size, dtype=np.int32), asked)
    one = np.int32(asked)
    return np.minimum(others, one), np.maximum(others, one)


def _weights(seen: Observed, model: Model, asked: int, size: int) -> Weights:
    anywhere = replace(seen, cell=np.zeros_like(seen.cell))
    weights = in_steps(classify(model.anywhere(size), anywhere).weight)
    return np.insert(weights, asked, np.inf)
