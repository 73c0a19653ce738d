"""One canonical form of a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import canonical, has_khmer, is_limon

SAME = [
    ("shifter after the vowel", "ស៊ីម", "សី៊ម"),
    ("shifter typed as -u before the vowel", "ហ៊ឹម", "ហុឹម"),
    ("shifter typed as -u after the vowel", "ហ៊ីម", "ហីុម"),
    ("-u under a soft letter is muusikatoan", "ម៉ី", "មុី"),
    ("-u beside a shifter says the shifter again", "ស៊ី", "ស៊ុី"),
    ("-u under aa with nikahit is a shifter", "ញ៉ាំ", "ញុាំ"),
    ("muusikatoan after aa", "ដារ៉ា", "ដារា៉"),
    ("subscript after the vowel", "ប្រាក់", "បា្រក់"),
    ("subscript ro typed first", "ចន្ទ្រា", "ចន្រ្ទា"),
    ("coeng da drawn as coeng ta", "សុភក្ត្រ", "សុភក្ដ្រ"),
    ("oo in two signs", "សោភា", "សេាភា"),
    ("oo in two signs, the right one first", "សោភា", "សាេភា"),
    ("oe in two signs", "ជើង", "ជេីង"),
    ("au with its e typed as well", "ពៅ", "ពេៅ"),
    ("nikahit before -u", "មុំ", "មំុ"),
    ("nikahit before aa", "ចាំ", "ចំា"),
    ("vowel twice", "សារី", "សាារីី"),
    ("shifter twice", "រ៉ា", "រ៉៉ា"),
    ("coeng twice", "ស្រី", "ស្្រី"),
    ("subscript twice", "ស្រី", "ស្រ្រី"),
    ("left vowel typed before its letter", "សេង", "េសង"),
    ("zero-width space", "សុខា", "សុ\u200bខា"),
    ("zero-width joiners", "សុខា", "សុ\u200cខ\u200dា"),
    ("byte order mark and word joiner", "សុខា", "\ufeffសុ\u2060ខា"),
    ("soft hyphen", "សុខា", "សុ\u00adខា"),
    ("invisible inherent vowels", "សម", "ស\u17b4ម\u17b5"),
    ("deprecated independent qa", "អុក", "\u17a3ុក"),
    ("deprecated qaa", "អាន", "\u17a4ន"),
    ("deprecated quk", "ឧក", "\u17a8"),
    ("two drawings of qoo", "ឱម", "\u17b2ម"),
    ("bathamasat for nikahit", "សំ", "ស\u17d3"),
    ("atthacan for viriam", "ន\u17d1", "ន\u17dd"),
    ("colon for yuukaleapintu", "រតនៈ", "រតន:"),
    ("Khmer digits", "ភូមិ ១២", "ភូមិ 12"),
    ("no-break space", "ជា សុខា", "ជា\u00a0សុខា"),
    ("spaces around", "ជា សុខា", "  ជា \t សុខា\n"),
    ("case", "sok", "SOK"),
    ("diacritics", "keo", "Kèo"),
    ("Vietnamese letters", "dang thi", "Đặng Thị"),
    ("full width", "sok kha", "ＳＯＫ　ＫＨＡ"),
    ("apostrophe", "lak", "L'ak"),
    ("typographic apostrophe", "oneil", "O’Neil"),
    ("hyphen", "sok kha", "Sok-Kha"),
    ("stop after an initial", "s kha", "S. Kha"),
    ("Khmer full stop", "ជា សុខា", "ជា សុខា។"),
]
DIFFERENT = [
    ("reahmuk is no colon", "ចះ", "ច:"),
    ("bantoc on another letter", "ចាន់", "ចា់ន"),
    ("robat on another letter", "ធម៌", "ធ៌ម"),
    ("samyok on another letter", "រ័ត្ន", "រត័្ន"),
    ("the two shifters", "ប៉ូ", "ប៊ូ"),
    ("shifter and none", "សី", "ស៊ី"),
    ("series of the letter", "តា", "ទា"),
    ("aspirated and plain", "ខា", "កា"),
    ("subscript and full letter", "សរី", "ស្រី"),
    ("vowel length", "សិន", "សីន"),
    ("siblings", "សុខា", "សុខុម"),
    ("yuukaleapintu and reahmuk", "រតនៈ", "រតនះ"),
]


@pytest.mark.parametrize(("first", "second"), [pytest.param(a, b, id=why) for why, a, b in SAME])
def test_spellings_of_one_text_become_one(first: str, second: str) -> None:
    assert canonical(first) == canonical(second)


@pytest.mark.parametrize(
    ("first", "second"), [pytest.param(a, b, id=why) for why, a, b in DIFFERENT]
)
def test_different_names_stay_apart(first: str, second: str) -> None:
    assert canonical(first) != canonical(second)


KHMER = st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD), max_size=12)
KHMER_NOISE = st.text(st.sampled_from("សបមរខ្ិីឹុួាំះេៅើ៉៊់័ៈ៍ \u200b:e'"), min_size=1, max_size=10)


@given(st.one_of(st.text(max_size=20), KHMER, KHMER_NOISE))
def test_canonical_form_is_idempotent(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.one_of(st.text(max_size=20), KHMER, KHMER_NOISE))
def test_a_text_with_a_letter_is_never_empty(text: str) -> None:
    if any(unicodedata.category(char)[0] == "L" for char in text):
        assert canonical(text)


def test_khmer_is_seen_among_other_letters() -> None:
    assert has_khmer("Sok សុខ")
    assert not has_khmer("Sok")


@pytest.mark.parametrize(
    "text",
    [
        "eQµaH",
        "RBwm suxa",
        "GuwKs suPaB",
        "suxa Carü;g",
        "hak; vNÑa",
        "eyOn sÞwg",
        "kwm",
        "Twk",
        "hak;",
        "pat;",
        "efb",
        ")an",
        "bu)a",
        "h‘un",
        'em"A',
        "KwmPa",
        "vNa",
    ],
)
def test_text_in_a_limon_font_is_told(text: str) -> None:
    assert is_limon(text)


@pytest.mark.parametrize(
    "name",
    [
        "Sok Kha",
        "SOK KHA",
        "sok kha",
        "SokKha",
        "O'Neil",
        "Nguyễn Thị Hoa",
        "Müller",
        "Jean-Pierre",
        "(Sok) Kha",
        "Chhoeurn, Sreymom",
        "S. Kha",
        "McDonald",
        "SoKha",
        "LeThi Hoa",
        "FRANÇOIS",
        "Hélène LEFÈVRE",
        "D‘Souza",
        "Alexandre Roux",
        "NGÔ ĐÌNH",
        "BÙI VĂN XUÂN",
        "LÊ",
        "Quynh",
        "Xu Qin",
        "Qian Xiaoqing",
        "Ng",
        "Hj Math",
        "Ysa Haji Musa",
        "Fatymas",
        "Vichetr",
        "Dwight",
        "Sok;",
        "Chhngor",
        "(kry)",
        "សុខ ខា",
        "",
    ],
)
def test_names_are_not_taken_for_limon(name: str) -> None:
    assert not is_limon(name)
