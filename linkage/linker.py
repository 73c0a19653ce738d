"""Train, deduplicate, search: the steps composed."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage import blocking, clustering, comparison, estimation
from linkage.blocking import Pairs
from linkage.estimation import Sample
from linkage.model import Model, Rule, TrainedModel
from linkage.records import Records

RANDOM_PAIRS = 200_000


@dataclass(frozen=True)
class Linkage:
    """What was found among records.

    Attributes:
        pairs: int64[n, 2], positions, lower first: pairs at or above the review threshold.
        weights: float64[n], match weights of the pairs, prior included (log2 odds).
        clusters: int32[records], the position of the first record of each one's cluster.
    """

    pairs: Pairs
    weights: npt.NDArray[np.float64]
    clusters: npt.NDArray[np.int32]


def train(records: Records, model: Model, *, seed: int, link: float, review: float) -> TrainedModel:
    """Estimate a model on the records themselves; the same seed gives the same estimates."""
    drawn = comparison.compare(records, records, _random_pairs(len(records), seed), model)
    u = estimation.frequencies(model, drawn, np.ones(len(drawn)))
    matched, m = estimation.estimate(
        model, [_sample(records, model, one) for one in model.rules], u
    )
    prior = (matched + 1) / (len(records) * (len(records) - 1) / 2 + 2)
    m_rows, u_rows = _rows(m), _rows(u)
    text = repr((model, prior, m_rows, u_rows, link, review))
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return TrainedModel(model, prior, m_rows, u_rows, link, review, version)


def _sample(records: Records, model: Model, rule: Rule) -> Sample:
    pairs = blocking.agreeing(records, rule)
    return Sample(comparison.compare(records, records, pairs, model), rule.settles)


def deduplicate(records: Records, trained: TrainedModel) -> Linkage:
    """Find who is who among records."""
    pairs = blocking.candidates(records, trained.model)
    weights = weigh(records, records, pairs, trained)
    kept = weights >= trained.review
    pairs, weights = np.sort(pairs[kept], axis=1), weights[kept]
    links = weights >= trained.link
    clusters = clustering.cluster(records, pairs[links], weights[links], trained.model.apart)
    return Linkage(pairs, weights, clusters)


def weigh(
    left: Records, right: Records, pairs: Pairs, trained: TrainedModel
) -> npt.NDArray[np.float64]:
    """Match weight of each pair (log2 odds): the prior's weight plus one for each comparison."""
    patterns = comparison.compare(left, right, pairs, trained.model)
    m = tuple(np.array(row) for row in trained.m)
    u = tuple(np.array(row) for row in trained.u)
    prior = float(np.log2(trained.prior / (1 - trained.prior)))
    return np.asarray(estimation.weights(patterns, m, u) + prior)


def _random_pairs(records: int, seed: int) -> Pairs:
    drawn = np.random.default_rng(seed).integers(0, records, (RANDOM_PAIRS, 2))
    return np.asarray(drawn[drawn[:, 0] != drawn[:, 1]])


def _rows(levels: estimation.Levels) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in levels)
