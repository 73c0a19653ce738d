"""How many people there are, to say what share of them the schemes reach.

Shipped are the country's totals. An installation that has them gives its own table, with provinces
and newer numbers, in a file of the same columns.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from registry.errors import Misconfigured

COLUMNS = ("province", "sex", "age", "persons", "source")


@dataclass(frozen=True)
class Group:
    """Part of the population; None means all."""

    province: str | None = None
    sex: str | None = None
    age: str | None = None


@dataclass(frozen=True)
class Population:
    """Persons by group, and where the numbers are from."""

    persons: Mapping[Group, int]
    sources: tuple[str, ...]

    def share(self, covered: int, group: Group) -> float | None:
        """Part of a group that is covered; None where the size of the group is not known."""
        everybody = self.persons.get(group)
        return None if not everybody else covered / everybody


def read(path: Path | None = None) -> Population:
    """The installation's table, or the shipped one.

    Raises:
        Misconfigured: the file is not there, or not of the described form.
    """
    try:
        content = (path or files("registry.indicators") / "population.csv").read_text("utf-8-sig")
        rows = list(csv.DictReader(content.splitlines()))
        persons = {
            Group(*(row[name] or None for name in COLUMNS[:3])): int(row["persons"])
            for row in rows
        }  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise Misconfigured(
            f"{path} is not a table of the population: CSV in UTF-8 with the columns "
            f"{', '.join(COLUMNS)}, persons being whole numbers."
        ) from error
    return Population(persons, tuple(dict.fromkeys(row["source"] for row in rows)))
