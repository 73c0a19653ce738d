"""Which records must be weighed anew when some have changed.

A pair's weight is a matter of two households, so a record touches its household: all who share a
list's household or a card with it, directly or through others, before or now. A key that becomes
common, or is common no more, touches all who have it, for their pairs come and go with it.

What few changes touch is looked up by the stored keys. Many touch so much that all records are
better read once and looked through (`touched_among`); what comes out is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from linkage.cambodia import People
from linkage.cambodia.background import Background
from linkage.cambodia.block_keys import Keys, rules
from linkage.cambodia.blocking import LARGEST_BLOCK, Common, common_among, stored
from registry.matching import current_people, record_keys
from registry.matching.current_people import Current
from registry.matching.record_keys import Entries, Keyed

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Touched:
    """Records to weigh anew, int64[records]: those that are gone, and those that are current.

    `keyed` and `common` are what is to be stored of them, `near` int64[records] the records with
    which the current ones share a key.
    """

    records: Numbers
    keyed: Keyed
    common: Common
    near: Numbers


def keyed_among(current: Current) -> tuple[Keyed, Common]:
    """What is to be stored of records, where these are all the records."""
    common = _together([common_among(keys, LARGEST_BLOCK) for keys in rules(current.people)])
    return _keyed(current, common), common


def _together(found: Sequence[Common]) -> Common:
    """The common keys of all rules, in order."""
    keys = np.concatenate([np.empty(0, np.uint64), *(common.keys for common in found)])
    counts = np.concatenate([np.empty(0, np.int64), *(common.counts for common in found)])
    order = np.argsort(keys)
    return Common(keys[order], counts[order])


def touched(session: Session, changed: Numbers, background: Background) -> Touched:
    """Find what is touched by records that are new, other than before, or gone."""
    known = record_keys.common(session)
    common = known
    while True:
        records = _with_households(session, changed, background)
        current = current_people.load(session, records, background=background)
        keyed = _keyed(current, common)
        before = record_keys.keys_of(session, records)
        holders = _holders(session, records, keyed, known)
        counted = _recounted(known, before, keyed.keys, holders)
        if np.array_equal(counted.keys, common.keys):
            near = np.unique(holders.record[~np.isin(holders.key, counted.keys)])
            return Touched(records, keyed, counted, near)
        crossed = np.setxor1d(counted.keys, known.keys)
        also = record_keys.holders_of_common(session, crossed)
        changed, common = np.union1d(changed, also.record), counted


def touched_among(session: Session, changed: Numbers, current: Current) -> Touched:
    """Find what is touched by records that changed, where all current records are at hand."""
    found = list(rules(current.people))
    common = _together([common_among(keys, LARGEST_BLOCK) for keys in found])
    crossed = np.setxor1d(record_keys.common(session).keys, common.keys)
    owners = [keys.owners[np.isin(level, crossed)] for keys in found for level in keys.levels]
    records = np.union1d(changed, current.ids[np.concatenate(owners)])
    records = _with_households_among(session, records, current)
    keyed = _keyed_of(current, np.isin(current.ids, records), (found, common.keys))
    return Touched(records, keyed, common, current.ids)


def _with_households_among(session: Session, records: Numbers, current: Current) -> Numbers:
    """These records, and all who are or were of one household with them, of all that are current.

    What held a household together before is what the records that changed said then.
    """
    now = _homes(current.people)
    homes = record_keys.homes_of(session, records).key
    while True:
        homes = np.union1d(homes, now.key[np.isin(current.ids[now.record], records)])
        more = np.setdiff1d(current.ids[now.record[np.isin(now.key, homes)]], records)
        if not more.size:
            return records
        records = np.union1d(records, more)


def _with_households(session: Session, changed: Numbers, background: Background) -> Numbers:
    """These records, and all who are or were of one household with them."""
    records = changed
    homes = np.concatenate(
        [
            record_keys.homes_of(session, changed).key,
            _homes(current_people.load(session, changed, background=background).people).key,
        ]
    )
    while True:
        more = np.setdiff1d(record_keys.holders(session, homes).record, records)
        if not more.size:
            return records
        records = np.union1d(records, more)
        homes = record_keys.homes_of(session, more).key


def households(session: Session, records: Numbers) -> Numbers:
    """These records, and all who are of one household with them, as stored."""
    found = records
    while True:
        homes = record_keys.homes_of(session, records).key
        records = np.setdiff1d(record_keys.holders(session, homes).record, found)
        if not records.size:
            return found
        found = np.union1d(found, records)


def _homes(people: People) -> Entries:
    owners, columns = np.nonzero(people.homes)
    return Entries(owners.astype(np.int64), people.homes[owners, columns])


def _keyed(current: Current, common: Common) -> Keyed:
    every = np.ones(current.ids.size, np.bool_)
    return _keyed_of(current, every, (rules(current.people), common.keys))


def _keyed_of(current: Current, wanted: Flags, keyed: tuple[Iterable[Keys], Hashes]) -> Keyed:
    """What is to be stored of some records; `keyed` are the keys of all, and the common ones."""
    found, common = keyed
    parts = [Entries(np.empty(0, np.int64), np.empty(0, np.uint64))]
    for keys in found:
        owners, some = stored(keys, common)
        kept = wanted[owners]
        parts.append(Entries(current.ids[owners[kept]], some[kept]))
    homes = _homes(current.people)
    kept = wanted[homes.record]
    return Keyed(
        current.ids[wanted], current.versions[wanted], Entries.joined(parts),
        Entries(current.ids[homes.record[kept]], homes.key[kept]),
    )  # fmt: skip


def _holders(session: Session, records: Numbers, keyed: Keyed, known: Common) -> Entries:
    """Who else has the keys of records, of those that were not common."""
    asked = keyed.keys.key[~np.isin(keyed.keys.key, known.keys)]
    return record_keys.holders(session, asked).of_others(records)


def _recounted(known: Common, before: Entries, now: Entries, holders: Entries) -> Common:
    """The keys that are common now: those that were, and those of the records that are touched."""
    keys, inverse = np.unique(
        np.concatenate([known.keys, before.key, now.key, holders.key]), return_inverse=True
    )
    parts = np.split(inverse, np.cumsum([known.keys.size, before.key.size, now.key.size]))
    was = np.zeros(keys.size, np.int64)
    was[parts[0]] = known.counts
    counts = was - np.bincount(parts[1], minlength=keys.size) * (was > 0)
    counts += np.bincount(parts[2], minlength=keys.size)
    counts += np.bincount(parts[3], minlength=keys.size)
    common = counts > LARGEST_BLOCK
    return Common(keys[common], counts[common])
