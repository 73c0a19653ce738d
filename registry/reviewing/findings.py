"""Findings and referrals: what an officer should look at that is not a link.

A finding never cancels anything. Each kind is a row of the table at the end: a query that says
whom it concerns now and why. A finding closes by itself when its cause goes, and comes back with
it; one that an officer closed stays closed for as long as the same cause lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import NotFound


class Finding(Row):
    """Something to look at on a person.

    `cause` tells two findings of a kind on one person apart; `evidence` are numbers of cards and
    records. `closed_by` is an officer, or nobody when the cause went.
    """

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cause: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    note: Mapped[str | None]
    cause_gone_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_finding_cause",
            "kind",
            "person_id",
            "cause",
            unique=True,
            postgresql_where=text("cause_gone_at IS NULL"),
        ),
    )


@dataclass(frozen=True)
class Kind:
    """A kind of finding: its code, what an officer reads, and the query that finds it.

    The query selects person_id, cause and evidence from `enrolled`, on the day `:day`. A referral
    is somebody who may be missing a benefit.
    """

    code: str
    says: str
    query: str
    is_referral: bool = False


_ENROLLED = """
CREATE TEMPORARY TABLE enrolled ON COMMIT DROP AS
  SELECT l.person_id, s.scheme, s.scheme_record_id AS number, v.enrolment_household AS household,
    v.enrolment_category AS category, v.birth_date AS born, v.national_id, v.birth_certificate,
    v.enrolment_valid_until < CAST(:day AS date) AS is_expired,
    (v.enrolment_valid_from IS NULL OR v.enrolment_valid_from <= :day)
      AND (v.enrolment_valid_until IS NULL OR v.enrolment_valid_until >= :day) AS is_active
  FROM link l JOIN source_record s ON s.id = l.record_id
  JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
  WHERE l.superseded_at IS NULL
"""
_EXACT = "born ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'"

KINDS = (
    Kind(
        "two_households",
        "One person is active in two households.",
        "SELECT person_id, scheme, jsonb_agg(DISTINCT household) FROM enrolled"
        " WHERE scheme = 'idpoor' AND is_active AND household IS NOT NULL GROUP BY 1, 2"
        " HAVING count(DISTINCT household) > 1",
    ),
    Kind(
        "two_memberships",
        "One person has two active memberships.",
        "SELECT person_id, scheme, jsonb_agg(number ORDER BY number) FROM enrolled"
        " WHERE scheme = 'nssf' AND is_active GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    Kind(
        "poor_and_at_risk",
        "One person is poor and at risk at once.",
        "SELECT person_id, scheme, jsonb_agg(number ORDER BY number) FROM enrolled"
        " WHERE scheme = 'idpoor' AND is_active GROUP BY 1, 2"
        " HAVING bool_or(category = 'at_risk') AND bool_or(category IN ('poor_1', 'poor_2'))",
    ),
    Kind(
        "child_past_two",
        "A child past two is still on the cash transfer.",
        "SELECT person_id, number, jsonb_build_array(number, born) FROM enrolled"
        f" WHERE scheme = 'cash_transfer' AND category = 'child' AND is_active AND {_EXACT}"
        " AND born <= to_char(CAST(:day AS date) - interval '2 years', 'YYYY-MM-DD')",
    ),
    Kind(
        "expired_card_in_use",
        "The household's card has expired and a benefit is active.",
        "SELECT card.person_id, card.household, jsonb_agg(benefit.number ORDER BY benefit.number)"
        " FROM enrolled card JOIN enrolled benefit USING (person_id)"
        " WHERE card.scheme = 'idpoor' AND card.is_expired AND card.household IS NOT NULL"
        " AND benefit.scheme IN ('cash_transfer', 'hef') AND benefit.is_active"
        " AND NOT EXISTS (SELECT FROM enrolled valid WHERE valid.person_id = card.person_id"
        " AND valid.scheme = 'idpoor' AND valid.is_active) GROUP BY 1, 2",
    ),
    Kind(
        "national_id_of_two",
        "A national ID stands on records of two persons.",
        "SELECT person_id, national_id, jsonb_agg(number ORDER BY number) FROM enrolled"
        " WHERE national_id IN (SELECT national_id FROM enrolled WHERE national_id IS NOT NULL"
        " GROUP BY 1 HAVING count(DISTINCT person_id) > 1) GROUP BY 1, 2",
    ),
    Kind(
        "birth_claimed_twice",
        "The same birth is claimed twice.",
        "SELECT person_id, 'cases', jsonb_agg(number ORDER BY number) FROM enrolled"
        " WHERE scheme = 'cash_transfer' AND category = 'child' GROUP BY 1 HAVING count(*) > 1"
        " UNION ALL SELECT person_id, birth_certificate, jsonb_agg(number ORDER BY number)"
        " FROM enrolled WHERE birth_certificate IN (SELECT birth_certificate FROM enrolled"
        " WHERE scheme = 'cash_transfer' AND birth_certificate IS NOT NULL GROUP BY 1"
        " HAVING count(DISTINCT person_id) > 1) GROUP BY 1, 2",
    ),
    Kind(
        "refer_under_two",
        "A child under two of an equity-card household is not on the cash transfer.",
        "SELECT person_id, 'cash_transfer', jsonb_agg(DISTINCT household) FROM enrolled card"
        f" WHERE scheme = 'idpoor' AND is_active AND {_EXACT}"
        " AND born > to_char(CAST(:day AS date) - interval '2 years', 'YYYY-MM-DD')"
        " AND NOT EXISTS (SELECT FROM enrolled other WHERE other.person_id = card.person_id"
        " AND other.scheme = 'cash_transfer' AND other.is_active) GROUP BY 1",
        is_referral=True,
    ),
    Kind(
        "refer_sixty",
        "A member of an equity-card household is 60 or over; no list says that they are assisted.",
        "SELECT person_id, 'sixty', jsonb_agg(DISTINCT household) FROM enrolled"
        f" WHERE scheme = 'idpoor' AND is_active AND {_EXACT}"
        " AND born <= to_char(CAST(:day AS date) - interval '60 years', 'YYYY-MM-DD') GROUP BY 1",
        is_referral=True,
    ),
    Kind(
        "refer_disabled",
        "A member of an equity-card household had a disability ID, and no list has it as valid"
        " now.",
        "SELECT card.person_id, 'disability', jsonb_agg(DISTINCT s.scheme_record_id)"
        " FROM enrolled card JOIN link was ON was.person_id = card.person_id"
        " JOIN source_record s ON s.id = was.record_id AND s.scheme = 'disability'"
        " WHERE card.scheme = 'idpoor' AND card.is_active"
        " AND NOT EXISTS (SELECT FROM link now WHERE now.record_id = was.record_id"
        " AND now.superseded_at IS NULL AND now.person_id <> was.person_id)"
        " AND NOT EXISTS (SELECT FROM enrolled other WHERE other.person_id = card.person_id"
        " AND other.scheme = 'disability' AND other.is_active) GROUP BY 1",
        is_referral=True,
    ),
)
_STAGE = """
CREATE TEMPORARY TABLE found (kind text, person_id bigint, cause text, evidence jsonb)
ON COMMIT DROP
"""
_GONE = """
UPDATE finding f SET cause_gone_at = :now, closed_at = coalesce(closed_at, :now)
WHERE cause_gone_at IS NULL AND NOT EXISTS (SELECT FROM found n WHERE n.kind = f.kind
  AND n.person_id = f.person_id AND n.cause = f.cause)
"""
_OPEN = """
INSERT INTO finding (kind, person_id, cause, evidence, opened_at)
SELECT kind, person_id, cause, evidence, :now FROM found ORDER BY 1, 2, 3
ON CONFLICT (kind, person_id, cause) WHERE cause_gone_at IS NULL
DO UPDATE SET evidence = excluded.evidence WHERE finding.evidence <> excluded.evidence
"""


def settle(session: Session, now: datetime, day: date | None = None) -> dict[str, int]:
    """Look for everything anew, on the day of `now` or another; how many there are of each kind."""
    session.execute(text(_STAGE))
    on_day = {"day": day or now.date()}
    session.execute(text(_ENROLLED), on_day)
    session.execute(text("ANALYZE enrolled"))
    counts = {}
    for kind in KINDS:
        query = f"INSERT INTO found SELECT :kind, n.* FROM ({kind.query}) AS n"
        written = session.connection().execute(text(query), {**on_day, "kind": kind.code})
        counts[kind.code] = written.rowcount
    session.execute(text("ANALYZE found"))
    session.execute(text(_GONE), {"now": now})
    session.execute(text(_OPEN), {"now": now})
    session.execute(text("DROP TABLE found, enrolled"))
    return counts


def of_person(session: Session, person: int) -> Sequence[Finding]:
    """What there is to look at on a person, and what there was: what is open first."""
    return session.scalars(
        select(Finding)
        .where(Finding.person_id == person)
        .order_by(Finding.closed_at.is_not(None), Finding.opened_at.desc(), Finding.id)
    ).all()


def close(session: Session, finding: int, officer: str, note: str, now: datetime) -> None:
    """Let an officer say that a finding needs nothing more; closing it again changes nothing.

    Raises:
        NotFound: there is no such finding.
    """
    found = session.get(Finding, finding, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no finding {finding}.")
    if found.closed_at is None:
        found.closed_at, found.closed_by, found.note = now, officer, note
        session.flush()
