"""Links to clusters, honouring what never goes together."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from linkage.blocking import Pairs
from linkage.records import Records

Labels = npt.NDArray[np.int32]


def cluster(
    records: Records, pairs: Pairs, weights: npt.NDArray[np.float64], apart: Sequence[str]
) -> Labels:
    """Join linked records, the heaviest pair first, unless the joined would hold two values.

    Args:
        records: all of them, in the order that settles ties.
        pairs: int64[n, 2], links only.
        weights: float64[n].
        apart: columns of which a cluster may hold one value at most.

    Returns:
        int32[records]: the position of the first record of each one's cluster.
    """
    parent = list(range(len(records)))
    held = [
        [{value} if value is not None else set() for value in records.frame[column]]
        for column in apart
    ]

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    low, high = np.sort(pairs, axis=1).T
    for at in np.lexsort((high, low, -weights)):
        first, second = sorted((root(int(low[at])), root(int(high[at]))))
        if first == second or any(len(values[first] | values[second]) > 1 for values in held):
            continue
        parent[second] = first
        for values in held:
            values[first] |= values[second]
    return np.array([root(record) for record in range(len(records))], np.int32)
