"""Records that a whole list no longer has, and records that come back.

A departed record has no current version and no current link, so that no run of the engine sees it.
Its person stays, and keeps the SP ID; when the record comes back, it is theirs again.
"""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from registry import links

_ABSENT = """
WITH unreadable AS (
  SELECT DISTINCT regexp_replace(cell.value, '\\s', '', 'g') AS number
  FROM rejected_row x, jsonb_each_text(x.as_sent) AS cell WHERE x.batch_id = :batch
), absent AS (
  SELECT v.id, v.record_id FROM record_version v JOIN source_record r ON r.id = v.record_id
  WHERE r.scheme = :scheme AND v.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM staged_statement s
                    WHERE s.batch_id = :batch AND s.scheme_record_id = r.scheme_record_id)
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
_LINK_AGAIN = """
WITH RECURSIVE back AS (
  SELECT DISTINCT ON (l.record_id) l.record_id, l.person_id, l.kind, l.weight, l.model
  FROM link l JOIN record_version v ON v.record_id = l.record_id AND v.superseded_at IS NULL
  WHERE v.batch_id = :batch
    AND NOT EXISTS (SELECT FROM link c WHERE c.record_id = l.record_id AND c.superseded_at IS NULL)
    AND EXISTS (SELECT FROM record_version d
                WHERE d.record_id = l.record_id AND d.departed_in IS NOT NULL)
  ORDER BY l.record_id, l.id DESC
), survivor AS (
  SELECT b.record_id, p.id, p.merged_into FROM back b JOIN person p ON p.id = b.person_id
  UNION ALL
  SELECT s.record_id, p.id, p.merged_into FROM survivor s JOIN person p ON p.id = s.merged_into
)
INSERT INTO link (record_id, person_id, kind, weight, model)
SELECT b.record_id, s.id, b.kind, b.weight, b.model
FROM back b JOIN survivor s ON s.record_id = b.record_id AND s.merged_into IS NULL
"""


def count_absent(session: Session, batch: int, scheme: str) -> int:
    """Current records of the scheme of which the staged list says nothing.

    A row that was rejected still says that its record is on the list.
    """
    return session.scalar(text(_COUNT), {"batch": batch, "scheme": scheme}) or 0


def count_current(session: Session, scheme: str) -> int:
    """Records of the scheme that are on its list now."""
    return session.scalar(text(_CURRENT), {"scheme": scheme}) or 0


def end_absent(session: Session, batch: int, scheme: str) -> int:
    """Let the records depart of which the staged list says nothing; how many they were."""
    records = session.scalars(text(_END), {"batch": batch, "scheme": scheme}).all()
    links.supersede(session, records, session.execute(select(func.now())).scalar_one())
    return len(records)


def link_returned(session: Session, batch: int) -> None:
    """Give records that come back with a batch to the person they were last linked to."""
    session.execute(text(_LINK_AGAIN), {"batch": batch})
