"""A new data key in the place of the former, and all values sealed anew under it.

The new key is kept first, so that every process can open what is sealed under it; values follow in
batches, each kept by itself. Lookups find the same meanwhile, for hashes are of another key, which
stays. Processes that run go on with the former key for some minutes; what they seal opens as
before, and the next renewal takes it along.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import (
    Column,
    Engine,
    LargeBinary,
    Table,
    delete,
    select,
    text,
    tuple_,
    type_coerce,
)  # fmt: skip
from sqlalchemy.orm import Session

from registry import data_keys, key_holder
from registry.data_keys import DataKey
from registry.database import copy_rows, transaction
from registry.key_holder import SEAL, KeyHolder
from registry.schema import METADATA
from registry.sealed_columns import Sealed, SealedBytes

AT_ONCE: Final = 5_000
LONG_AT_ONCE: Final = 1
OLD: Final = timedelta(days=1)
"""No process seals under a key that was replaced so long ago."""


def replace_key(session: Session, now: datetime) -> None:
    """Make a new key that seals from now on."""
    former = select(DataKey).where(DataKey.purpose == SEAL, DataKey.replaced_at.is_(None))
    for key in session.scalars(former.with_for_update()):
        key.replaced_at = now
    data_keys.make(session, key_holder.of(session).keyring(), SEAL)


def seal_anew(engine: Engine) -> int:
    """Seal what is under former keys under the present one, batch by batch; how many rows."""
    keys = key_holder.of(engine)
    keys.read_again()
    return sum(
        count for table in METADATA.sorted_tables for count in _seal_table(engine, table, keys)
    )


def forget_keys(session: Session, now: datetime) -> int:
    """Forget the keys that no value is sealed under any more; how many they were.

    It is for right after `seal_anew`.
    """
    old = delete(DataKey).where(DataKey.purpose == SEAL, DataKey.replaced_at < now - OLD)
    return session.connection().execute(old).rowcount


def sealed_of(table: Table) -> list[Column[Any]]:
    """The columns of a table whose values are sealed."""
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def _seal_table(engine: Engine, table: Table, keys: KeyHolder) -> Iterator[int]:
    """Go through a table by its primary key."""
    columns = sealed_of(table)
    if not columns:
        return
    is_long = any(isinstance(column.type, SealedBytes) for column in columns)
    behind: tuple[Any, ...] | None = None
    while True:
        with transaction(engine) as session:
            rows = _rows(session, table, columns, (behind, LONG_AT_ONCE if is_long else AT_ONCE))
            if not rows:
                return
            behind = tuple(rows[-1][: len(table.primary_key.columns)])
            yield _seal_rows(session, table, rows, keys)


def _rows(
    session: Session, table: Table, columns: Sequence[Column[Any]], page: tuple[Any, int]
) -> Sequence[Sequence[Any]]:
    """Some rows with what is sealed in them as it stands, held until the transaction ends."""
    behind, most = page
    names = list(table.primary_key.columns)
    found = select(*names, *(type_coerce(column, LargeBinary) for column in columns))
    if behind is not None:
        found = found.where(tuple_(*names) > behind)
    return session.execute(found.order_by(*names).limit(most).with_for_update()).all()


def _seal_rows(
    session: Session, table: Table, rows: Sequence[Sequence[Any]], keys: KeyHolder
) -> int:
    columns, names = sealed_of(table), list(table.primary_key.columns)
    sealer = keys.sealer()
    old = [
        row for row in rows
        if any(value is not None and not sealer.is_current(value) for value in row[len(names) :])
    ]  # fmt: skip
    if not old:
        return 0
    new = (
        (*row[: len(names)], *map(_anew, columns, row[len(names) :], [keys] * len(columns)))
        for row in old
    )
    held = ", ".join(f'"{column.name}"' for column in (*names, *columns))
    session.execute(text(f"CREATE TEMPORARY TABLE anew AS SELECT {held} FROM {table.name} LIMIT 0"))  # noqa: S608 - our own names
    copy_rows(session, "anew", [column.name for column in (*names, *columns)], new)
    put = ", ".join(f'"{column.name}" = a."{column.name}"' for column in columns)
    same = " AND ".join(f't."{column.name}" = a."{column.name}"' for column in names)
    session.execute(text(f"UPDATE {table.name} t SET {put} FROM anew a WHERE {same}"))  # noqa: S608 - our own names
    session.execute(text("DROP TABLE anew"))
    return len(old)


def _anew(column: Column[Any], value: Any, keys: KeyHolder) -> str | None:
    """A value under the present key, as COPY takes it."""
    if value is None:
        return None
    kind = cast("Sealed[Any]", column.type)
    sealed = kind.seal(keys.sealer(), kind.open(keys, bytes(value)))
    return rf"\x{sealed.hex()}"
