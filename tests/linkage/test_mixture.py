import math

import numpy as np
import numpy.typing as npt
import pytest

from linkage.agreement_codes import SIZE, shares
from linkage.mixture import (
    Guess,
    Mixture,
    Observed,
    classify,
    contributions,
    level_counts,
    maximise,
    tally,
)

COMPARISONS = 3
PAIRS = 40


def table(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return shares(rng.random((COMPARISONS, SIZE)) + 0.01)


@pytest.fixture
def mixture() -> Mixture:
    rng = np.random.default_rng(1)
    return Mixture(table(rng), table(rng), table(rng), np.array([0.01, 0.02]), np.array([0.1, 0.2]))


@pytest.fixture
def seen() -> Observed:
    rng = np.random.default_rng(2)
    return Observed(
        rng.integers(-1, SIZE, (PAIRS, COMPARISONS)).astype(np.int16),
        rng.integers(0, 2, PAIRS).astype(np.int32),
        rng.normal(size=PAIRS),
        rng.normal(size=PAIRS),
        np.arange(PAIRS) == 0,
    )


def naive_weight(mixture: Mixture, seen: Observed, pair: int) -> float:
    def likelihood(probabilities: npt.NDArray[np.float64]) -> float:
        codes = enumerate(seen.codes[pair].tolist())
        return math.prod(float(probabilities[row, code]) for row, code in codes if code >= 0)

    cell = seen.cell[pair]
    match = likelihood(mixture.match) * float(mixture.prior_match[cell])
    stranger = likelihood(mixture.stranger) / 2 ** float(seen.rare_stranger[pair])
    household = likelihood(mixture.household) / 2 ** float(seen.rare_household[pair])
    return math.log2(match / (stranger + household * float(mixture.prior_household[cell])))


def test_the_weights_are_those_of_the_slow_twin(mixture: Mixture, seen: Observed) -> None:
    weights = classify(mixture, seen).weight
    for pair in range(1, PAIRS):
        assert weights[pair] == pytest.approx(naive_weight(mixture, seen, pair))


def test_the_classes_share_each_pair(mixture: Mixture, seen: Observed) -> None:
    classes = classify(mixture, seen)
    total = classes.match + classes.household + classes.stranger
    assert total == pytest.approx(np.ones(PAIRS))


def test_pairs_known_to_differ_do_not_match(mixture: Mixture, seen: Observed) -> None:
    assert classify(mixture, seen).match[0] == pytest.approx(0.0)


def test_pairs_set_apart_go_to_the_other_classes(mixture: Mixture, seen: Observed) -> None:
    classes = classify(mixture, seen).apart(np.zeros(PAIRS, np.bool_))
    assert not classes.match.any()
    assert classes.household + classes.stranger == pytest.approx(np.ones(PAIRS))


def test_a_missing_value_contributes_nothing(mixture: Mixture) -> None:
    codes = np.full((1, COMPARISONS), -1, np.int16)
    assert contributions(mixture.match, codes).tolist() == [[0.0] * COMPARISONS]


def test_a_step_keeps_probabilities_within_each_kind(mixture: Mixture, seen: Observed) -> None:
    guess = Guess(np.ones((COMPARISONS, SIZE)), np.ones((COMPARISONS, SIZE)), np.array([50, 60.0]))
    learned = maximise(mixture, tally(mixture, seen), guess)
    assert learned.match.reshape(COMPARISONS, 16, 16).sum(axis=2) == pytest.approx(1.0)
    assert learned.stranger is mixture.stranger


def test_pairs_are_counted_some_at_a_time_as_all_at_once(
    mixture: Mixture, seen: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, together = np.arange(PAIRS) % 3 > 0, np.arange(PAIRS) % 2 > 0
    part = seen.take(kept)
    classes = classify(mixture, part).apart(together[kept])
    monkeypatch.setattr("linkage.mixture._COUNTED_AT_ONCE", 7)
    counted = tally(mixture, seen, kept=kept, together=together)
    for name, cells in (("match", "matching"), ("household", "mates")):
        weight = getattr(classes, name)
        assert getattr(counted, cells) == pytest.approx(np.bincount(part.cell, weight, 2))
    for name in ("match", "household", "stranger"):
        weight = getattr(classes, name)
        for at, codes in enumerate(part.codes.T):
            held = codes >= 0
            expected = np.bincount(codes[held], weight[held], SIZE)
            assert getattr(counted, name)[at] == pytest.approx(expected)


def test_levels_are_counted_where_they_are_known() -> None:
    counts = level_counts(np.array([3, 3, -1], np.int16))
    assert (counts[3], counts.sum()) == (2, 2)
