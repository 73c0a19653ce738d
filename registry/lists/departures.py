"""Records that a whole list no longer has, and records that come back.

A departed record has no current version, so that no lookup and no run of the engine sees it; the
next run ends its link. A person without any record keeps the SP ID, as absent; a record that comes
back is theirs again.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

_ABSENT = """
WITH unreadable AS (
  SELECT DISTINCT regexp_replace(cell.value, '\\s', '', 'g') AS number
  FROM rejected_row x, jsonb_each_text(x.as_sent) AS cell WHERE x.batch_id = :batch
), absent AS (
  SELECT v.id, v.record_id FROM record_version v JOIN source_record r ON r.id = v.record_id
  WHERE r.scheme = :scheme AND v.superseded_at IS NULL AND v.batch_id <> :batch
    AND NOT EXISTS (SELECT FROM listed l WHERE l.record_id = v.record_id)
    AND NOT EXISTS (SELECT FROM unreadable u WHERE u.number = r.scheme_record_id)
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
    return session.scalar(text(_COUNT), {"batch": batch, "scheme": scheme}) or 0


def count_current(session: Session, scheme: str) -> int:
    """Records of the scheme that are on its list now."""
    return session.scalar(text(_CURRENT), {"scheme": scheme}) or 0


def end_absent(session: Session, batch: int, scheme: str) -> int:
    """Let the records depart of which a list says nothing; how many they were."""
    return len(session.scalars(text(_END), {"batch": batch, "scheme": scheme}).all())
