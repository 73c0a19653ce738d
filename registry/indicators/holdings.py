"""How many records, persons, links and overlaps there are now."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Figures:
    """Counts of what the registry holds now.

    Attributes:
        records: current source records by scheme.
        persons: living persons.
        links: current links by kind.
        shared_persons: persons with records in more than one scheme.
        shared_records: records of those persons.
        open_reviews: possible links that wait for an officer.
    """

    records: dict[str, int]
    persons: int
    links: dict[str, int]
    shared_persons: int
    shared_records: int
    open_reviews: int


_SHARED = """
SELECT count(*), coalesce(sum(records), 0) FROM (
  SELECT count(*) AS records FROM link l JOIN source_record r ON r.id = l.record_id
  WHERE l.superseded_at IS NULL GROUP BY l.person_id HAVING count(DISTINCT r.scheme) > 1
) AS shared
"""


def count(session: Session) -> Figures:
    """Count everything now."""
    shared_persons, shared_records = session.execute(text(_SHARED)).one()
    return Figures(
        records=_by(session, "SELECT scheme, count(*) FROM source_record GROUP BY 1 ORDER BY 1"),
        persons=_one(session, "SELECT count(*) FROM person WHERE retired_at IS NULL"),
        links=_by(
            session,
            "SELECT kind, count(*) FROM link WHERE superseded_at IS NULL GROUP BY 1 ORDER BY 1",
        ),
        shared_persons=shared_persons,
        shared_records=int(shared_records),
        open_reviews=_one(session, "SELECT count(*) FROM review WHERE status = 'open'"),
    )


def _by(session: Session, query: str) -> dict[str, int]:
    return {key: int(number) for key, number in session.execute(text(query))}


def _one(session: Session, query: str) -> int:
    return int(session.scalar(text(query)) or 0)
