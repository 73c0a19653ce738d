"""Records that a whole list no longer has, and records that come back.

A departed record has no current version, so that no lookup and no run of the engine sees it; the
next run ends its link. A person without any record keeps the SP ID, as absent; a record that comes
back is theirs again.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.lists.batches import RejectedRowEntry

_AT_ONCE: Final = 1000
_MAY_BE = """
INSERT INTO listed (record_id) SELECT id FROM source_record
WHERE scheme = :scheme AND scheme_record_id = ANY(:cells) ON CONFLICT DO NOTHING
"""

_ABSENT = """
WITH absent AS (
  SELECT v.id, v.record_id FROM record_version v JOIN source_record r ON r.id = v.record_id
  WHERE r.scheme = :scheme AND v.superseded_at IS NULL AND v.batch_id <> :batch
    AND NOT EXISTS (SELECT FROM listed l WHERE l.record_id = v.record_id)
)
"""
_COUNT = f"{_ABSENT} SELECT count(*) FROM absent"  # noqa: S608 - made of our own words
_CURRENT = """
SELECT count(*) FROM record_version v JOIN source_record r ON r.id = v.record_id
WHERE r.scheme = :scheme AND v.superseded_at IS NULL
"""
_END = f"""{_ABSENT}
UPDATE record_version v SET superseded_at = now(), departed_in = :batch
FROM absent a WHERE v.id = a.id RETURNING v.record_id
"""  # noqa: S608 - as above


def count_absent(session: Session, batch: int, scheme: str) -> int:
    """Current records of the scheme of which a list that is taken says nothing.

    They are asked for in the transaction that takes it (`registry.records.taking`). A row that was
    rejected still says that its record is on the list.
    """
    _list_rejected(session, batch, scheme)
    return session.scalar(text(_COUNT), {"batch": batch, "scheme": scheme}) or 0


def count_current(session: Session, scheme: str) -> int:
    """Records of the scheme that are on its list now."""
    return session.scalar(text(_CURRENT), {"scheme": scheme}) or 0


def end_absent(session: Session, batch: int, scheme: str) -> int:
    """Let the records depart of which a list says nothing; how many they were."""
    _list_rejected(session, batch, scheme)
    return len(session.scalars(text(_END), {"batch": batch, "scheme": scheme}).all())


def _list_rejected(session: Session, batch: int, scheme: str) -> None:
    """Let the records be listed whose number stands in any cell of a rejected row.

    Where a row has too many cells, its number stands under another heading.
    """
    for cells in _rejected_cells(session, batch):
        session.execute(text(_MAY_BE), {"scheme": scheme, "cells": cells})


def _rejected_cells(session: Session, batch: int) -> Iterator[list[str]]:
    """What the cells of rejected rows say, without spaces, of some rows at a time."""
    rows = session.scalars(
        select(RejectedRowEntry.as_sent)
        .where(RejectedRowEntry.batch_id == batch)
        .execution_options(yield_per=_AT_ONCE)
    )
    while some := list(islice(rows, _AT_ONCE)):
        yield sorted({"".join(cell.split()) for row in some for cell in row.values()})
