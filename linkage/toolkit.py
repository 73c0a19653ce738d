"""Khmer names inside the Python Record Linkage Toolkit (`recordlinkage`).

An existing pipeline gains them in two lines, one where it indexes and one where it compares::

    import recordlinkage
    from linkage.toolkit import NameBlock, NameSimilarity

    indexer = recordlinkage.Index()
    indexer.add(NameBlock("name"))
    compare = recordlinkage.Compare()
    compare.add(NameSimilarity("name", "name", label="name"))

    pairs = indexer.index(people)
    features = compare.compute(pairs, people)

The scores are those of `linkage.names.similarity`. `NameRarity` says beside them how much an
agreement is worth: that of a rare name more than that of a common one. For names in other
alphabets, `SameSound` and `StringMeasure` bring the phonetic codes and the measures of `jellyfish`.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Final

import jellyfish
import numpy as np
import pandas as pd
from recordlinkage.base import BaseCompareFeature, BaseIndexAlgorithm

from linkage.name_blocks import name_frequencies
from linkage.name_kernels import name_similarities
from linkage.name_keys import keys
from linkage.name_table import analyse
from linkage.names import SAME

SOUND_CODES: Final[dict[str, Callable[[str], str]]] = {
    "soundex": jellyfish.soundex,
    "metaphone": jellyfish.metaphone,
    "nysiis": jellyfish.nysiis,
    "match_rating": jellyfish.match_rating_codex,
}
STRING_MEASURES: Final[dict[str, Callable[[str, str], float]]] = {
    "jaro": jellyfish.jaro_similarity,
    "jaro_winkler": jellyfish.jaro_winkler_similarity,
    "jaccard": jellyfish.jaccard_similarity,
}


class NameSimilarity(BaseCompareFeature):  # type: ignore[misc]
    """Compare whole names in either script, from 0 to 1; see `linkage.names.similarity`.

    Args:
        left_on: column of the names on the left, whole names with the family name first.
        right_on: column of the names on the right.
        missing_value: the score of a pair where a name is missing.
        label: name of the column of scores.
    """

    name = "khmer_name"
    description = "Compare names by sound, across Khmer script and Latin spellings."

    def __init__(
        self,
        left_on: Hashable,
        right_on: Hashable,
        *,
        missing_value: float = 0.0,
        label: Hashable = None,
    ) -> None:
        super().__init__(left_on, right_on, label=label)
        self.missing_value = missing_value

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
        codes, names = pd.factorize(pd.concat([_texts(left), _texts(right)]))
        arrays = analyse(list(names)).arrays
        scores = name_similarities(arrays, codes[: len(left)], codes[len(left) :])
        known = np.where(scores < 0.0, self.missing_value, scores.astype(np.float64))
        return pd.Series(known, index=left.index)


class NameRarity(BaseCompareFeature):  # type: ignore[misc]
    """Say in bits how rare the names are in which a pair agrees; 0 where it does not, or one lacks.

    A name is worth log2 of one over its share of the names given, spellings that sound the same
    counted together. The commoner of the two counts, times their similarity, where that is `SAME`
    of `linkage.names` or more. A name that is not among those given counts as one record of them.

    Args:
        left_on: column of the names on the left, whole names with the family name first.
        right_on: column of the names on the right.
        among: the names of all records, each as often as it is held.
        label: name of the column of bits.
    """

    name = "khmer_name_rarity"
    description = "Weigh names that are alike by how rare they are."

    def __init__(
        self, left_on: Hashable, right_on: Hashable, *, among: pd.Series, label: Hashable = None
    ) -> None:
        super().__init__(left_on, right_on, label=label)
        self.among = among

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
        texts = pd.concat([_texts(left), _texts(right), _texts(self.among)])
        codes, names = pd.factorize(texts)
        table = analyse(list(names))
        one, other = codes[: len(left)], codes[len(left) : 2 * len(left)]
        held = np.bincount(codes[2 * len(left) :], minlength=len(names))
        bits = -np.log2(name_frequencies(table, np.maximum(held, 1)))
        alike = name_similarities(table.arrays, one, other).astype(np.float64)
        worth = alike * np.minimum(bits[one], bits[other])
        return pd.Series(np.where(alike >= SAME, worth, 0.0), index=left.index)


class NameBlock(BaseIndexAlgorithm):  # type: ignore[misc]
    """Make pairs of records whose names share a blocking key; see `linkage.names.keys`.

    Args:
        left_on: column of the names on the left.
        right_on: column of the names on the right, by default that on the left.
    """

    def __init__(self, left_on: Hashable, right_on: Hashable | None = None) -> None:
        super().__init__()
        self.left_on = left_on
        self.right_on = left_on if right_on is None else right_on

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        left = _keyed(df_a[self.left_on])
        right = _keyed(df_b[self.right_on])
        pairs = left.merge(right, on="key")[["row_x", "row_y"]].drop_duplicates()
        ordered = pairs.sort_values(["row_x", "row_y"])
        rows = [ordered["row_x"].tolist(), ordered["row_y"].tolist()]
        levels = [df_a.index.tolist(), df_b.index.tolist()]
        return pd.MultiIndex(levels=levels, codes=rows, verify_integrity=False)


class SameSound(BaseCompareFeature):  # type: ignore[misc]
    """Compare texts by equality of a phonetic code of jellyfish: 1 or 0, 0 where missing.

    Args:
        left_on: column on the left.
        right_on: column on the right.
        code: one of `SOUND_CODES`.
        label: name of the column of scores.

    Raises:
        KeyError: the code is unknown.
    """

    name = "same_sound"
    description = "Compare texts by a phonetic code."

    def __init__(
        self,
        left_on: Hashable,
        right_on: Hashable,
        *,
        code: str = "soundex",
        label: Hashable = None,
    ) -> None:
        super().__init__(left_on, right_on, label=label)
        self._code = SOUND_CODES[code]

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
        def same(one: str, other: str) -> float:
            return float(self._code(one) == self._code(other))

        return _by_pair(left, right, same)


class StringMeasure(BaseCompareFeature):  # type: ignore[misc]
    """Compare texts by a measure of jellyfish, from 0 to 1, 0 where missing.

    Args:
        left_on: column on the left.
        right_on: column on the right.
        measure: one of `STRING_MEASURES`.
        label: name of the column of scores.

    Raises:
        KeyError: the measure is unknown.
    """

    name = "string_measure"
    description = "Compare texts by a string measure."

    def __init__(
        self,
        left_on: Hashable,
        right_on: Hashable,
        *,
        measure: str = "jaro_winkler",
        label: Hashable = None,
    ) -> None:
        super().__init__(left_on, right_on, label=label)
        self._measure = STRING_MEASURES[measure]

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
        return _by_pair(left, right, self._measure)


def _texts(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str)


def _by_pair(
    left: pd.Series,
    right: pd.Series,
    compare: Callable[[str, str], float],
) -> pd.Series:
    pairs = zip(_texts(left), _texts(right), strict=True)
    scores = [compare(one, other) if one and other else 0.0 for one, other in pairs]
    return pd.Series(np.array(scores, dtype=np.float64), index=left.index)


def _keyed(names: pd.Series) -> pd.DataFrame:
    """Return one row for each key of each name: its key and its row number."""

    def rows() -> Iterator[tuple[str, int]]:
        for row, name in enumerate(_texts(names)):
            yield from ((key, row) for key in keys(name))

    found = list(rows())
    row_numbers = np.array([row for _, row in found], dtype=np.int64)
    return pd.DataFrame({"key": [key for key, _ in found], "row": row_numbers})
