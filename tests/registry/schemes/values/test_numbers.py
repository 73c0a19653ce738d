import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.schemes.values.identifiers import (
    NumberForm,
    parse_birth_certificate,
    parse_equity_card,
    parse_national_id,
)
from registry.schemes.values.phones import parse_any_phone, parse_phone
from registry.schemes.values.places import parse_village


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("05090203", "05090203", "as the gazetteer writes it"),
        ("5090203", "05090203", "a spreadsheet took the zero"),
        ("VL5090203", "05090203", "prefixed, zero lost"),
        ("vl 05090203", "05090203", "prefixed, with a blank"),
        ("៥០៩០២០៣", "05090203", "Khmer digits"),
        ("05 09 02 03", "05090203", "in pairs"),
        ("50902", "050902", "only the commune, zero lost"),
        ("050902", "050902", "only the commune"),
        ("0509", "0509", "only the district"),
        ("5", "05", "only the province"),
        ("5090203.0", "05090203", "once a decimal number"),
    ],
)
def test_villages_are_resolved(text: str, expected: str, reason: str) -> None:
    assert parse_village(text) == (expected, None), reason


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("99999999", "village.unknown"),
        ("05090299", "village.unknown"),
        ("Prey Totueng", "village.unreadable"),
        ("050902031", "village.unreadable"),
    ],
)
def test_other_villages_are_flagged(text: str, problem: str) -> None:
    assert parse_village(text) == (None, problem)


def test_a_prefix_alone_says_nothing() -> None:
    assert parse_village("VL") == (None, None)


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("068293624", "068293624", "nine digits"),
        ("068293624(01)", "068293624", "suffix of the issue"),
        ("068 293 624 (02)", "068293624", "blanks"),
        ("68293624", "068293624", "lost zero"),
        ("០៦៨២៩៣៦២៤", "068293624", "Khmer digits"),
    ],
)
def test_national_ids_have_nine_digits(text: str, expected: str, reason: str) -> None:
    assert parse_national_id(text) == (expected, None), reason


@pytest.mark.parametrize("text", ["1234567", "0682936241", "P1234567", "068293624(0"])
def test_other_national_ids_are_flagged(text: str) -> None:
    assert parse_national_id(text) == (None, "national_id.pattern")


def test_a_filler_is_no_national_id() -> None:
    assert parse_national_id("000000000") == (None, "national_id.placeholder")


def test_birth_certificates_are_digits() -> None:
    assert parse_birth_certificate("0507 0325 8667") == ("050703258667", None)
    assert parse_birth_certificate("lost") == (None, "birth_certificate.pattern")


@pytest.mark.parametrize(
    "text", ["05090203-8107", "5090203-8107", "050902038107", "05090203 - 8107", "០៥០៩០២០៣-៨១០៧"]
)
def test_equity_cards_have_one_form(text: str) -> None:
    assert parse_equity_card(text) == ("05090203-8107", None)


def test_other_equity_cards_are_flagged() -> None:
    assert parse_equity_card("card 8107") == (None, "equity_card.pattern")


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("012345678", "+85512345678", "national"),
        ("12345678", "+85512345678", "lost zero"),
        ("+85512345678", "+85512345678", "international"),
        ("85512345678", "+85512345678", "without the plus"),
        ("0085512345678", "+85512345678", "with the international prefix"),
        ("012-345 678", "+85512345678", "punctuated"),
        ("(012) 345.678", "+85512345678", "more punctuation"),
        ("០១២៣៤៥៦៧៨", "+85512345678", "Khmer digits"),
        ("0972345678", "+855972345678", "nine digits"),
        ("012345678 / 098765432", "+85512345678", "the first of two"),
        ("+6591234567", "+6591234567", "another country"),
    ],
)
def test_phones_become_international(text: str, expected: str, reason: str) -> None:
    assert parse_phone(text) == (expected, None), reason


@pytest.mark.parametrize("text", ["1234", "no phone", "0123456789012345"])
def test_other_phones_are_flagged(text: str) -> None:
    assert parse_phone(text) == (None, "phone.invalid")


@given(st.from_regex(r"(\+?855)?0?[1-9][0-9]{7,8}", fullmatch=True))
def test_the_short_way_reads_what_the_library_reads(text: str) -> None:
    assert parse_phone(text) == parse_any_phone(text)


def test_record_numbers_lose_blanks_and_regain_zeros() -> None:
    form = NumberForm(re.compile(r"\d{9}"), digits=9)
    assert form.tidy(" 131 846 ") == "000131846"
    assert form.tidy("១៣១៨៤៦") == "000131846"
    assert form.tidy("A131846") == "A131846"
    assert form.tidy("-") == ""
    assert form.fits("000131846")
    assert not form.fits("A131846")
