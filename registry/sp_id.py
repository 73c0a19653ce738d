"""The social protection ID: its form, its check digit, its making.

Twelve digits; the last is a Verhoeff check digit, which catches every single wrong digit and every
swap of neighbours (Verhoeff 1969). The other eleven are drawn from the operating system's generator
and never begin with 0, so that no spreadsheet shortens them and nobody can guess the next.
"""

import re
import secrets
from typing import NewType

from stdnum import verhoeff
from stdnum.exceptions import ValidationError

SpId = NewType("SpId", str)
LENGTH = 12
_LOWEST = 10 ** (LENGTH - 2)
"""The first number of as many digits as stand before the check digit."""
_FORM = re.compile(r"[1-9][0-9]{11}")
_SEPARATORS = re.compile(r"[\s\u200b-]+")
_KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")


def draw() -> SpId:
    """A new number; that it was never issued before is for the database to say."""
    body = str(_LOWEST + secrets.randbelow(9 * _LOWEST))
    return SpId(body + verhoeff.calc_check_digit(body))


def parse(text: str) -> SpId | None:
    """The number a person wrote, in groups or not, in any digits; None if it is not one."""
    digits = _SEPARATORS.sub("", text).translate(_KHMER_DIGITS)
    return SpId(digits) if is_valid(digits) else None


def is_valid(digits: str) -> bool:
    """Whether twelve digits are of the form and pass their check."""
    if _FORM.fullmatch(digits) is None:
        return False
    try:
        verhoeff.validate(digits)
    except ValidationError:
        return False
    return True


def printed(sp_id: SpId) -> str:
    """In groups of four, as on a card: `2345 6789 0124`."""
    return " ".join(sp_id[start : start + 4] for start in range(0, LENGTH, 4))
