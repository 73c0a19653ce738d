"""Stored keys: what tells which records are worth comparing, without loading them.

For every current record as it was last linked, `keyed_record` holds its keys and what it shares
with its household; `record_key` finds the records of a key. A key that too many records share is
common (see `linkage.cambodia.blocking`): `common_key` counts them, and `record_key` leaves them
out. Numbers are the engine's, read as signed ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage.cambodia import sketches as brief
from linkage.cambodia.blocking import Common
from linkage.cambodia.sketches import SKETCH, Sketches
from linkage.free_memory import give_back
from registry.beside import one_behind
from registry.copied import asked, read_columns, read_numbers, write_columns, write_numbers
from registry.database import Row
from registry.ragged import Ragged

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


class KeyedRecord(Row):
    """A record as it was last linked: which version, its keys, its numbers of a household.

    `sketch` is what it was compared by, in brief: see `linkage.cambodia.sketches`.
    """

    __tablename__ = "keyed_record"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int]
    keys: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    homes: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    sketch: Mapped[bytes] = mapped_column(server_default="")


class RecordKey(Row):
    """A record that has a key, or shares a household; keys that are common are absent."""

    __tablename__ = "record_key"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CommonKey(Row):
    """A key that more records share than are worth comparing, and how many do."""

    __tablename__ = "common_key"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    records: Mapped[int]


@dataclass(frozen=True, eq=False)
class Entries:
    """Records and their numbers: `record` int64[entries], `key` uint64[entries]."""

    record: Numbers
    key: Hashes

    @classmethod
    def of(cls, rows: npt.NDArray[np.int64]) -> "Entries":
        """From rows of record and signed number."""
        return cls(rows[:, 0], rows[:, 1].copy().view(np.uint64))

    @classmethod
    def joined(cls, parts: Sequence["Entries"]) -> "Entries":
        """Some entries after others."""
        return cls(
            np.concatenate([np.empty(0, np.int64), *(part.record for part in parts)]),
            np.concatenate([np.empty(0, np.uint64), *(part.key for part in parts)]),
        )

    def of_some(self, records: Numbers) -> "Entries":
        """Those of these records."""
        kept = np.isin(self.record, records)
        return Entries(self.record[kept], self.key[kept])

    def of_keys(self, keys: Hashes) -> "Entries":
        """Those with one of these numbers."""
        kept = np.isin(self.key, keys)
        return Entries(self.record[kept], self.key[kept])

    def without_keys(self, keys: Hashes) -> "Entries":
        """Those with none of these numbers."""
        kept = ~np.isin(self.key, keys)
        return Entries(self.record[kept], self.key[kept])

    def of_others(self, records: Numbers) -> "Entries":
        """Those of records other than these."""
        kept = ~np.isin(self.record, records)
        return Entries(self.record[kept], self.key[kept])


@dataclass(frozen=True, eq=False)
class Keyed:
    """Records in order, with their versions, int64[records] each, their numbers, and in brief."""

    records: Numbers
    versions: Numbers
    keys: Entries
    homes: Entries
    sketches: Sketches

    def of_some(self, records: Numbers) -> "Keyed":
        """What is said of these records."""
        kept = np.isin(self.records, records)
        keys, homes = self.keys.of_some(records), self.homes.of_some(records)
        sketches = self.sketches[kept]
        return Keyed(self.records[kept], self.versions[kept], keys, homes, sketches)

    def with_others(self, others: "Keyed") -> "Keyed":
        """These records and others."""
        records = np.concatenate([self.records, others.records])
        order = np.argsort(records)
        return Keyed(
            records[order],
            np.concatenate([self.versions, others.versions])[order],
            Entries.joined([self.keys, others.keys]),
            Entries.joined([self.homes, others.homes]),
            np.concatenate([self.sketches, others.sketches])[order],
        )

    def findable(self, common: Hashes) -> Entries:
        """The entries by which records are found, where these keys are common."""
        return Entries.joined([self.keys, self.homes]).without_keys(common)

    def with_keys(self, keys: Entries) -> "Keyed":
        """The same with other keys."""
        return replace(self, keys=keys)


_CHANGED = """
SELECT coalesce(v.record_id, k.record_id)
FROM (SELECT id, record_id FROM record_version WHERE superseded_at IS NULL) v
FULL JOIN keyed_record k ON k.record_id = v.record_id
WHERE v.id IS DISTINCT FROM k.version_id
"""
_HOLDERS = "SELECT k.record_id, k.key FROM asked a JOIN record_key k ON k.key = a.number"
_HOLDERS_OF_FEW = text(
    "SELECT DISTINCT record_id FROM record_key WHERE key = ANY(:keys) ORDER BY 1"
)
_HOLDERS_IN_BRIEF = text("""
SELECT string_agg(int8send(id) || sketch, ''::bytea) FILTER (WHERE is_so) AS brief,
  array_agg(id) FILTER (WHERE NOT is_so) AS others
FROM (
  SELECT k.record_id AS id, k.sketch, v.id IS NOT NULL AND length(k.sketch) = :size AS is_so
  FROM (SELECT DISTINCT record_id FROM record_key WHERE key = ANY(:keys)) r
  JOIN keyed_record k ON k.record_id = r.record_id
  LEFT JOIN record_version v ON v.id = k.version_id AND v.superseded_at IS NULL
) found
""")
_NUMBERS = """
SELECT k.record_id, unnest(k.{numbers}) FROM asked a JOIN keyed_record k ON k.record_id = a.number
"""
_HOLDERS_OF_COMMON = """
SELECT k.record_id, key FROM keyed_record k CROSS JOIN LATERAL unnest(k.keys) AS key
WHERE key IN (SELECT number FROM asked)
"""
_HOUSEHOLDS = """
WITH RECURSIVE reached(id) AS (
  SELECT number FROM asked
  UNION
  SELECT mate.record_id FROM reached r CROSS JOIN LATERAL (
    SELECT k.record_id FROM keyed_record h CROSS JOIN LATERAL unnest(h.homes) AS home
    JOIN record_key k ON k.key = home WHERE h.record_id = r.id OFFSET 0
  ) mate
)
SELECT id FROM reached ORDER BY 1
"""
_STORED = """
SELECT k.record_id, k.version_id, k.sketch FROM asked a
JOIN keyed_record k ON k.record_id = a.number ORDER BY 1
"""
_SKETCHES = """
SELECT k.sketch FROM asked a JOIN keyed_record k ON k.record_id = a.number ORDER BY a.number
"""
_COLUMNS = ("record_id", "version_id", "keys", "homes", "sketch")
_BIGINT = np.dtype(">i8")
_SHARES: Final = 16
_SHIFT: Final = np.uint64(60)
"""What is left of a number are the bits that tell its share."""
_STAGE = "CREATE TEMPORARY TABLE gone (key bigint, record_id bigint) ON COMMIT DROP"
_FORGET_KEYS = """
DELETE FROM record_key r USING gone g WHERE r.key = g.key AND r.record_id = g.record_id
"""
_FORGET_RECORDS = "DELETE FROM keyed_record k USING asked a WHERE k.record_id = a.number"
_BY_KEY = ("key", "record_id")


def changed(session: Session) -> Numbers:
    """Records that are new, other than when they were last linked, or gone: int64[records]."""
    return read_numbers(session, _CHANGED)[:, 0]


def holders(session: Session, keys: Hashes) -> Entries:
    """The records that have one of some keys which are not common, or share one of some homes."""
    with asked(session, np.unique(keys).view(np.int64)):
        return Entries.of(read_numbers(session, _HOLDERS, width=2))


def holders_of_few(session: Session, keys: Hashes) -> Numbers:
    """The records that have one of a few keys which are not common: int64[records], in order."""
    asked_for = {"keys": np.unique(keys).view(np.int64).tolist()}
    return np.array(session.scalars(_HOLDERS_OF_FEW, asked_for).all(), np.int64)


def holders_in_brief(session: Session, keys: Hashes) -> tuple[Numbers, Sketches, Numbers]:
    """The same records: those that are as their sketches say, with these, and then the others.

    The others are other than when they were last linked, or were linked before there were sketches.
    """
    asked_for = {"keys": np.unique(keys).view(np.int64).tolist(), "size": SKETCH.itemsize}
    found = session.execute(_HOLDERS_IN_BRIEF, asked_for).one()
    rows = np.frombuffer(found.brief or b"", [("id", _BIGINT), ("sketch", SKETCH)])
    order = np.argsort(rows["id"])
    ids, others = rows["id"][order].astype(np.int64), np.array(found.others or (), np.int64)
    return ids, rows["sketch"][order], np.sort(others)


def holders_of_common(session: Session, keys: Hashes) -> Entries:
    """The records that have one of some keys, common ones included; reads all records."""
    with asked(session, np.unique(keys).view(np.int64)):
        return Entries.of(read_numbers(session, _HOLDERS_OF_COMMON, width=2))


def keys_of(session: Session, records: Numbers) -> Entries:
    """The stored keys of some records."""
    return _numbers_of(session, records, "keys")


def homes_of(session: Session, records: Numbers) -> Entries:
    """What some records share with their households, as stored."""
    return _numbers_of(session, records, "homes")


def households(session: Session, records: Numbers) -> Numbers:
    """These records, and all who are of one household with them as stored: int64[k], in order."""
    with asked(session, records):
        return read_numbers(session, _HOUSEHOLDS)[:, 0]


def common(session: Session) -> Common:
    """The keys that are common, in order, and how many records have them."""
    rows = read_numbers(session, "SELECT key, records FROM common_key", width=2)
    keys, counts = rows[:, 0].copy().view(np.uint64), rows[:, 1]
    order = np.argsort(keys)
    return Common(keys[order], counts[order])


def stored(session: Session, records: Numbers) -> Keyed:
    """What is stored of some records; nothing of those that were never linked."""
    with asked(session, records):
        ids, versions, sketches = read_columns(session, _STORED, [_BIGINT, _BIGINT, SKETCH])
    keys, homes = keys_of(session, records), homes_of(session, records)
    return Keyed(ids.astype(np.int64), versions.astype(np.int64), keys, homes, sketches)


def sketches_of(session: Session, records: Numbers) -> Sketches:
    """The sketches of records in order, all of which are stored."""
    with asked(session, records):
        return read_columns(session, _SKETCHES, [SKETCH])[0]


def replace_some(session: Session, before: Keyed, now: Keyed, known: Common) -> None:
    """Let what is stored of some records be `now`, and these keys be the common ones.

    `before` is what is stored of them; who has a key that is common from now on, or is so no more,
    is among them. Only what differs is written.
    """
    was = common(session).keys
    gone, come = _apart(before.findable(was), now.findable(known.keys))
    session.execute(text(_STAGE))
    write_numbers(session, "gone", _BY_KEY, [gone.key.view(np.int64), gone.record])
    session.execute(text("ANALYZE gone"))
    session.execute(text(_FORGET_KEYS))
    session.execute(text("DROP TABLE gone"))
    write_numbers(session, "record_key", _BY_KEY, [come.key.view(np.int64), come.record])
    changed = _differing(before, now)
    with asked(session, changed):
        session.execute(text(_FORGET_RECORDS))
    _write_records(session, now.of_some(changed))
    _write_common(session, known)


def _differing(one: Keyed, other: Keyed) -> Numbers:
    """The records of which the one says anything else than the other: int64[k], in order."""
    versions = [Entries(some.records, some.versions.view(np.uint64)) for some in (one, other)]
    found = [resketched(one, other)]
    for mine, theirs in (versions, (one.keys, other.keys), (one.homes, other.homes)):
        found += [some.record for some in _apart(mine, theirs)]
    return np.unique(np.concatenate(found))


def _apart(one: Entries, other: Entries) -> tuple[Entries, Entries]:
    """What only the one holds, and what only the other; each holds nothing twice. In order."""
    both = Entries.joined([one, other])
    is_other = np.arange(both.key.size) >= one.key.size
    order = np.lexsort((both.record, both.key.view(np.int64)))
    record, key, is_other = both.record[order], both.key[order], is_other[order]
    same = (record[1:] == record[:-1]) & (key[1:] == key[:-1])
    alone = ~(np.append(same, False) | np.append(False, same))[: key.size]
    mine, theirs = alone & ~is_other, alone & is_other
    return Entries(record[mine], key[mine]), Entries(record[theirs], key[theirs])


def resketched(one: Keyed, other: Keyed) -> Numbers:
    """The records that only the one knows, or of which the sketches differ: int64[k], in order."""
    both, mine, theirs = np.intersect1d(one.records, other.records, return_indices=True)
    differ = one.sketches[mine].tobytes(), other.sketches[theirs].tobytes()
    rows = [np.frombuffer(raw, np.uint8).reshape(-1, SKETCH.itemsize) for raw in differ]
    changed = both[(rows[0] != rows[1]).any(axis=1)]
    return np.union1d(changed, np.setxor1d(one.records, other.records))


def may_weigh_less(before: Keyed, now: Keyed) -> Numbers:
    """The records that are gone, or of which pairs may come to less by their sketches: int64[k]."""
    both, mine, theirs = np.intersect1d(before.records, now.records, return_indices=True)
    less = both[brief.may_weigh_less(before.sketches[mine], now.sketches[theirs])]
    return np.union1d(less, np.setdiff1d(before.records, now.records))


def replace_all(session: Session, parts: Iterable[Keyed], known: Common) -> None:
    """Let what is stored be exactly this, in parts, each of records after those before it.

    Parts are let go when they are written, but for the entries by which records are found: these
    are written last, some at a time, in their order.
    """
    session.execute(text("DELETE FROM record_key"))
    session.execute(text("DELETE FROM keyed_record"))
    _write_common(session, known)
    found: list[list[Entries]] = [[] for _ in range(_SHARES)]
    one_behind(partial(_write_records, session), _noted(parts, known, found))
    one_behind(partial(write_numbers, session, "record_key", _BY_KEY), _sorted(found))


def _noted(
    parts: Iterable[Keyed], known: Common, found: Sequence[list[Entries]]
) -> Iterator[Keyed]:
    """The same parts; by which entries their records are found is noted, share by share."""
    for keyed in parts:
        for share, entries in zip(found, _shared(keyed.findable(known.keys)), strict=True):
            share.append(entries)
        yield keyed
        give_back()


def _sorted(found: list[list[Entries]]) -> Iterator[list[Numbers]]:
    """The entries share by share in order, as columns; each share is let go."""
    while found:
        entries = Entries.joined(found.pop(0))
        order = np.lexsort((entries.record, entries.key.view(np.int64)))
        yield [entries.key.view(np.int64)[order], entries.record[order]]


def _shared(entries: Entries) -> list[Entries]:
    """Entries by the first bits of their numbers, as these are read with a sign, in order."""
    share = ((entries.key >> _SHIFT) ^ np.uint64(_SHARES // 2)).astype(np.uint8)
    order = np.argsort(share, kind="stable")
    ends = np.searchsorted(share[order], np.arange(1, _SHARES))
    parts = np.split(order, ends)
    return [Entries(entries.record[part], entries.key[part]) for part in parts]


def _numbers_of(session: Session, records: Numbers, numbers: str) -> Entries:
    with asked(session, records):
        return Entries.of(read_numbers(session, _NUMBERS.format(numbers=numbers), width=2))


def _write_common(session: Session, known: Common) -> None:
    session.execute(text("DELETE FROM common_key"))
    columns = [known.keys.view(np.int64), known.counts]
    write_numbers(session, "common_key", ("key", "records"), columns)


def _write_records(session: Session, keyed: Keyed) -> None:
    keys, homes = (_arrays(keyed.records, entries) for entries in (keyed.keys, keyed.homes))
    columns = (keyed.records, keyed.versions, keys, homes, keyed.sketches)
    write_columns(session, "keyed_record", _COLUMNS, columns)


def _arrays(records: Numbers, entries: Entries) -> Ragged:
    """The numbers of each record, all of whose records are among these, in order."""
    order = np.lexsort((entries.key, entries.record))
    starts = np.searchsorted(entries.record[order], records, side="left").astype(np.int64)
    return Ragged(entries.key.view(np.int64)[order], np.append(starts, order.size))
