"""Codes and scripts as people read them."""

from registry.lookups.readings import place, reading


def test_place_is_named_from_the_village_up_as_far_as_it_is_known() -> None:
    village = place("05090203")
    assert village is not None
    assert village.latin == ("Prey Totueng", "Veal Pung", "Odong Mae Chey", "Kampong Speu")
    assert village.khmer[-1] == "កំពង់ស្ពឺ"
    province = place("05")
    assert province is not None
    assert province.latin == ("Kampong Speu",)
    assert place(None) is None
    assert place("99") is None


def test_khmer_name_is_read_in_latin_letters() -> None:
    assert reading("សុខ ដារា") == "Sok Dara"
    assert reading(None) is None
