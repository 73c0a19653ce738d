"""What several rows show together."""

import datetime as dt

import pytest

from registry.schemes import RowRemark, adapter
from tests.registry.list_files import table_of

TODAY = dt.date(2026, 6, 30)
HOUSEHOLD = ("equity card", "member id", "name", "sex", "date of birth", "relationship")
CASES = ("case no", "mother case no", "name", "sex", "date of birth", "beneficiary type")
CARD = "05010806-4163"


def remarks(code: str, *rows: tuple[str, ...]) -> tuple[RowRemark, ...]:
    reading = adapter(code).parse(table_of(*rows), today=TODAY)
    list(reading)
    return reading.remarks()


def member(number: int, sex: str, born: str, relationship: str) -> tuple[str, ...]:
    return (CARD, f"{CARD}-0{number}", "Sok Dara", sex, born, relationship)


def test_a_second_head_of_a_household_is_noticed() -> None:
    (remark,) = remarks(
        "idpoor",
        HOUSEHOLD,
        member(1, "m", "1970", "head"),
        member(2, "f", "1975", "spouse"),
        member(3, "m", "1990", "head"),
    )
    assert (remark.row, remark.scheme_record_id) == (4, f"{CARD}-03")
    assert remark.problem.code == "household.two_heads"
    assert remark.problem.column == "relationship"
    assert remark.problem.message == "The household already has a head, in row 2."
    assert not remark.problem.is_error


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_child_older_than_its_mother_is_noticed_in_any_order(order: tuple[int, ...]) -> None:
    members = (
        member(1, "m", "1990", "head"),
        member(2, "f", "04/05/1995", "spouse"),
        member(3, "f", "1994", "child"),
    )
    (remark,) = remarks("idpoor", HOUSEHOLD, *(members[place] for place in order))
    assert remark.problem.code == "birth_date.before_mother"
    assert remark.scheme_record_id == f"{CARD}-03"
    assert remark.problem.value == "1994"


@pytest.mark.parametrize(
    ("mother", "child", "reason"),
    [
        ("04/05/1995", "1995", "the year alone does not say"),
        ("", "1990", "the mother's birth is not known"),
        ("1995", "", "the child's birth is not known"),
        ("1970", "1995", "younger"),
    ],
)
def test_what_is_not_known_is_not_noticed(mother: str, child: str, reason: str) -> None:
    rows = member(1, "f", mother, "head"), member(2, "f", child, "child")
    assert remarks("idpoor", HOUSEHOLD, *rows) == (), reason


def test_the_father_may_be_younger_than_anybody_else_says() -> None:
    rows = member(1, "m", "1995", "head"), member(2, "f", "1990", "child")
    assert remarks("idpoor", HOUSEHOLD, *rows) == ()


def test_a_case_points_to_its_mother() -> None:
    (remark,) = remarks(
        "cash_transfer",
        CASES,
        ("CT00000002", "CT00000001", "Sok Dara", "f", "1990", "child"),
        ("CT00000001", "", "Sok Sopheap", "f", "1995", "pregnant"),
        ("CT00000003", "", "Sok Bopha", "f", "1996", "pregnant"),
    )
    assert remark.row == 2
    assert remark.problem.message == (
        "The birth date 1990 is earlier than that of the mother, in row 3."
    )


def test_rejected_rows_show_nothing() -> None:
    rows = member(1, "m", "1970", "head"), member(1, "m", "1970", "head")
    assert remarks("idpoor", HOUSEHOLD, *rows) == ()
