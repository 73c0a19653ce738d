"""Candidates weighed block by block; only pairs that reach a floor are ever kept.

The blocks of all rules are cut into tasks of bounded size. A task lays its records side by side,
drops the pairs that cannot reach the floor (see `linkage.cambodia.reach`), leaves those that an
earlier block finds too to that block, and compares the rest in full. Memory is the records, their
blocks, the tasks in work and the pairs kept, whatever the number of candidates.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.cambodia.blocking import Blocks
from linkage.cambodia.index import Index
from linkage.cambodia.pairs import Evidence, are_listed_together, joined, observe
from linkage.cambodia.reach import WIDTH, Cursor, Reach, View, promising
from linkage.mixture import Mixture, classify
from linkage.texts import Rows

PAIRS_A_TASK: Final = 1 << 24
_BYTES_A_RECORD: Final = 4 * (WIDTH + 2) + 1
_BYTES_A_PAIR: Final = 400
_FEWEST: Final = 64

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked of the candidates: the mixture, the floor, and the records that matter."""

    index: Index
    mixture: Mixture
    floor: float
    reach: Reach
    wanted: npt.NDArray[np.uint8]
    listed: bool


@dataclass(frozen=True, eq=False)
class _Task:
    """Blocks `first` to `last` of a rule, the blocks of earlier rules being `before`."""

    rule: Blocks
    before: int
    first: int
    last: int


def sift(
    index: Index,
    mixture: Mixture,
    *,
    floor: float,
    wanted: Flags | None = None,
    listed: bool = True,
) -> Evidence:
    """Find the pairs whose weight is above the floor, or of whom a list says that they are two.

    With `wanted` bool[records], only pairs of which either record is wanted. Without `listed` those
    of whom a list says that they are two are left out.
    """
    every = np.ones(len(index.records), np.bool_) if wanted is None else wanted
    reach = Reach.of(mixture, index.records, floor)
    asked = _Asked(index, mixture, floor, reach, every.astype(np.uint8), listed)
    nobody = np.empty(0, np.int32)
    kept = [observe(index.records, nobody, nobody, rarity=index.rarity)]
    with ThreadPoolExecutor(index.options.threads) as pool:
        kept += pool.map(lambda task: _run(asked, task), _tasks(index))
    return joined(kept)


def _tasks(index: Index) -> Iterator[_Task]:
    """Cut the blocks of all rules into tasks."""
    records = max(index.options.bytes_a_thread // 2 // _BYTES_A_RECORD, 1)
    before = 0
    for rule in index.rules:
        lengths = np.diff(rule.ends)
        load = np.maximum(
            np.cumsum(lengths * (lengths - 1) // 2) / PAIRS_A_TASK, np.cumsum(lengths) / records
        )
        cuts = np.flatnonzero(np.diff(np.floor(load))) + 1
        bounds = [0, *cuts.tolist(), len(lengths)]
        for first, last in pairwise(bounds):
            if first < last:
                yield _Task(rule, before, first, last)
        before += len(lengths)


def _run(asked: _Asked, task: _Task) -> Evidence:
    index, rule = asked.index, task.rule
    ends = rule.ends[task.first : task.last + 1]
    members = rule.members[ends[0] : ends[-1]]
    lengths = np.diff(ends)
    number = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    last = (ends[1:] - ends[0])[number].astype(np.int32)
    view = View(index.rows[members], last, asked.wanted[members])
    size = max(index.options.bytes_a_thread // 2 // _BYTES_A_PAIR, _FEWEST)
    left, right = np.empty(size, np.int32), np.empty(size, np.int32)
    at, kept = Cursor(0, 1), []
    while at.place < len(members):
        made, at = promising(view, asked.reach, index.work, at, (left, right))
        block = number[left[:made]] + (task.before + task.first)
        one, other = members[left[:made]], members[right[:made]]
        new = index.first_common(one, other) == block
        if not asked.listed:
            new &= ~are_listed_together(index.records, one, other)
        kept.append(_weighed(asked, one[new], other[new]))
    return joined(kept)


def _weighed(asked: _Asked, left: Rows, right: Rows) -> Evidence:
    index = asked.index
    found = observe(index.records, left, right, rarity=index.rarity, work=index.work)
    weight = classify(asked.mixture, found.seen).weight
    return found.take((weight > asked.floor) | found.seen.different)
