"""Which records must be weighed anew when some have changed.

What a pair weighs is a matter of the sketches of the two records and of the other pairs of their
two households. So a record *moves* when its sketch is another than before: because it changed, or
because its household did. Its pairs, and those that come and go with a key that becomes common, or
is common no more, are found by the stored keys and sifted by the stored sketches, as they are now
and as they were; what is left of them tells which households are worth reading, and these are
weighed with each other. As they were, only pairs of records are looked at that may weigh less than
before by their sketches: all others that could matter then still could.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from linkage.cambodia import Model, People
from linkage.cambodia.block_keys import rules
from linkage.cambodia.blocking import LARGEST_BLOCK, Common
from linkage.cambodia.blocking import stored as to_store
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.sketches import sketched, sketched_in_parts
from linkage.cambodia.told import Told
from registry.beside import beside
from registry.matching import current_people, known_words, meetings, record_keys
from registry.matching.current_people import Current
from registry.matching.meetings import Moved, Pairs, Sieve
from registry.matching.record_keys import Entries, Keyed

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
_AT_ONCE: Final = 50_000
"""Records whose keys are made at a time, where those of all are."""


@dataclass(frozen=True, eq=False)
class Touched:
    """What to weigh: int64[records] each, in order.

    `moved` weigh other than before, or are gone; `near` are to be weighed with each other, and hold
    whole households. `common` uint64[keys] are the keys that are common now; `lexicon` holds the
    words of their names.
    """

    moved: Numbers
    near: Numbers
    common: Hashes
    lexicon: Lexicon


def keyed_in_parts(current: Current, common: Hashes) -> Iterator[Keyed]:
    """What is to be stored of records, in the order of their ids, some at a time.

    `common` uint64[keys], in order, are the keys that are common among all.
    """
    order = np.argsort(current.ids)
    parts = sketched_in_parts(current.people, order, _AT_ONCE)
    for number, part in enumerate(parts):
        rows = order[number * _AT_ONCE :][: len(part)]
        ids, homes = current.ids[rows], current.people.homes[rows]
        owners, columns = np.nonzero(homes)
        yield Keyed(
            ids, current.versions[rows], _keys(ids, part, common),
            Entries(ids[owners], homes[owners, columns]), part.sketches,
        )  # fmt: skip


def follow(session: Session, changed: Numbers, model: Model, size: int) -> Touched:
    """Let what is stored follow records that are new, changed, or gone; what is to be weighed.

    `size` is how many records there are.
    """
    lexicon = known_words.known(session)
    of_homes = _with_households(session, changed, model, lexicon)
    current = current_people.load(
        session, of_homes, background=model.background, lexicon=lexicon
    )  # fmt: skip
    lexicon = known_words.keep(session, current.people, lexicon)
    before, now = record_keys.stored(session, of_homes), _unkeyed(current)
    moved = record_keys.resketched(before, now)
    written = np.union1d(changed, moved)
    sieve = Sieve.of(session, model, size, lexicon)
    change = _Change(before.of_some(written), now.of_some(written), moved)
    change, common, holders = _crossed(session, change, sieve)
    holders = holders.without_records(change.records)
    less = record_keys.may_weigh_less(before, now)
    lost = _other_than(
        change.now.keys.without_keys(common.keys),
        meetings.met(change.before, _concerned(change.before, common.keys, less), holders),
        less,
    )
    was = meetings.worth_reading(session, change.before, lost, sieve, Moved.among(before, moved))
    mates = record_keys.households(session, was)
    with beside(partial(record_keys.replace_some, session, change.before, change.now, common)):
        came = _other_than(
            change.before.keys.without_keys(holders.common),
            meetings.met(
                change.now,
                _concerned(change.now, holders.common, moved),
                holders.without_keys(common),
            ),
            moved,
        )
    found = meetings.worth_reading(session, change.now, came, sieve, Moved.among(now, moved))
    near = record_keys.households(session, np.union1d(found, mates))
    return Touched(change.moved, near, common.keys, lexicon)


@dataclass(frozen=True, eq=False)
class _Change:
    """Records as stored and as they are now, those that are gone apart; `moved` are among them."""

    before: Keyed
    now: Keyed
    moved: Numbers

    @property
    def records(self) -> Numbers:
        """All of them: int64[k], in order."""
        return np.union1d(self.before.records, self.now.records)


def _concerned(keyed: Keyed, common: Hashes, moved: Numbers) -> Entries:
    """Which keys bring pairs, or lose them: those of who moved, and `common` ones of others.

    `common` uint64[keys] are the keys that are common at the other time.
    """
    others = keyed.keys.of_others(moved).of_keys(common)
    return Entries.joined([keyed.keys.of_some(moved), others])


def _other_than(keys: Entries, pairs: Pairs, moved: Numbers) -> Pairs:
    """Those of the pairs that do not meet at the other time, or of which a record moved.

    `keys` are those by which the records meet at the other time.
    """
    has_moved = meetings.among(pairs.ids, moved)
    kept = has_moved[pairs.left] | has_moved[pairs.right]
    kept[~kept] = ~meetings.meet(pairs.take(~kept), keys)
    return pairs.take(kept)


def _crossed(
    session: Session, change: _Change, sieve: Sieve
) -> tuple[_Change, Common, "meetings.Holders"]:
    """The change with all who have a key that becomes common, or is so no more; their new keys.

    These may let other keys become common, narrower ones, and so on.
    """
    known = record_keys.common(session)
    holders, common = meetings.Holders.of_none(known.keys), known
    while True:
        keys = _keys(change.now.records, sieve.read(change.now.sketches), common.keys)
        change = _Change(change.before, change.now.with_keys(keys), change.moved)
        asked = np.concatenate([change.before.keys.key, keys.key])
        holders = holders.with_those_of(session, asked)
        ours = change.records
        others = holders.entries.of_others(ours)
        counted = _recounted(known, change.before.keys, keys, others)
        if np.array_equal(counted.keys, common.keys):
            return change, counted, holders
        crossed = np.setxor1d(counted.keys, known.keys)
        crossing = np.unique(_holders_of_crossed(session, crossed, known, others).record)
        more = record_keys.stored(session, np.setdiff1d(crossing, ours))
        change = _Change(
            change.before.with_others(more), change.now.with_others(more), change.moved
        )
        common = counted


def _holders_of_crossed(
    session: Session, crossed: Hashes, known: Common, others: Entries
) -> Entries:
    """Who has keys that cross over; of those that were common reading all records tells it."""
    is_new = ~np.isin(crossed, known.keys)
    found = [others.of_keys(crossed[is_new])]
    if not is_new.all():
        found.append(record_keys.holders_of_common(session, crossed[~is_new]))
    return Entries.joined(found)


def _with_households(session: Session, changed: Numbers, model: Model, lexicon: Lexicon) -> Numbers:
    """These records, and all who are or were of one household with them."""
    people = current_people.load(
        session, changed, background=model.background, lexicon=lexicon
    ).people  # fmt: skip
    mates = record_keys.holders(session, _homes(people).key).record
    return record_keys.households(session, np.union1d(changed, mates))


def _homes(people: People) -> Entries:
    owners, columns = np.nonzero(people.homes)
    return Entries(owners.astype(np.int64), people.homes[owners, columns])


def _unkeyed(current: Current) -> Keyed:
    """What is to be stored of records, but for their keys."""
    homes, order = _homes(current.people), np.argsort(current.ids)
    return Keyed(
        current.ids[order],
        current.versions[order],
        Entries.joined([]),
        Entries(current.ids[homes.record], homes.key),
        sketched(current.people)[order],
    )


def _keys(ids: Numbers, records: Told, common: Hashes) -> Entries:
    """The keys to be stored of records, `ids` int64[records]."""
    parts = [Entries.joined([])]
    for keys in rules(records):
        owners, some = to_store(keys, common)
        parts.append(Entries(ids[owners], some))
    return Entries.joined(parts)


def _recounted(known: Common, before: Entries, now: Entries, others: Entries) -> Common:
    """The keys that are common now: those that were, and those of the records that are touched."""
    inverse, keys = pd.factorize(np.concatenate([known.keys, before.key, now.key, others.key]))
    parts = np.split(inverse, np.cumsum([known.keys.size, before.key.size, now.key.size]))
    was = np.zeros(keys.size, np.int64)
    was[parts[0]] = known.counts
    counts = was - np.bincount(parts[1], minlength=keys.size) * (was > 0)
    counts += np.bincount(parts[2], minlength=keys.size)
    counts += np.bincount(parts[3], minlength=keys.size)
    common = np.flatnonzero(counts > LARGEST_BLOCK)
    common = common[np.argsort(keys[common])]
    return Common(keys[common], counts[common])
