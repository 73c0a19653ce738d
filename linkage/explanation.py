"""Why two records weigh what they do: the very contributions that the engine added up."""

from dataclasses import dataclass

import numpy as np

from linkage.model import TrainedModel
from linkage.pairs import Pairs, matrix
from linkage.records import Records
from linkage.scoring import Scorer, rarity_bits


@dataclass(frozen=True)
class Contribution:
    """What one comparison adds to the match weight, in bits.

    `weight` counts in `rarity`, the part that is due to how rare the values are.
    """

    field: str
    left: str | None
    right: str | None
    level: str
    weight: float
    rarity: float


@dataclass(frozen=True)
class Explanation:
    """A match weight, and what it is made of: the prior and the contributions sum to it exactly."""

    weight: float
    prior: float
    contributions: tuple[Contribution, ...]
    model_version: str


def explain(records: Records, trained: TrainedModel, i: int, j: int) -> Explanation:
    """Explain the pair of records `i` and `j`, whether or not a blocking rule finds it.

    Raises:
        ModelMismatchError: The records do not fit the model.
    """
    pair = records.take(np.array([i, j]))
    scorer = Scorer(pair, trained)
    first = int(pair.order[0])
    rows = Pairs(
        matrix(pair, trained.model.fields),
        np.array([first], np.int32),
        np.array([1 - first], np.int32),
    )
    contributions = tuple(_contribution(scorer, rows, c) for c in range(len(scorer.evidence)))
    total = sum((one.weight for one in contributions), start=scorer.prior)
    return Explanation(total, scorer.prior, contributions, trained.version)


def _contribution(scorer: Scorer, pair: Pairs, c: int) -> Contribution:
    out = np.empty(1, np.uint8)
    scorer.comparers[c].levels(pair, c, out)
    level = int(out[0])
    comparison = scorer.trained.model.comparisons[c]
    evidence = scorer.evidence[c]
    column = scorer.records.columns[comparison.field]
    rarity = 0.0
    if evidence.scales[level] != 0:
        codes = [int(pair.codes[row, c]) for row in (pair.left[0], pair.right[0])]
        rarity = float(rarity_bits(evidence, level, codes[0], codes[1]))
    labels = (*comparison.labels, "missing")
    return Contribution(
        field=comparison.field,
        left=column.value(0),
        right=column.value(1),
        level=labels[level],
        weight=float(evidence.weights[level]) + rarity,
        rarity=rarity,
    )
