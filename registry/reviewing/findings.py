"""Findings and referrals: what an officer should look at that is not a link.

A finding never cancels anything. Each kind is a row of the table at the end: a query that says
whom it concerns now and why. A finding closes by itself when its cause goes, and comes back with
it; one that an officer closed stays closed for as long as the same cause lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import NotFound
from registry.people import news


class Finding(Row):
    """Something to look at on a person.

    `cause` tells two findings of a kind on one person apart: of a national ID or a birth
    certificate it is the hash. `evidence` are numbers of cards and records. `closed_by` is an
    officer, or nobody when the cause went.
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


class FindingRun(Row):
    """A look at findings: as of which day, and when."""

    __tablename__ = "finding_run"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime]


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
    v.enrolment_category AS category, v.birth_date AS born,
    v.national_id_hash AS national_id, v.birth_certificate_hash AS birth_certificate,
    v.enrolment_valid_until < CAST(:day AS date) AS is_expired,
    (v.enrolment_valid_from IS NULL OR v.enrolment_valid_from <= :day)
      AND (v.enrolment_valid_until IS NULL OR v.enrolment_valid_until >= :day) AS is_active
  FROM {records}
"""
_OF_EVERYBODY = """
link l JOIN source_record s ON s.id = l.record_id
  JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
  WHERE l.superseded_at IS NULL
"""
_OF_CONCERNED = """
concerned c CROSS JOIN LATERAL (
    SELECT person_id, record_id FROM link
    WHERE person_id = c.id AND superseded_at IS NULL OFFSET 0
  ) l CROSS JOIN LATERAL (
    SELECT scheme, scheme_record_id FROM source_record WHERE id = l.record_id OFFSET 0
  ) s CROSS JOIN LATERAL (
    SELECT * FROM record_version WHERE record_id = l.record_id AND superseded_at IS NULL OFFSET 0
  ) v
"""
"""Their records are found one by one: the planner thinks that they are many, and reads all."""
_CONCERNED = """
CREATE TEMPORARY TABLE concerned ON COMMIT DROP AS
  SELECT unnest(CAST(:persons AS bigint[])) AS id, 0 AS step
  UNION SELECT l.person_id, 0 FROM link l JOIN record_version v ON v.record_id = l.record_id
  WHERE l.superseded_at IS NULL AND v.superseded_at IS NULL
    AND CAST(:last AS date) < CAST(:day AS date) AND (
    (v.enrolment_valid_from > :last AND v.enrolment_valid_from <= :day)
    OR (v.enrolment_valid_until >= :last AND v.enrolment_valid_until < :day)
    OR (v.birth_date > to_char(CAST(:last AS date) - interval '2 years', 'YYYY-MM-DD')
      AND v.birth_date <= to_char(CAST(:day AS date) - interval '2 years', 'YYYY-MM-DD'))
    OR (v.birth_date > to_char(CAST(:last AS date) - interval '60 years', 'YYYY-MM-DD')
      AND v.birth_date <= to_char(CAST(:day AS date) - interval '60 years', 'YYYY-MM-DD')))
"""
"""Who was noted, and whom the days that went by concern: a card expired, a child grew past two."""
_SHARERS = """
INSERT INTO concerned
WITH paper AS (
  SELECT v.national_id_hash, v.birth_certificate_hash FROM concerned c CROSS JOIN LATERAL (
    SELECT record_id FROM link WHERE person_id = c.id AND superseded_at IS NULL OFFSET 0
  ) l CROSS JOIN LATERAL (
    SELECT national_id_hash, birth_certificate_hash FROM record_version
    WHERE record_id = l.record_id AND superseded_at IS NULL OFFSET 0
  ) v WHERE c.step = :step
), sharer AS (
  SELECT v.record_id FROM record_version v WHERE v.superseded_at IS NULL
    AND v.national_id_hash IN (SELECT national_id_hash FROM paper)
  UNION SELECT v.record_id FROM record_version v WHERE v.superseded_at IS NULL
    AND v.birth_certificate_hash IN (SELECT birth_certificate_hash FROM paper)
  UNION SELECT v.record_id FROM record_version v WHERE v.superseded_at IS NULL
    AND v.national_id_hash IN (
      SELECT decode(cause, 'hex') FROM finding JOIN concerned c ON c.id = person_id
      WHERE c.step = :step AND kind = 'national_id_of_two' AND cause_gone_at IS NULL)
  UNION SELECT v.record_id FROM record_version v WHERE v.superseded_at IS NULL
    AND v.birth_certificate_hash IN (
      SELECT decode(cause, 'hex') FROM finding JOIN concerned c ON c.id = person_id
      WHERE c.step = :step AND kind = 'birth_claimed_twice' AND cause <> 'cases'
        AND cause_gone_at IS NULL)
)
SELECT DISTINCT l.person_id, :step + 1 FROM sharer CROSS JOIN LATERAL (
  SELECT person_id FROM link WHERE record_id = sharer.record_id AND superseded_at IS NULL OFFSET 0
) l WHERE NOT EXISTS (SELECT FROM concerned c WHERE c.id = l.person_id)
"""
"""Who has a paper in common with those who came at a step, now or when a finding was opened."""
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
        "SELECT person_id, encode(national_id, 'hex'), jsonb_agg(number ORDER BY number)"
        " FROM enrolled WHERE national_id IN"
        " (SELECT national_id FROM enrolled WHERE national_id IS NOT NULL"
        " GROUP BY 1 HAVING count(DISTINCT person_id) > 1) GROUP BY 1, 2",
    ),
    Kind(
        "birth_claimed_twice",
        "The same birth is claimed twice.",
        "SELECT person_id, 'cases', jsonb_agg(number ORDER BY number) FROM enrolled"
        " WHERE scheme = 'cash_transfer' AND category = 'child' GROUP BY 1 HAVING count(*) > 1"
        " UNION ALL SELECT person_id, encode(birth_certificate, 'hex'),"
        " jsonb_agg(number ORDER BY number)"
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
WHERE cause_gone_at IS NULL AND (:is_everybody OR f.person_id IN (SELECT id FROM concerned))
AND NOT EXISTS (SELECT FROM found n WHERE n.kind = f.kind
  AND n.person_id = f.person_id AND n.cause = f.cause)
"""
_OPEN = """
INSERT INTO finding (kind, person_id, cause, evidence, opened_at)
SELECT kind, person_id, cause, evidence, :now FROM found ORDER BY 1, 2, 3
ON CONFLICT (kind, person_id, cause) WHERE cause_gone_at IS NULL
DO UPDATE SET evidence = excluded.evidence WHERE finding.evidence <> excluded.evidence
"""


def settle(session: Session, now: datetime, day: date | None = None) -> dict[str, int]:
    """Look anew at whoever something changed of, on the day of `now` or another.

    Something changes of a person with their records and links, with those of others who hold the
    same papers, and with the days that pass. How many findings of each kind they have.
    """
    on_day = day or now.date()
    last = session.scalar(select(func.max(FindingRun.day)))
    noted = news.take(session)
    is_everybody = last is None or on_day < last or news.EVERYBODY in noted
    _look_at(session, noted, last or on_day, on_day, is_everybody=is_everybody)
    counts = _found(session, on_day)
    of_whom = {"now": now, "is_everybody": is_everybody}
    session.execute(text(_GONE), of_whom)
    session.execute(text(_OPEN), {"now": now})
    session.execute(text("DROP TABLE found, enrolled, concerned"))
    session.add(FindingRun(day=on_day, at=now))
    return counts


def _look_at(
    session: Session, noted: set[int], last: date, day: date, *, is_everybody: bool
) -> None:
    """Gather the records of those concerned, who hold all records of their papers among them."""
    days = {"persons": [] if is_everybody else sorted(noted), "last": last, "day": day}
    session.execute(text(_CONCERNED), days)
    for step in count() if not is_everybody else ():
        session.execute(text("ANALYZE concerned"))
        if not session.connection().execute(text(_SHARERS), {"step": step}).rowcount:
            break
    records = _OF_EVERYBODY if is_everybody else _OF_CONCERNED
    session.execute(text(_ENROLLED.format(records=records)), {"day": day})
    session.execute(text("CREATE INDEX ON enrolled (person_id)"))
    session.execute(text("ANALYZE enrolled"))


def _found(session: Session, day: date) -> dict[str, int]:
    """Find all that there is to find among those looked at; how much of each kind."""
    session.execute(text(_STAGE))
    counts = {}
    for kind in KINDS:
        query = f"INSERT INTO found SELECT :kind, n.* FROM ({kind.query}) AS n"
        written = session.connection().execute(text(query), {"day": day, "kind": kind.code})
        counts[kind.code] = written.rowcount
    session.execute(text("ANALYZE found"))
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
