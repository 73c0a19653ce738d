"""Khmer names in a recordlinkage pipeline."""

import jellyfish
import pandas as pd
import pytest
import recordlinkage
from hypothesis import given, settings
from hypothesis import strategies as st
from recordlinkage.index import Block

from linkage.names import keys, similarity
from linkage.toolkit import NameBlock, NameRarity, NameSimilarity, SameSound, StringMeasure

PEOPLE = pd.DataFrame(
    {
        "name": ["ជា សុខា", "Chea Sokha", "Sokha Chea", "ហេង វុទ្ធី", "Heng Wuthy", "Ly Srey", None],
        "village": ["05", "05", "05", "07", "07", "07", "05"],
    },
    index=[f"r{number}" for number in range(7)],
)


def test_a_pipeline_finds_the_names_that_are_one() -> None:
    indexer = recordlinkage.Index()
    indexer.add(NameBlock("name"))
    pairs = indexer.index(PEOPLE)
    compare = recordlinkage.Compare()
    compare.add(NameSimilarity("name", "name", label="name"))
    features = compare.compute(pairs, PEOPLE)
    found = {frozenset(pair) for pair in features[features["name"] >= 0.85].index}
    assert found == {
        frozenset(pair) for pair in [("r0", "r1"), ("r0", "r2"), ("r1", "r2"), ("r3", "r4")]
    }


def test_scores_equal_those_of_the_library() -> None:
    pairs = recordlinkage.index.Full().index(PEOPLE.dropna())
    compare = recordlinkage.Compare([NameSimilarity("name", "name", label="name")])
    features = compare.compute(pairs, PEOPLE)
    names = dict(zip(PEOPLE.index, PEOPLE["name"], strict=True))
    expected = [similarity(names[one], names[other]) for one, other in features.index]
    assert features["name"].tolist() == pytest.approx(expected, abs=1e-6)


def test_pairs_are_those_that_share_a_key() -> None:
    names = PEOPLE["name"].dropna()
    pairs = {frozenset(pair) for pair in NameBlock("name").index(PEOPLE)}
    expected = {
        frozenset((one, other))
        for one in names.index
        for other in names.index
        if one != other and set(keys(names[one])) & set(keys(names[other]))
    }
    assert pairs == expected


def test_two_frames_are_linked_with_the_toolkits_own_steps_beside() -> None:
    left, right = PEOPLE.iloc[[0, 3]], PEOPLE.iloc[[1, 4]]
    indexer = recordlinkage.Index([NameBlock("name"), Block("village")])
    pairs = indexer.index(left, right)
    compare = recordlinkage.Compare(n_jobs=1)
    compare.add(NameSimilarity("name", "name", label="name"))
    compare.exact("village", "village", label="village")
    features = compare.compute(pairs, left, right)
    assert (features["name"] > 0.85).tolist() == [True, True]


def test_agreement_on_a_rare_name_is_worth_more() -> None:
    among = pd.Series(["សុខ ដារ៉ា"] * 6 + ["Sok Dara", "Dara Sok", "ហេង វុទ្ធី", None, "Ly Srey"])
    left = pd.DataFrame({"name": ["សុខ ដារ៉ា", "ហេង វុទ្ធី", "Chea Bopha", None, "Sok Dara"]})
    right = pd.DataFrame({"name": ["Sok Dara", "Heng Vuthy", "ជា បុប្ផា", "Sok Dara", "Heng Vuthy"]})
    pairs = pd.MultiIndex.from_arrays([left.index, right.index])
    rarity = NameRarity("name", "name", among=among, label="bits")
    bits = recordlinkage.Compare([rarity]).compute(pairs, left, right)["bits"].tolist()
    common, rare, unseen, missing, apart = bits
    assert 0.0 < common < 1.0, "eight of the ten names, in both scripts and orders"
    assert rare > 2.0
    assert unseen > 2.0
    assert missing == apart == 0.0


def test_a_missing_name_has_the_value_asked_for() -> None:
    pairs = pd.MultiIndex.from_tuples([("r0", "r6")])
    compare = recordlinkage.Compare([NameSimilarity("name", "name", missing_value=0.5)])
    assert compare.compute(pairs, PEOPLE)[0].tolist() == [0.5]


LATIN = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=10)


@settings(max_examples=30)
@given(LATIN, LATIN)
def test_classical_measures_are_those_of_jellyfish(one: str, other: str) -> None:
    frame = pd.DataFrame({"a": [one], "b": [other]}, index=["x"])
    pairs = pd.MultiIndex.from_tuples([("x", "x")])
    compare = recordlinkage.Compare(
        [
            StringMeasure("a", "b", measure="jaro_winkler", label="measure"),
            SameSound("a", "b", code="metaphone", label="code"),
        ]
    )
    features = compare.compute(pairs, frame)
    assert features["measure"].iloc[0] == jellyfish.jaro_winkler_similarity(one, other)
    assert bool(features["code"].iloc[0]) == (
        jellyfish.metaphone(one) == jellyfish.metaphone(other)
    )


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        SameSound("name", "name", code="caverphone")
