"""The pairs of some records, without all others at hand."""

import numpy as np

from linkage.cambodia.blocking import Candidates, Scope, candidates
from linkage.cambodia.index import Index
from linkage.cambodia.pairs import Evidence, compare, joined
from linkage.cambodia.people import People
from linkage.cambodia.streaming import sift
from linkage.cambodia.training import HOPELESS
from linkage.mixture import Mixture


def pairs_around(records: People, mixture: Mixture, scope: Scope) -> Evidence:
    """Find the pairs worth weighing of the touched records, and what weighing them takes.

    `records` are the touched ones, those that share a key with them, and the households of all.
    Pairs within a household are there whether touched or not: they tell whom a household may
    support.
    """
    index = Index.of(records, common=scope.common)
    found = sift(index, mixture, floor=HOPELESS, wanted=scope.touched)
    nobody = Scope(scope.common, np.zeros(len(records), np.bool_))
    mates = candidates(records, scope=nobody)
    others = ~(scope.touched[mates.left] | scope.touched[mates.right])
    untouched = Candidates(mates.left[others], mates.right[others], 0)
    return joined([found, compare(records, untouched)])
