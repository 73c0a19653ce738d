"""What waits for an officer: reviews by reason and age, findings and referrals by kind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.reviewing.findings import KINDS

AGES = ("today", "this week", "this month", "older")
_WAITING = """
SELECT reason, CASE WHEN opened_at > CAST(:now AS timestamptz) - interval '1 day' THEN 0
  WHEN opened_at > CAST(:now AS timestamptz) - interval '7 days' THEN 1
  WHEN opened_at > CAST(:now AS timestamptz) - interval '30 days' THEN 2 ELSE 3 END, count(*)
FROM review WHERE status IN ('open', 'second', 'disputed') GROUP BY 1, 2 ORDER BY 1, 2
"""
_FINDINGS = "SELECT kind, count(DISTINCT person_id) FROM finding WHERE closed_at IS NULL GROUP BY 1"


@dataclass(frozen=True)
class Waiting:
    """Reviews that wait, of one reason, opened at one of `AGES` ago."""

    reason: str
    age: str
    reviews: int


@dataclass(frozen=True)
class OpenFindings:
    """Persons with findings of a kind that nobody has closed; `is_referral` as in `Kind`."""

    kind: str
    is_referral: bool
    open: int


def reviews(session: Session, now: datetime) -> list[Waiting]:
    """Reviews that wait, by reason and age."""
    rows = session.execute(text(_WAITING), {"now": now})
    return [Waiting(reason, AGES[age], count) for reason, age, count in rows]


def findings(session: Session) -> list[OpenFindings]:
    """Every kind of finding and referral, in the order of their table."""
    counts = {kind: int(count) for kind, count in session.execute(text(_FINDINGS))}
    return [OpenFindings(kind.code, kind.is_referral, counts.get(kind.code, 0)) for kind in KINDS]
