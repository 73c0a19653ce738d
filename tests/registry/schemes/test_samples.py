"""The sample lists, read as they are."""

import csv
import datetime as dt
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from registry.schemes import Statement, adapter, codes
from registry.tables import read
from tests.registry.list_files import SAMPLES

TODAY = dt.date(2026, 7, 31)
RECORDS = {"idpoor": 5672, "hef": 3692, "nssf": 2183, "cash_transfer": 883, "disability": 362}
NOISY = SAMPLES.parent / "lists-noisy"


@cache
def statements(folder: Path, code: str) -> tuple[Statement, ...]:
    (path,) = folder.glob(f"{code}.*")
    with read(path) as table:
        rows = tuple(adapter(code).parse(table, today=TODAY))
    found = tuple(row for row in rows if isinstance(row, Statement))
    assert len(found) == len(rows), "no row of the samples is rejected"
    return found


def record(code: str, number: str) -> Statement:
    (found,) = (row for row in statements(SAMPLES, code) if row.scheme_record_id == number)
    return found


@pytest.mark.parametrize("folder", [SAMPLES, NOISY], ids=lambda folder: folder.name)
@pytest.mark.parametrize("code", codes())
def test_every_record_of_the_samples_is_taken(folder: Path, code: str) -> None:
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["scheme_record_id"] for row in csv.DictReader(file) if row["scheme"] == code}
    assert {row.scheme_record_id for row in statements(folder, code)} == truth


@pytest.mark.parametrize("code", codes())
def test_no_record_of_the_samples_is_lost(code: str) -> None:
    assert len(statements(SAMPLES, code)) == RECORDS[code]


def test_only_births_after_registration_are_flagged_in_the_samples() -> None:
    flagged = Counter(
        warning.code
        for code in codes()
        for row in statements(SAMPLES, code)
        for warning in row.warnings
    )
    assert set(flagged) == {"birth_date.after_statement"}


def test_a_member_of_a_poor_household() -> None:
    member = record("idpoor", "05010806-4163-02")
    assert member.row == 5
    assert member.person.name_khmer == "តេង ពិសី"
    assert member.person.sex == "female"
    assert member.person.birth_date == "1965-01-01"
    assert member.person.village == "05010806"
    assert member.person.household == member.person.equity_card == "05010806-4163"
    assert member.person.relationship == "spouse"
    assert member.person.phone == "+85585200539"
    assert member.enrolment.category == "at_risk"
    assert member.enrolment.valid_until == dt.date(2028, 2, 12)
    assert member.as_sent["ថ្ងៃខែឆ្នាំកំណើត"] == "០១/០១/១៩៦៥"


def test_a_patient_known_by_an_age() -> None:
    patient = record("hef", "P0701070001448")
    assert patient.person.family_latin == "im"
    assert patient.person.name_khmer == "អ៊ឹម ពិសីសួង"
    assert patient.person.birth_date == "1975~"
    assert patient.person.stated_on == "2025-06-14"


def test_a_worker_with_date_cells() -> None:
    worker = record("nssf", "000138003")
    assert (worker.person.family_khmer, worker.person.given_khmer) == ("យឹម", "លាភ")
    assert (worker.person.family_latin, worker.person.given_latin) == ("yem", "lieb")
    assert worker.person.birth_date == "1967-08-31"
    assert worker.enrolment.category == "worker"
    assert worker.enrolment.valid_until == dt.date(2023, 10, 31)


def test_a_child_points_to_its_mother() -> None:
    mother, child = record("cash_transfer", "CT00000001"), record("cash_transfer", "CT00000002")
    assert child.person.mother == mother.scheme_record_id
    assert child.person.household == mother.person.household == "CT00000001"
    assert (mother.person.relationship, child.person.relationship) == ("mother", "child")
    assert mother.person.village == "050902"
    assert mother.person.given_khmer == "កញ្ញា"
    assert child.person.birth_date == "2024-05-29"


def test_a_person_with_a_disability() -> None:
    person = record("disability", "1801D000352")
    assert person.person.sex == "male"
    assert person.person.birth_date == "1976-10-10"
    assert record("disability", "1801D000319").person.birth_date == "1953"
    assert record("disability", "1801D000319").person.national_id == "230198770"
