"""What only several rows together show: two heads in a household, a child older than its mother.

Both are warnings: the rows are taken, and somebody should look.
"""

from dataclasses import dataclass
from sys import intern
from typing import Final, NamedTuple, Self

from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.problems import CellProblem
from registry.schemes.statements import Statement

HEAD: Final = "head"
SPOUSE: Final = "spouse"
CHILD: Final = "child"
RELATED: Final = frozenset({HEAD, SPOUSE, CHILD})


@dataclass(frozen=True, slots=True)
class RowRemark:
    """A problem of a row that was taken before it could be known.

    Attributes:
        row: number of the row.
        scheme_record_id: its record number.
        problem: what is wrong, as if it had been found with the row.
    """

    row: int
    scheme_record_id: str
    problem: CellProblem


class Relative(NamedTuple):
    """What a statement says of a person's place among others.

    Attributes:
        relationship_cell: the cell that says the relationship, as it was sent.
        birth_date_cell: the same of the birth date.
    """

    row: int
    scheme_record_id: str
    household: str | None
    relationship: str | None
    mother: str | None
    sex: str | None
    birth_date: str | None
    relationship_cell: str = ""
    birth_date_cell: str = ""

    @classmethod
    def of(cls, statement: Statement, headings: Headings) -> Self:
        """What a whole statement says of it."""
        person = statement.person
        cells = [
            statement.as_sent.get(headings.name_of(field), "")
            for field in (Field.RELATIONSHIP, Field.BIRTH_DATE)
        ]
        return cls(
            statement.row, statement.scheme_record_id, person.household, person.relationship,
            person.mother, person.sex, person.birth_date, *cells,
        )  # fmt: skip


class _Mother(NamedTuple):
    row: int
    birth_date: str


class _Child(NamedTuple):
    """A child whose mother has not passed yet.

    Attributes:
        cell: of the birth date, as it was sent.
    """

    row: int
    scheme_record_id: str
    birth_date: str
    cell: str


class CrossRows:
    """Looks at the statements of one list in file order; `remarks` says at the end what they show.

    A child's mother is the one its row points to, or else the woman who is the head of its
    household or the head's spouse. Only children whose mother has not passed yet are remembered.
    """

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._has_mothers = Field.MOTHER in headings.columns
        self._heads: dict[str, int] = {}
        self._mothers: dict[Field, dict[str, _Mother]] = {Field.MOTHER: {}, Field.HOUSEHOLD: {}}
        self._waiting: list[tuple[tuple[Field, str], _Child]] = []
        self._remarks: list[RowRemark] = []

    def add(self, person: Relative) -> None:
        """Look at the next statement."""
        if person.relationship == HEAD and person.household is not None:
            self._add_head(person.household, person)
        if person.birth_date is None:
            return
        if person.sex == "female":
            self._add_mother(person, person.birth_date)
        if (key := _mother_of(person)) is None:
            return
        mother = self._mother(*key)
        if mother is None:
            self._waiting.append((key, _child(person, person.birth_date)))
        elif _is_before(person.birth_date, mother.birth_date):
            self._remark_child(_child(person, person.birth_date), mother)

    def remarks(self) -> tuple[RowRemark, ...]:
        """All that was found, in file order; complete after the last statement."""
        for key, child in self._waiting:
            mother = self._mother(*key)
            if mother is not None and _is_before(child.birth_date, mother.birth_date):
                self._remark_child(child, mother)
        self._waiting.clear()
        return tuple(sorted(self._remarks, key=lambda remark: remark.row))

    def _add_head(self, household: str, person: Relative) -> None:
        first = self._heads.setdefault(household, person.row)
        if first != person.row:
            heading = self._headings.name_of(Field.RELATIONSHIP)
            problem = CellProblem(
                heading, person.relationship_cell, "household.two_heads", str(first)
            )  # fmt: skip
            self._remarks.append(RowRemark(person.row, person.scheme_record_id, problem))

    def _add_mother(self, person: Relative, birth_date: str) -> None:
        mother = _Mother(person.row, intern(birth_date))
        if self._has_mothers:
            self._mothers[Field.MOTHER][person.scheme_record_id] = mother
        elif person.relationship in {HEAD, SPOUSE} and person.household is not None:
            self._mothers[Field.HOUSEHOLD].setdefault(person.household, mother)

    def _mother(self, field: Field, number: str) -> _Mother | None:
        return self._mothers[field].get(number)

    def _remark_child(self, child: _Child, mother: _Mother) -> None:
        heading = self._headings.name_of(Field.BIRTH_DATE)
        problem = CellProblem(heading, child.cell, "birth_date.before_mother", str(mother.row))
        self._remarks.append(RowRemark(child.row, child.scheme_record_id, problem))


def _child(person: Relative, birth_date: str) -> _Child:
    return _Child(person.row, person.scheme_record_id, birth_date, person.birth_date_cell)


def _mother_of(person: Relative) -> tuple[Field, str] | None:
    if person.mother is not None:
        return Field.MOTHER, person.mother
    if person.relationship == CHILD and person.household is not None:
        return Field.HOUSEHOLD, person.household
    return None


def _is_before(date: str, other: str) -> bool:
    """Whether a date is earlier than another as far as both are known."""
    known = min(len(date.rstrip("~")), len(other.rstrip("~")))
    return date[:known] < other[:known]
