"""Age groups, as the figures count them, and how a birth date falls into one."""

from enum import StrEnum
from typing import Final


class AgeGroup(StrEnum):
    """Completed years on the day of the count; the schemes' own limits are borders."""

    UNDER_2 = "0-1"
    UNDER_5 = "2-4"
    UNDER_15 = "5-14"
    UNDER_60 = "15-59"
    OLDER = "60+"


LIMITS: Final = {
    AgeGroup.UNDER_2: 2,
    AgeGroup.UNDER_5: 5,
    AgeGroup.UNDER_15: 15,
    AgeGroup.UNDER_60: 60,
    AgeGroup.OLDER: None,
}
"""Age group → the age from which one is in the next; None for the last."""

MIDDLE_OF_YEAR: Final = "-07-01"
MIDDLE_OF_MONTH: Final = "-15"
BIRTHDAY: Final = f"""
CASE length(rtrim(born, '~')) WHEN 10 THEN rtrim(born, '~')
  WHEN 7 THEN rtrim(born, '~') || '{MIDDLE_OF_MONTH}'
  WHEN 4 THEN rtrim(born, '~') || '{MIDDLE_OF_YEAR}' END
"""
"""SQL: the day that stands for a birth date of any precision, as ISO text."""


def of_birthday(birthday: str) -> str:
    """SQL: the age group on `:day` of a birthday given as ISO text; null where none is known."""
    branches = " ".join(
        f"WHEN {birthday} > to_char(CAST(:day AS date) - interval '{limit} years', 'YYYY-MM-DD')"
        f" THEN '{group}'"
        for group, limit in LIMITS.items()
        if limit is not None
    )
    return f"CASE WHEN {birthday} IS NULL THEN NULL {branches} ELSE '{AgeGroup.OLDER}' END"
