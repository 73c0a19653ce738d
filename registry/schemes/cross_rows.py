"""What only several rows together show: two heads in a household, a child older than its mother.

Both are warnings: the rows are taken, and somebody should look.
"""

from dataclasses import dataclass

from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.problems import CellProblem
from registry.schemes.statements import NormalisedPerson, Statement


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


@dataclass(frozen=True, slots=True)
class _Mother:
    row: int
    birth_date: str


class CrossRows:
    """Looks at the statements of one list in file order; `remarks` says at the end what they show.

    A child's mother is the one its row points to, or else the woman who is the head of its
    household or the head's spouse. Only children whose mother has not passed yet are remembered.
    """

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._heads: dict[str, int] = {}
        self._mothers: dict[tuple[Field, str], _Mother] = {}
        self._waiting: list[tuple[tuple[Field, str], Statement]] = []
        self._remarks: list[RowRemark] = []

    def add(self, statement: Statement) -> None:
        """Look at the next statement."""
        person = statement.person
        if person.relationship == "head" and person.household is not None:
            self._add_head(person.household, statement)
        if person.birth_date is None:
            return
        if person.sex == "female":
            self._add_mother(statement, person.birth_date)
        if (key := _mother_of(person)) is not None and not self._compare(key, statement):
            self._waiting.append((key, statement))

    def remarks(self) -> tuple[RowRemark, ...]:
        """All that was found, in file order; to be asked once, after the last statement."""
        for key, statement in self._waiting:
            self._compare(key, statement)
        self._waiting.clear()
        return tuple(sorted(self._remarks, key=lambda remark: remark.row))

    def _add_head(self, household: str, statement: Statement) -> None:
        first = self._heads.setdefault(household, statement.row)
        if first != statement.row:
            self._remark(statement, Field.RELATIONSHIP, "household.two_heads", first)

    def _add_mother(self, statement: Statement, birth_date: str) -> None:
        person, mother = statement.person, _Mother(statement.row, birth_date)
        if Field.MOTHER in self._headings.columns:
            self._mothers[Field.MOTHER, statement.scheme_record_id] = mother
        elif person.relationship in {"head", "spouse"} and person.household is not None:
            self._mothers.setdefault((Field.HOUSEHOLD, person.household), mother)

    def _compare(self, key: tuple[Field, str], child: Statement) -> bool:
        """Compare a child with its mother; whether she is known."""
        mother = self._mothers.get(key)
        if mother is None:
            return False
        if _is_before(child.person.birth_date or "", mother.birth_date):
            self._remark(child, Field.BIRTH_DATE, "birth_date.before_mother", mother.row)
        return True

    def _remark(self, statement: Statement, field: Field, code: str, other: int) -> None:
        index = self._headings.columns.get(field)
        heading = "" if index is None else self._headings.names[index]
        problem = CellProblem(heading, statement.as_sent.get(heading, ""), code, str(other))
        self._remarks.append(RowRemark(statement.row, statement.scheme_record_id, problem))


def _mother_of(person: NormalisedPerson) -> tuple[Field, str] | None:
    if person.mother is not None:
        return Field.MOTHER, person.mother
    if person.relationship == "child" and person.household is not None:
        return Field.HOUSEHOLD, person.household
    return None


def _is_before(date: str, other: str) -> bool:
    """Whether a date is earlier than another as far as both are known."""
    known = min(len(date.rstrip("~")), len(other.rstrip("~")))
    return date[:known] < other[:known]
