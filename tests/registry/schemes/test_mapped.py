"""Schemes that are described in YAML, without code."""

import datetime as dt
from pathlib import Path

import pytest

from registry.errors import InvalidScheme, WrongHeadings
from registry.schemes import Statement, adapter, codes
from registry.schemes.fields import Field
from registry.schemes.mapped import load_scheme, load_schemes
from registry.schemes.scheme import Unit
from registry.tables import read
from tests.registry.list_files import table_of

DESCRIPTION = """
code: school_feeding
name: School Feeding Programme
name_km: កម្មវិធីអាហារតាមសាលារៀន
unit: household
stale_after_days: 400
record_number:
  pattern: 'SF\\d{6}'
headings:
  record_number: [Pupil No, លេខសិស្ស]
  name_khmer: [Pupil]
  sex: [Boy or girl]
  birth_date: [Born]
  category: [Grade]
  household: [Family book]
values:
  category:
    primary: [1, 2, 3, បឋម]
    secondary: [7, 8, 9]
  sex:
    male: [boy]
    female: [girl]
patterns:
  household: 'FB\\d+'
household: [household]
relationships: {}
"""
LIST = """Pupils of the province,,,,,,
Pupil No,Pupil,Boy or girl,Born,Grade,Family book,Teacher
SF000001,សុខ ដារា,girl,03/04/2015,3,FB12,Chan
SF000002,ចាន់ សុភា,ប,០៥/០៦/២០១២,7,12,Chan
,ចាន់ សុភី,ប,2012,10,FB13,Chan
"""


def described(folder: Path, text: str = DESCRIPTION) -> Path:
    path = folder / "school.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_with_unseen_headings_is_read_by_a_description_alone(tmp_path: Path) -> None:
    schemes = load_schemes(described(tmp_path).parent)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    with read(tmp_path / "list.csv") as table:
        first, second, third = adapter("school_feeding", schemes).parse(table)
    assert isinstance(first, Statement)
    assert first.scheme_record_id == "SF000001"
    assert first.person.name_khmer == "សុខ ដារា"
    assert (first.person.sex, first.person.birth_date) == ("female", "2015-04-03")
    assert first.enrolment.category == "primary"
    assert first.person.household == "FB12"
    assert first.warnings == ()
    assert isinstance(second, Statement)
    assert second.person.sex == "male"
    assert second.enrolment.category == "secondary"
    assert [warning.code for warning in second.warnings] == ["number.pattern"]
    assert not isinstance(third, Statement)
    assert [problem.code for problem in third.problems] == [
        "record_number.missing",
        "category.unknown",
    ]


def test_the_description_says_who_is_enrolled_and_when_a_list_is_stale(tmp_path: Path) -> None:
    scheme = load_scheme(described(tmp_path))
    assert (scheme.unit, scheme.stale_after_days) == (Unit.HOUSEHOLD, 400)


def test_configured_schemes_stand_beside_the_known_ones(tmp_path: Path) -> None:
    schemes = load_schemes(described(tmp_path).parent)
    assert codes(schemes)[-1] == "school_feeding"
    pupils = table_of(("Pupil No", "Pupil"), ("SF000001", "សុខ"))
    with pytest.raises(WrongHeadings, match="looks like a list of school_feeding"):
        adapter("hef", schemes).parse(pupils)


def test_headings_alone_make_a_description(tmp_path: Path) -> None:
    text = "code: pension\nname: Pension\nname_km: សោធន\nheadings: {record_number: [Book]}\n"
    (tmp_path / "pension.yaml").write_text(text, encoding="utf-8")
    schemes = load_schemes(tmp_path)
    table = table_of(("Book", "ឈ្មោះ", "ភេទ"), ("12", "សុខ ដារា", "ស"))
    (row,) = adapter("pension", schemes).parse(table, today=dt.date(2026, 1, 1))
    assert isinstance(row, Statement)
    assert row.person.sex == "female"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: school_feeding", "code: School Feeding", "code: String should match"),
        ("name_km: កម្មវិធីអាហារតាមសាលារៀន", "", "name_km: Field required"),
        ("unit: household", "unit: village", "unit: Input should be 'person' or 'household'"),
        ("400", "0", "stale_after_days: Input should be greater than or equal to 1"),
        ("'SF\\d{6}'", "'SF('", "record_number.pattern: is not a regular expression"),
        ("record_number: [Pupil No, លេខសិស្ស]", "", "record_number needs a heading"),
        ("  birth_date: [Born]", "  born: [Born]", "headings.born: Input should be"),
        ("[Born]", "[pupil]", "headings: pupil stands for name_khmer and for birth_date"),
        ("[Born]", "Born", "headings.birth_date: Input should be a valid list"),
        ("female: [girl]", "woman: [girl]", "values: sex cannot be woman"),
        ("[7, 8, 9]", "[3]", "values: 3 stands for primary and for secondary"),
        ("  sex:\n    male", "  phone:\n    male", "values: phone has no words"),
        ("household: [household]", "household: [phone]", "rows cannot be grouped by phone"),
        ("  household: 'FB\\d+'", "  sex: 'm|f'", "patterns: sex cannot have one"),
        ("relationships: {}", "relationships: {primary: pupil}", "pupil is no relationship"),
        ("relationships: {}", "relationships: {adult: head}", "adult is not among the categories"),
        ("relationships: {}", "colour: blue", "colour: Extra inputs are not permitted"),
        ("unit: household", "unit: household\nunit: person", "unit is said twice"),
        ("[Born]", "&x [Born]\n  age: *x", "references are not read"),
        ("[Born]", "[Born", "is not YAML"),
    ],
)
def test_what_is_wrong_in_a_description_is_named(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    text = DESCRIPTION.replace(old, new)
    assert text != DESCRIPTION
    with pytest.raises(InvalidScheme, match=r"school\.yaml") as refused:
        load_scheme(described(tmp_path, text))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = DESCRIPTION.replace("400", "0").replace("unit: household", "unit: village")
    with pytest.raises(InvalidScheme, match=r"unit: .*; stale_after_days: "):
        load_scheme(described(tmp_path, text))


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe", b"a" * 70_000])
def test_what_is_no_description_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(InvalidScheme, match=r"a\.yaml"):
        load_scheme(tmp_path / "a.yaml")


def test_two_schemes_cannot_have_one_code(tmp_path: Path) -> None:
    described(tmp_path)
    with pytest.raises(InvalidScheme, match="another scheme school_feeding"):
        load_schemes(tmp_path, taken=frozenset({"school_feeding"}))


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Schemes", encoding="utf-8")
    assert load_schemes(tmp_path) == {}


def test_a_confirmed_heading_is_known_in_the_next_file(tmp_path: Path) -> None:
    scheme = load_scheme(described(tmp_path)).knowing({"Mobile of parent": Field.PHONE})
    table = table_of(("Pupil No", "Pupil", "mobile_of_parent"), ("SF000001", "សុខ", "012345678"))
    (row,) = adapter("school_feeding", {scheme.code: scheme}).parse(table)
    assert isinstance(row, Statement)
    assert row.person.phone == "+85512345678"
