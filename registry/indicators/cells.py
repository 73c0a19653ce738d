"""Persons counted by the schemes that cover them, province, sex and age group.

Every figure of coverage and of overlap is a sum over these cells. A person is counted by their best
values (`registry.records.survivorship`), and under a scheme when one of its enrolments is active on
the day of the count.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.indicators import ages
from registry.records.survivorship import RULES


@dataclass(frozen=True)
class Cell:
    """Persons who are alike.

    Attributes:
        schemes: those that cover them, in the order of their codes; none for people on lists whose
            enrolments have all ended.
        province: official code of two digits; None where no list says.
        age: an `AgeGroup`; None where no birth date is known.
    """

    schemes: tuple[str, ...]
    province: str | None
    sex: str | None
    age: str | None
    persons: int


@dataclass(frozen=True)
class HouseholdCell:
    """Households of a scheme with an active enrolment, by the province of their members."""

    scheme: str
    province: str | None
    households: int


def _best(column: str) -> str:
    """SQL: the best value of a person, by the rules of survivorship."""
    trusted = "".join(f" WHEN '{scheme}' THEN {at}"
                      for at, scheme in enumerate(RULES[column].trusted))  # fmt: skip
    trust = f"CASE scheme{trusted} ELSE 99 END, " if trusted else ""
    return (
        f"(array_agg({column} ORDER BY {trust}{column} LIKE '%~', length({column}) DESC,"
        ' coalesce(stated_on, \'\') COLLATE "C" DESC, scheme COLLATE "C", number COLLATE "C")'
        f" FILTER (WHERE {column} IS NOT NULL))[1]"
    )


_ACTIVE = """
(v.enrolment_valid_from IS NULL OR v.enrolment_valid_from <= CAST(:day AS date))
AND (v.enrolment_valid_until IS NULL OR v.enrolment_valid_until >= CAST(:day AS date))
"""
_CELLS = f"""
WITH held AS (
  SELECT l.person_id, s.scheme, s.scheme_record_id AS number, v.sex, v.birth_date, v.village,
    v.stated_on, {_ACTIVE} AS is_active
  FROM link l JOIN source_record s ON s.id = l.record_id
  JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
  WHERE l.superseded_at IS NULL
), persons AS (
  SELECT coalesce(array_agg(DISTINCT scheme) FILTER (WHERE is_active), '{{}}') AS schemes,
    left({_best("village")}, 2) AS province, {_best("sex")} AS sex, {_best("birth_date")} AS born
  FROM held GROUP BY person_id
), dated AS (SELECT schemes, province, sex, {ages.BIRTHDAY} AS birthday FROM persons)
SELECT schemes, province, sex, {ages.of_birthday("birthday")} AS age, count(*)
FROM dated GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 # made of our own words
_HOUSEHOLDS = f"""
SELECT scheme, province, count(*) FROM (
  SELECT s.scheme, v.enrolment_household, min(left(v.village, 2)) AS province
  FROM link l JOIN source_record s ON s.id = l.record_id
  JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
  WHERE l.superseded_at IS NULL AND v.enrolment_household IS NOT NULL AND {_ACTIVE}
  GROUP BY 1, 2
) AS household GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 # as above


def count_persons(session: Session, day: date) -> list[Cell]:
    """All living persons whom any list names, on a day."""
    rows = session.execute(text(_CELLS), {"day": day})
    return [Cell(tuple(sorted(row[0])), *row[1:]) for row in rows]


def count_households(session: Session, day: date) -> list[HouseholdCell]:
    """Households of schemes that number them, on a day."""
    return [HouseholdCell(*row) for row in session.execute(text(_HOUSEHOLDS), {"day": day})]


def total(cells: Iterable[Cell], holds: Callable[[Cell], bool] = lambda _: True) -> int:
    """Persons in the cells for which something holds."""
    return sum(cell.persons for cell in cells if holds(cell))
