"""Find who a record is among millions, at once: the candidates and weights of a batch run.

Only a block that is larger than the model allows may differ: it is narrowed by the rule's
further keys, and what is still too large is cut to as many records as a block may have.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.blocking import Key, Rule
from linkage.forms import form_of, formed
from linkage.model import TrainedModel
from linkage.pairs import CHUNK, Pairs
from linkage.records import MISSING, Records
from linkage.scoring import Buffers, Scored, Scorer, joined

_MIX = np.uint64(0x9E3779B97F4A7C15)

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Found:
    """Candidates at or above the review threshold: the best first, of equals the earlier record.

    `records` int32[k] are places in the index, `weight` float32[k].
    """

    records: Rows
    weight: npt.NDArray[np.float32]


class _KeyIndex:
    """Numbers the values of one key."""

    def __init__(self, records: Records, key: Key) -> None:
        column = records.columns[key.field]
        self._key = key
        self._forms = formed(column, key.form)
        known = (form_of(value, key.form) for value in column.distinct)
        self._numbers = dict(zip(known, self._forms.tolist(), strict=True))
        self._codes = column.codes

    def codes(self) -> npt.NDArray[np.int64]:
        """The number of each record's value, -1 where there is none."""
        return np.append(self._forms, np.int32(MISSING))[self._codes].astype(np.int64)

    def number(self, record: Records, row: int) -> int:
        """The number of the value of a record that is not in the index; -1 if there is none."""
        value = record.columns[self._key.field].value(row)
        return MISSING if value is None else self._numbers.get(form_of(value, self._key.form), -1)


class _RuleIndex:
    """Lists the records that have given keys."""

    def __init__(self, records: Records, keys: tuple[Key, ...]) -> None:
        self._keys = [_KeyIndex(records, key) for key in keys]
        codes = [key.codes() for key in self._keys]
        whole = np.flatnonzero(np.all([code >= 0 for code in codes], axis=0))
        hashes = _mixed([code[whole] for code in codes])
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._records = whole[order].astype(np.int32)

    def find(self, record: Records, row: int) -> Rows | None:
        """The records with the keys of this one; None if it lacks one of them."""
        numbers = [key.number(record, row) for key in self._keys]
        if MISSING in numbers:
            return None
        wanted = _mixed([np.array([number]) for number in numbers])
        first, last = (int(np.searchsorted(self._hashes, wanted, s)[0]) for s in ("left", "right"))
        return self._records[first:last]


def _mixed(codes: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.uint64]:
    """Make one number of several."""
    mixed = np.zeros(codes[0].size, np.uint64)
    for code in codes:
        mixed = (mixed ^ code.astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    return mixed


class Index:
    """Records, ready to be searched by a trained model.

    Raises:
        ModelMismatchError: The records do not fit the model.
    """

    def __init__(self, records: Records, trained: TrainedModel) -> None:
        trained.model.check(records)
        self.records = records
        self.trained = trained
        self._rules = [
            [_RuleIndex(records, keys) for keys in _ever_narrower(rule)]
            for rule in trained.model.rules
        ]

    def search(self, records: Records) -> list[Found]:
        """Find the candidates of each record.

        Raises:
            ModelMismatchError: The records do not fit the model.
        """
        self.trained.model.check(records)
        return [self._found(records, row) for row in range(len(records))]

    def _found(self, records: Records, row: int) -> Found:
        proposed = self._candidates(records, row)
        scored = self._scored(records.take(np.array([row])), proposed)
        best = np.lexsort((proposed[scored.left], -scored.weight))
        return Found(proposed[scored.left][best], scored.weight[best])

    def _candidates(self, records: Records, row: int) -> Rows:
        largest = self.trained.model.largest_block
        proposed = [np.empty(0, np.int32)]
        for steps in self._rules:
            block = steps[0].find(records, row)
            for narrower in steps[1:]:
                if block is not None and block.size > largest:
                    less = narrower.find(records, row)
                    block = block if less is None else less
            if block is not None:
                proposed.append(block[:largest])
        return np.unique(np.concatenate(proposed))

    def _scored(self, record: Records, proposed: Rows) -> Scored:
        if not proposed.size:
            return joined([])
        beside = self.records.take(proposed).join(record)
        scorer = Scorer(beside, self.trained)
        fields = [beside.columns[name].codes for name in self.trained.model.fields]
        codes = np.ascontiguousarray(np.stack(fields, axis=1))
        kept = []
        for start in range(0, proposed.size, CHUNK):
            left = np.arange(start, min(start + CHUNK, proposed.size), dtype=np.int32)
            right = np.full(left.size, proposed.size, np.int32)
            pairs, weight = scorer.keep(Pairs(codes, left, right), Buffers.new(left.size))
            kept.append(Scored(pairs.left, pairs.right, weight))
        return joined(kept)


def _ever_narrower(rule: Rule) -> list[tuple[Key, ...]]:
    """The rule's keys, and with one further key after another."""
    return [(*rule.keys, *rule.split[:more]) for more in range(len(rule.split) + 1)]
