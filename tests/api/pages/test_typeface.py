"""The Khmer typeface: small, whole, made once."""

from pathlib import Path

from fontTools.ttLib import TTFont

from api.pages.typeface import typeface


def test_subset_holds_what_khmer_needs_and_is_made_once(tmp_path: Path) -> None:
    path = typeface(tmp_path)
    made = path.stat()
    assert made.st_size < 60_000
    with TTFont(path) as font:
        letters = font.getBestCmap()
        assert {*range(0x1780, 0x17DE), *range(0x17E0, 0x17EA)} <= letters.keys()
        assert [axis.axisTag for axis in font["fvar"].axes] == ["wght"]
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {"blwf", "pref", "pres", "clig"} <= features
    assert typeface(tmp_path).stat().st_mtime_ns == made.st_mtime_ns
