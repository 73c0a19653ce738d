import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.partition import LOUDEST, UNCOMPARED, WeightedPairs, partition

SIZE = 7
Pair = tuple[int, int]
PAIRS = st.dictionaries(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] < p[1]),
    st.tuples(st.integers(-10, 20), st.booleans()),
)


def clusters_of(pairs: dict[Pair, tuple[float, bool]], *, support: float = 0.0) -> list[int]:
    listed = sorted(pairs)
    labels = partition(
        WeightedPairs(
            np.array([left for left, _ in listed], np.int32),
            np.array([right for _, right in listed], np.int32),
            np.array([pairs[pair][0] for pair in listed], np.float64),
            np.array([pairs[pair][1] for pair in listed], np.bool_),
        ),
        SIZE,
        support=support,
    )
    return [int(label) for label in labels]


def naive(pairs: dict[Pair, tuple[float, bool]], support: float) -> list[int]:
    clusters = [{record} for record in range(SIZE)]
    for pair, (weight, different) in sorted(pairs.items(), key=lambda item: (-item[1][0], item[0])):
        one, other = (next(c for c in clusters if record in c) for record in pair)
        if weight <= 0 or different or one is other:
            continue
        between = [(min(a, b), max(a, b)) for a in one for b in other]
        total = sum(min(pairs[key][0], LOUDEST) if key in pairs else UNCOMPARED for key in between)
        barred = any(pairs.get(key, (0, False))[1] for key in between)
        if total > support and not barred:
            clusters = [c for c in clusters if c is not one and c is not other] + [one | other]
    return [min(next(c for c in clusters if record in c)) for record in range(SIZE)]


@given(PAIRS, st.sampled_from([0.0, 6.0]))
def test_the_kernel_agrees_with_its_slow_twin(
    pairs: dict[Pair, tuple[float, bool]], support: float
) -> None:
    assert clusters_of(pairs, support=support) == naive(pairs, support)


def test_strangers_are_not_chained_through_a_weak_link() -> None:
    pairs = {(0, 1): (9.0, False), (2, 3): (9.0, False), (1, 2): (3.0, False)}
    assert clusters_of(pairs)[:4] == [0, 0, 2, 2]


def test_two_known_persons_stay_apart_whatever_the_evidence() -> None:
    pairs = {(0, 1): (9.0, False), (1, 2): (8.0, False), (0, 2): (9.0, True)}
    assert clusters_of(pairs)[:3] == [0, 0, 2]
