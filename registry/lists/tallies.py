"""What is wrong with the rows of a list, counted by what it is, with examples."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from registry.schemes.problems import CellProblem

EXAMPLES = 5


@dataclass(frozen=True)
class Example:
    """One cell with a problem, as the file has it, and the problem in both languages."""

    row: int
    column: str
    value: str
    message: str
    message_km: str


@dataclass(frozen=True)
class Tally:
    """How often one problem was met.

    Attributes:
        code: stable name of the problem, as `birth_date.future`.
        is_error: whether it rejects its row.
        cells: cells that have it.
        examples: the first of them, in the order of the file.
    """

    code: str
    is_error: bool
    cells: int
    examples: tuple[Example, ...]

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Read back what `as_json` gave."""
        examples = tuple(Example(**example) for example in value["examples"])
        return cls(value["code"], value["is_error"], value["cells"], examples)

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        return asdict(self)


class Counter:
    """Counts problems as rows go by."""

    def __init__(self) -> None:
        self._cells: dict[str, int] = {}
        self._examples: dict[str, list[Example]] = {}
        self._errors: set[str] = set()

    def add(self, row: int, problems: Iterable[CellProblem]) -> None:
        """Count what is wrong with a row."""
        for problem in problems:
            cells = self._cells.get(problem.code, 0)
            self._cells[problem.code] = cells + 1
            if cells < EXAMPLES:
                self._examples.setdefault(problem.code, []).append(_example(row, problem))
                if problem.is_error:
                    self._errors.add(problem.code)

    def tallies(self) -> tuple[Tally, ...]:
        """What was counted, in the order of the codes."""
        return merge(
            Tally(code, code in self._errors, cells, tuple(self._examples[code]))
            for code, cells in self._cells.items()
        )


def merge(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One tally a code, errors first, then by code; examples are those of the earliest rows."""
    merged: dict[str, Tally] = {}
    for tally in tallies:
        known = merged.get(tally.code, replace(tally, cells=0, examples=()))
        examples = sorted(known.examples + tally.examples, key=lambda example: example.row)
        merged[tally.code] = replace(
            known, cells=known.cells + tally.cells, examples=tuple(examples[:EXAMPLES])
        )
    return tuple(sorted(merged.values(), key=lambda tally: (not tally.is_error, tally.code)))


def _example(row: int, problem: CellProblem) -> Example:
    return Example(row, problem.column, problem.value, problem.message, problem.message_km)
