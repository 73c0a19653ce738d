"""The steps composed: train a model, find the duplicates of a list, link two lists."""

import os
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.blocking import Cost
from linkage.clustering import Constraints, Members, cluster
from linkage.estimation import Sample
from linkage.estimation import train as estimate
from linkage.model import Model, TrainedModel
from linkage.pairs import Candidates
from linkage.patterns import Decisions
from linkage.records import Records
from linkage.scoring import Scored, Scorer, score


@dataclass(frozen=True, eq=False)
class Linkage:
    """Who is who.

    `left`, `right` int32[pairs] (`left` below `right`, in order) and `weight` float32[pairs] are
    the pairs at or above the review threshold; `clusters` int32[records] gives each record the
    smallest index among those it is linked with; `costs` says what each blocking rule took.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float32]
    clusters: npt.NDArray[np.int32]
    costs: tuple[Cost, ...]


def train(
    records: Records, model: Model, *, seed: int, decisions: Decisions | None = None
) -> TrainedModel:
    """Estimate a declared model: see `linkage.estimation.train`."""
    return estimate(records, model, Sample(seed), decisions=decisions)


def deduplicate(
    records: Records,
    trained: TrainedModel,
    *,
    constraints: Constraints | None = None,
    threads: int | None = None,
) -> Linkage:
    """Find the records of one person in one list, or across the lists of joined records.

    The result does not depend on the order of the records, nor on `threads` (all by default).

    Raises:
        ModelMismatchError: The records do not fit the model.
    """
    known = Constraints.none() if constraints is None else constraints
    model = trained.model
    scorer = Scorer(records, trained)
    candidates = Candidates.of(records, model.rules, model.fields, largest=model.largest_block)
    scored = score(candidates, scorer, threads=threads or os.cpu_count() or 1)
    pairs = _indexed(scored, records)
    members = Members(_ranks(records), records.source)
    clusters = cluster(pairs, members, known, link=model.link)
    return Linkage(pairs.left, pairs.right, pairs.weight, clusters, candidates.costs)


def link(
    here: Records,
    there: Records,
    trained: TrainedModel,
    *,
    one_to_one: bool = True,
    threads: int | None = None,
) -> Linkage:
    """Link two lists, of which no pair within a list is compared.

    `right` and the clusters count on: record `i` of the second list is `len(here) + i`.
    """
    known = Constraints.none()
    known = Constraints(known.same, known.different, one_to_one=one_to_one)
    return deduplicate(here.join(there), trained, constraints=known, threads=threads)


def _ranks(records: Records) -> npt.NDArray[np.int32]:
    ranks = np.empty(len(records), np.int32)
    ranks[records.order] = np.arange(len(records), dtype=np.int32)
    return ranks


def _indexed(scored: Scored, records: Records) -> Scored:
    """Turn positions into indices, in order."""
    a, b = records.order[scored.left], records.order[scored.right]
    left, right = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((right, left))
    return Scored(left[order], right[order], scored.weight[order])
