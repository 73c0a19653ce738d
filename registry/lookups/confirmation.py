"""What lets a provider confirm that the right person was found, and tells no more: initials, year.

The initial of a Khmer word is its first cluster, a consonant with those written below it; a letter
cut from its cluster would be another sound.
"""

import re
from dataclasses import dataclass
from typing import Final

LATIN: Final = re.compile(r"[^\W\d_]")
KHMER: Final = re.compile("[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3])*")
YEAR: Final = 4


@dataclass(frozen=True)
class Confirmation:
    """Initials in the scripts that lists have the name in, and the year of birth."""

    initials_khmer: str | None
    initials_latin: str | None
    birth_year: int | None


def confirming(
    name_khmer: str | None, name_latin: str | None, birth_date: str | None
) -> Confirmation:
    """What to show of a person of these names, the family name first, and ISO birth date."""
    year = None if birth_date is None else int(birth_date[:YEAR])
    return Confirmation(_initials(KHMER, name_khmer), _initials(LATIN, name_latin), year)


def _initials(first: re.Pattern[str], name: str | None) -> str | None:
    found = (first.search(word) for word in (name or "").split())
    return " ".join(f"{one[0].upper()}." for one in found if one is not None) or None
