"""Who meets whom by stored keys."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.cambodia.sketches import SKETCH
from registry.matching import meetings
from registry.matching.meetings import Holders
from registry.matching.record_keys import Entries, Keyed

RECORDS = st.integers(1, 30)
KEYS = st.sampled_from([3, 5, 7, 2**63, 2**64 - 1])
ENTRIES = st.sets(st.tuples(RECORDS, KEYS), max_size=60)


@given(ENTRIES, st.sets(RECORDS, max_size=15), st.integers(1, 9))
def test_pairs_are_those_that_share_a_key_of_ours_each_once(
    everyone: set[tuple[int, int]], ours: set[int], at_once: int
) -> None:
    own = {one for one in everyone if one[0] in ours}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(meetings, "_MET_AT_ONCE", at_once)
        pairs = meetings.met(keyed(own), entries(own), holders(everyone - own))
    found = list(zip(pairs.ids[pairs.left].tolist(), pairs.ids[pairs.right].tolist(), strict=True))
    by_key: dict[int, set[int]] = {}
    for record, key in everyone:
        by_key.setdefault(key, set()).add(record)
    assert found == sorted(
        {
            pair
            for key, records in by_key.items()
            for pair in combinations(sorted(records), 2)
            if any((record, key) in own for record in pair)
        }
    )


def entries(of: set[tuple[int, int]]) -> Entries:
    return Entries(
        np.array([record for record, _ in of], np.int64),
        np.array([key for _, key in of], np.uint64),
    )


def keyed(of: set[tuple[int, int]]) -> Keyed:
    records = np.unique(np.array([record for record, _ in of], np.int64))
    none = Entries.joined([])
    return Keyed(records, records, entries(of), none, np.zeros(records.size, SKETCH))


def holders(of: set[tuple[int, int]]) -> Holders:
    nothing = np.empty(0, np.uint64)
    return Holders(nothing, nothing, entries(of))
