"""A birth date as people type it: year, month and day apart, as much as is known."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Form

_KHMER_DIGITS: Final = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
Part = Annotated[str, Form(max_length=10)]


@dataclass(frozen=True)
class BirthDate:
    """Three fields of a form; empty ones are not known."""

    year: Part = ""
    month: Part = ""
    day: Part = ""

    @property
    def fields(self) -> dict[str, str]:
        """The fields by name, as they were sent."""
        return {"year": self.year, "month": self.month, "day": self.day}

    @property
    def iso(self) -> str | None:
        """As far as it is known, `1990-05`; None where nothing is, or what is sent is no date."""
        known = self._known()
        if not known or not self.is_date:
            return None
        return "-".join([f"{known[0]:04}", *(f"{part:02}" for part in known[1:])])

    @property
    def is_date(self) -> bool:
        """Whether it is empty or a date, from the year on without gaps."""
        known = self._known()
        if known is None:
            return False
        try:
            return not known or date(*[*known, 1, 1][:3]).year > 1800  # noqa: PLR2004 - nobody's
        except ValueError:
            return False

    def _known(self) -> list[int] | None:
        """The parts that are sent; None where they are no numbers or leave a gap."""
        sent = [part.strip().translate(_KHMER_DIGITS) for part in (self.year, self.month, self.day)]
        filled = [part for part in sent if part]
        if sent[: len(filled)] != filled or not all(part.isdecimal() for part in filled):
            return None
        return [int(part) for part in filled]
