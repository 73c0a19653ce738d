"""How good the lists are: what their current records say, and what they leave out."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ListQuality:
    """Current records of a scheme, and how many of them have what.

    Attributes:
        full_birth_date: stated to the day.
        full_village: resolved to a village.
        flagged: taken with a warning.
        expired: whose enrolment ended before the day of the count.
    """

    scheme: str
    records: int
    khmer_name: int
    latin_name: int
    national_id: int
    phone: int
    full_birth_date: int
    full_village: int
    flagged: int
    expired: int


_QUALITY = """
SELECT s.scheme, count(*), count(coalesce(v.given_khmer, v.name_khmer)),
  count(coalesce(v.given_latin, v.name_latin)), count(v.national_id), count(v.phone),
  count(*) FILTER (WHERE length(v.birth_date) = 10), count(*) FILTER (WHERE length(v.village) = 8),
  count(v.warnings),
  count(*) FILTER (WHERE v.enrolment_valid_until < CAST(:day AS date))
FROM source_record s JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
GROUP BY 1 ORDER BY 1
"""


def of_lists(session: Session, day: date) -> list[ListQuality]:
    """The lists of all schemes, as they stand."""
    return [ListQuality(*row) for row in session.execute(text(_QUALITY), {"day": day})]
