"""Numbers that schemes and civil registration give to persons, households and papers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from registry.schemes.values.plain import LONGEST_ABSENT, tidy
from registry.schemes.values.reading import NOTHING, Reading

NATIONAL_ID = re.compile(r"(\d{8,9})(?:\(\d{2}\))?")
NATIONAL_ID_DIGITS = 9
EQUITY_CARD = re.compile(r"(\d{7,8})-(\d{1,4})|(\d{7,8})(\d{4})")
DIGITS = re.compile(r"\d+")
CERTAINLY_TIDY = re.compile(f"[0-9A-Za-z-]{{{LONGEST_ABSENT + 1},}}")
PUNCTUATION = re.compile(r"[ .\-/]+")


@dataclass(frozen=True)
class NumberForm:
    """The form of a scheme's own numbers: configuration, for no official pattern is public.

    Attributes:
        pattern: what a number in order looks like; another is flagged and taken.
        digits: length of a number that is all digits, to put back lost zeros in front; 0 for none.
    """

    pattern: re.Pattern[str]
    digits: int = 0

    def tidy(self, text: str) -> str:
        """The number without spaces, with ASCII digits and its leading zeros."""
        number = tidy(text)
        if " " in number:
            number = number.replace(" ", "")
        return number.zfill(self.digits) if self.digits and number.isdecimal() else number

    def in_doubt(self, texts: Sequence[str]) -> list[int]:
        """Places of the texts that may not be numbers in order that are tidy already."""
        seen = zip(
            map(CERTAINLY_TIDY.fullmatch, texts), map(self.pattern.fullmatch, texts), texts,
            strict=True,
        )  # fmt: skip
        return [
            place
            for place, (tidied, found, text) in enumerate(seen)
            if tidied is None or found is None or len(text) < self.digits
        ]

    def fits(self, number: str) -> bool:
        """Whether a tidy number is in order."""
        return self.pattern.fullmatch(number) is not None


def parse_national_id(text: str) -> Reading:
    """Read the 9 digits of a national ID; the suffix `(01)` counts issues of the same card.

    >>> parse_national_id("068 293 624(01)").value
    '068293624'
    """
    plain = tidy(text)
    if not plain:
        return NOTHING
    found = NATIONAL_ID.fullmatch(PUNCTUATION.sub("", plain))
    if found is None:
        return Reading(problem="national_id.pattern")
    number = found[1].zfill(NATIONAL_ID_DIGITS)
    return Reading(problem="national_id.placeholder") if _is_filler(number) else Reading(number)


def parse_birth_certificate(text: str) -> Reading:
    """Read the digits of a birth certificate's number."""
    plain = tidy(text)
    if not plain:
        return NOTHING
    number = PUNCTUATION.sub("", plain)
    if DIGITS.fullmatch(number) is None or _is_filler(number):
        return Reading(problem="birth_certificate.pattern")
    return Reading(number)


@lru_cache(maxsize=4096)
def parse_equity_card(text: str) -> Reading:
    """Read the number of a household's equity card: its village, a hyphen, four digits.

    >>> parse_equity_card("5090203-8107").value
    '05090203-8107'
    """
    plain = tidy(text)
    if not plain:
        return NOTHING
    found = EQUITY_CARD.fullmatch(plain.replace(" ", ""))
    if found is None:
        return Reading(problem="equity_card.pattern")
    village, serial = (found[1], found[2]) if found[1] else (found[3], found[4])
    return Reading(f"{village.zfill(8)}-{serial.zfill(4)}")


def _is_filler(number: str) -> bool:
    """Whether a number is one digit over and over, as typed to get past a form."""
    return len(set(number)) == 1
