"""Blocking keys and frequencies of analysed names, as arrays of codes.

Keys of one kind are coded by rank of their text, so that the same names give the same codes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage.name_keys import keys_of_parts, part_keys, skeletons
from linkage.name_table import NameTable

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """The keys of each value: `codes[at[n]:at[n + 1]]`, int32, ascending; `at` is int64."""

    at: NDArray[np.int64]
    codes: NDArray[np.int32]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameKeys:
    """Three independent kinds of keys.

    `whole` is of the whole name, in any order of its parts; `given` of the parts after the first,
    for a name that changed its family name; `parts` of each part, for a half name.
    """

    whole: KeyColumn
    given: KeyColumn
    parts: KeyColumn


def name_keys(table: NameTable) -> NameKeys:
    """Return the keys of every value, those of its Khmer and its Latin form together."""
    return NameKeys(
        _column(table, keys_of_parts),
        _column(table, lambda parts: _each(parts[1:] or parts)),
        _column(table, _each),
    )


def name_frequencies(table: NameTable, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how common each value's sound is: the share of records whose name sounds so.

    `counts` int64 (values,) is how many records hold each value. Spellings of one name count
    together, in whatever order of parts: agreement on a rare name is worth more than on a common
    one. A value without a name has 1, the share that is worth nothing.
    """
    sounds = _column(table, lambda parts: ["+".join(sorted(skeletons(part)[0] for part in parts))])
    records = np.zeros(len(sounds.texts))
    lengths = np.diff(sounds.at)
    np.add.at(records, sounds.codes, np.repeat(counts, lengths))
    named = int(counts[lengths > 0].sum())
    shares = np.ones(len(counts))
    for value in np.flatnonzero(lengths):
        codes = sounds.codes[sounds.at[value] : sounds.at[value + 1]]
        shares[value] = records[codes].max() / max(named, 1)
    return shares


def _each(parts: Parts) -> Iterable[str]:
    return {key for part in parts for key in part_keys(part)}


def _column(table: NameTable, keys: Callable[[Parts], Iterable[str]]) -> KeyColumn:
    by_name = [frozenset(keys(parts)) for parts in table.parts]
    texts = tuple(sorted(set().union(*by_name)))
    rank = {text: code for code, text in enumerate(texts)}
    values = [_codes(row, by_name, rank) for row in table.arrays.forms.tolist()]
    at = np.concatenate([[0], np.cumsum([len(codes) for codes in values])]).astype(np.int64)
    return KeyColumn(at, np.array([c for codes in values for c in codes], dtype=np.int32), texts)


def _codes(forms: list[int], by_name: Sequence[frozenset[str]], rank: dict[str, int]) -> list[int]:
    return sorted({rank[text] for form in forms if form >= 0 for text in by_name[form]})
