"""Telephone numbers to E.164."""

import re
from functools import lru_cache

from registry.schemes.values.plain import tidy
from registry.schemes.values.reading import NOTHING, Reading

REGION = "KH"
NUMBER_SEPARATOR = re.compile(r"[;,/]|\bor\b|ឬ")
COUNTRY = 855
PLAIN = re.compile(rf"(?:(?:(?:\+|00)?{COUNTRY})?0?)([1-9]\d{{7,8}})")
"""Numbers that need no library: 8 or 9 digits after the country code or the trunk zero."""
PUNCTUATION = re.compile(r"[ ().-]+")


@lru_cache(maxsize=4096)
def parse_phone(text: str) -> Reading:
    """Read a telephone number of Cambodia, or an international one; the first of several.

    A number is refused only when it has too few or too many digits: prefixes of operators come
    and go.

    >>> parse_phone("012-345 678").value
    '+85512345678'
    """
    plain = tidy(text)
    if not plain:
        return NOTHING
    first = NUMBER_SEPARATOR.split(plain, maxsplit=1)[0]
    if found := PLAIN.fullmatch(PUNCTUATION.sub("", first)):
        return Reading(f"+{COUNTRY}{found[1]}")
    return parse_any_phone(first)


def parse_any_phone(text: str) -> Reading:
    """Read a telephone number by the library's full rules; few numbers need it."""
    import phonenumbers  # noqa: PLC0415 - it takes as long to load as ten thousand rows to read

    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return Reading(problem="phone.invalid")
    if not phonenumbers.is_possible_number(number):
        return Reading(problem="phone.invalid")
    return Reading(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
