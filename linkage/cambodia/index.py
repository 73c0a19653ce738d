"""Records in their blocks, ready to be paired."""

from dataclasses import dataclass, field
from threading import local

import numpy as np
import numpy.typing as npt

from linkage.cambodia.block_keys import Hashes
from linkage.cambodia.blocking import Blocks, Common, Cost, blocks
from linkage.cambodia.evidence import Rarity
from linkage.cambodia.name_agreement import Work
from linkage.cambodia.options import Options
from linkage.cambodia.people import People
from linkage.cambodia.reach import laid_out
from linkage.compiled import compiled
from linkage.texts import Rows

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Index:
    """Records in their blocks.

    The blocks of record `r` under all rules, numbered through, are `held[starts[r]:starts[r + 1]]`,
    in order: int32[entries], int64[records + 1]. `rows` is what `linkage.cambodia.reach` reads.
    """

    records: People
    rules: tuple[Blocks, ...]
    held: Rows
    starts: Numbers
    rows: Rows
    rarity: Rarity
    options: Options
    _rooms: local = field(default_factory=local, repr=False)

    @classmethod
    def of(
        cls, records: People, options: Options | None = None, *, common: Hashes | None = None
    ) -> "Index":
        """Block the records; `common` are the common keys, where these are not all records."""
        options = Options() if options is None else options
        rules = tuple(blocks(records, largest=options.largest_block, common=common))
        rarity = Rarity.of(records)
        held, starts = np.empty(0, np.int32), np.zeros(len(records) + 1, np.int64)
        before = 0
        for rule in rules:
            held, starts = _merged(held, starts, *rule.by_record(len(records)), before)
            before += len(rule.ends) - 1
        return cls(records, rules, held, starts, laid_out(records, rarity), rarity, options)

    @property
    def common(self) -> Common:
        """The keys that are common, in order, where these are all records."""
        return Common.joined([rule.common for rule in self.rules])

    @property
    def costs(self) -> tuple[Cost, ...]:
        """What each rule costs."""
        return tuple(rule.cost for rule in self.rules)

    @property
    def work(self) -> Work:
        """The room of this thread."""
        if not hasattr(self._rooms, "work"):
            self._rooms.work = Work.on(self.records.names)
        work: Work = self._rooms.work
        return work

    def first_common(self, left: Rows, right: Rows) -> Rows:
        """The first block that both records of each pair are in: int32[pairs], -1 for none."""
        return first_common(self.held, self.starts, (left, right))

    def found_by(self, left: Rows, right: Rows) -> dict[str, Flags]:
        """Tell which rules find each pair: bool[pairs] by the name of the rule."""
        found = {}
        for rule in self.rules:
            held, starts = rule.by_record(len(self.records))
            found[rule.cost.rule] = first_common(held, starts, (left, right)) >= 0
        return found


def first_common(held: Rows, starts: Numbers, pairs: tuple[Rows, Rows]) -> Rows:
    """The first number that both records of each pair hold: int32[pairs], -1 for none.

    Those of record `r` are `held[starts[r]:starts[r + 1]]`, in order.
    """
    out = np.empty(pairs[0].size, np.int32)
    _first_common(held, starts, pairs, out)
    return out


@compiled
def _first_common(held: Rows, starts: Numbers, pairs: tuple[Rows, Rows], out: Rows) -> None:
    left, right = pairs
    for k in range(left.size):
        one, other = starts[left[k]], starts[right[k]]
        last, end = starts[left[k] + 1], starts[right[k] + 1]
        out[k] = -1
        while one < last and other < end and out[k] < 0:
            if held[one] < held[other]:
                one += 1
            elif held[one] > held[other]:
                other += 1
            else:
                out[k] = held[one]


@compiled
def _merged(
    held: Rows, starts: Numbers, more: Rows, later: Numbers, before: int
) -> tuple[Rows, Numbers]:
    """Append each record's further blocks, numbered after `before` others, to those it has."""
    both = np.empty(held.size + more.size, np.int32)
    for record in range(len(starts) - 1):
        at = starts[record] + later[record]
        for place in range(starts[record], starts[record + 1]):
            both[at] = held[place]
            at += 1
        for place in range(later[record], later[record + 1]):
            both[at] = more[place] + before
            at += 1
    return both, starts + later
