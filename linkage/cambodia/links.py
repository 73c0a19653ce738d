"""Who is who on the lists, and which of it is certain.

Two nested partitions answer two questions. `clusters` is the likeliest partition into persons.
`certain` is what may be linked without an officer: clusters there grow only where the evidence of
all pairs between them sums to `SURE`, by a pair that is itself likely, and no guard forbids it.
What is together in the first and not in the second is for officers to look at.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.cambodia.guards import Guard, Guards, guards
from linkage.cambodia.index import Index
from linkage.cambodia.pairs import Evidence
from linkage.cambodia.people import People
from linkage.cambodia.streaming import sift
from linkage.cambodia.trained import Model
from linkage.cambodia.training import HOPELESS
from linkage.mixture import in_steps, matching
from linkage.partition import WeightedPairs, partition
from linkage.texts import Rows

LIKELY: Final = 4.5
SURE: Final = 6.3
PASSES: Final = 2


@dataclass(frozen=True, eq=False)
class Links:
    """The result; records are numbered by their place in `People`.

    `weight` float64[pairs], in bits, of the pairs of `evidence`; `guard` int8[pairs] says why only
    an officer may link a pair, see `linkage.cambodia.guards`. `clusters`, `certain` int32[records]:
    the two partitions, each labelled by the first record; `certain` is the finer.
    """

    evidence: Evidence
    weight: npt.NDArray[np.float64]
    guard: Guards
    clusters: Rows
    certain: Rows


def link(
    records: People, model: Model, *, index: Index | None = None, context: bool = True
) -> Links:
    """Find the persons among the records.

    `index` is that of the records, where it is at hand. Without `context` households say nothing of
    their members beyond the numbers that they share.
    """
    blocked = Index.of(records) if index is None else index
    size = len(records)
    sifted = sift(blocked, model.fitted(records.sources, size), floor=HOPELESS)
    evidence, weight = weigh(records, model, sifted, size=size, context=context)
    clusters = evidence.clusters(weight, size)
    guard = guards(records, evidence)
    certain = _certain(evidence, weight, guard, clusters)
    return Links(evidence, weight, guard, clusters, certain)


def weigh(
    records: People, model: Model, compared: Evidence, *, size: int, context: bool = True
) -> tuple[Evidence, npt.NDArray[np.float64]]:
    """Weigh pairs in a population of `size` records; hopeless ones are left out.

    The weight of a pair is a matter of the model, the size, and the records of the two households.
    So it is the same whichever other records are at hand. Weights are multiples of 1/1024 bit.
    Household context is drawn from the pairs without it, and then once more from those with it.
    """
    mixture = model.fitted(records.sources, size)
    evidence, found = compared, matching(mixture, compared.seen)
    kept = (found.weight > HOPELESS) | compared.seen.different
    if not kept.all():
        evidence = compared.take(kept)
        found = matching(mixture, evidence.seen)
    for _ in range(PASSES if context else 0):
        evidence = evidence.with_household(records, found)
        del found
        found = matching(mixture, evidence.seen)
    return evidence, in_steps(found.weight)


def _certain(
    evidence: Evidence, weight: npt.NDArray[np.float64], guard: Guards, clusters: Rows
) -> Rows:
    """Cluster anew within the clusters, by certain links alone.

    Two national IDs, or what may be twins, do not meet through a third record either.
    """
    apart = clusters[evidence.left] != clusters[evidence.right]
    apart |= (guard == Guard.TWO_NATIONAL_IDS) | (guard == Guard.TWINS)
    weight = np.where(guard == Guard.NONE, weight, 0.0)
    pairs = WeightedPairs(evidence.left, evidence.right, weight, evidence.seen.different | apart)
    return partition(pairs, len(clusters), least=LIKELY, support=SURE)
