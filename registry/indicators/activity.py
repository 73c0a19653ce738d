"""What happened month by month: records taken, links made, reviews opened and decided."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Month:
    """Counts of one month, `YYYY-MM` in UTC.

    Attributes:
        what: `link: automatic`, `link: new`, `review opened`, `decision: same`, ...
    """

    month: str
    what: str
    count: int


@dataclass(frozen=True)
class ListTaken:
    """What became of the rows of all lists of a scheme, of the batches that were taken."""

    scheme: str
    batches: int
    rows_read: int
    rows_rejected: int
    records_new: int
    records_changed: int


_MONTH = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')"
_MONTHS = f"""
SELECT {_MONTH.format("linked_at")}, 'link: ' || kind, count(*) FROM link GROUP BY 1, 2
UNION ALL
SELECT {_MONTH.format("opened_at")}, 'review opened', count(*) FROM review GROUP BY 1
UNION ALL
SELECT {_MONTH.format("decided_at")}, 'decision: ' || verdict, count(*) FROM decision GROUP BY 1, 2
UNION ALL
SELECT {_MONTH.format("undone_at")}, 'decision undone', count(*) FROM decision
WHERE undone_at IS NOT NULL GROUP BY 1
ORDER BY 1, 2
"""  # noqa: S608 # made of our own words
_LISTS = """
SELECT scheme, count(*), sum(rows_read), sum(rows_rejected), sum(records_new), sum(records_changed)
FROM batch WHERE status IN ('parsed', 'linked') GROUP BY 1 ORDER BY 1
"""


def months(session: Session) -> list[Month]:
    """All months in which anything happened, the oldest first."""
    return [Month(*row) for row in session.execute(text(_MONTHS))]


def lists(session: Session) -> list[ListTaken]:
    """All schemes that ever sent a list."""
    rows = session.execute(text(_LISTS))
    return [ListTaken(row[0], *(int(number) for number in row[1:])) for row in rows]
