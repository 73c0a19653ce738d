"""Social protection IDs."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import verhoeff

from registry.sp_id import LENGTH, SpId, drawn, is_valid, parse, printed

numbers = st.from_regex(r"[1-9][0-9]{10}", fullmatch=True).map(
    lambda body: SpId(body + verhoeff.calc_check_digit(body))
)


def test_drawn_number_has_twelve_digits_and_passes_its_check() -> None:
    numbers = drawn(1000)
    assert len(numbers) == 1000
    for number in numbers:
        assert len(number) == LENGTH
        assert number[0] != "0"
        assert is_valid(number)


def test_drawn_digits_are_spread_evenly() -> None:
    seen = Counter(digit for number in drawn(3000) for digit in number[1:-1])
    assert all(2600 < seen[digit] < 3400 for digit in "0123456789")


@given(numbers, st.integers(0, LENGTH - 1), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_caught(number: SpId, at: int, digit: str) -> None:
    wrong = number[:at] + digit + number[at + 1 :]
    assert is_valid(wrong) == (wrong == number)


@given(numbers, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_caught(number: SpId, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert is_valid(swapped) == (swapped == number)


@given(numbers)
def test_printed_number_is_read_back(number: SpId) -> None:
    assert parse(printed(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "12", "0" * 12, "abcdefghijkl", "²" * 12, "1234567890123", "٢٣٤٥٦٧٨٩٠١٢٤"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert parse(text) is None


def test_khmer_digits_and_separators_are_read() -> None:
    [number] = drawn(1)
    khmer = number.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    assert parse(f" {khmer[:4]}-{khmer[4:8]} {khmer[8:]}\u200b") == number
