"""A person's name from the cells that hold it, each part in the column of its script."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from linkage.text import canonical, has_khmer, is_limon
from registry.schemes.values.plain import tidy

KHMER = re.compile("[\u1780-\u17ff\u19e0-\u19ff]+")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
PARTS = ("family", "given", "name")
COLUMNS = {f"{part}_{script}": (part, script) for part in PARTS for script in ("khmer", "latin")}
"""Name column → the part of the name and the script that belong in it."""
LEGACY = "text.legacy_encoding"
OTHER_SCRIPT = "name.script"


class ReadName(NamedTuple):
    """A name in the six name columns of the normalised record.

    Attributes:
        columns: name column → canonical text; only those that have a value.
        problems: cell's name column → code of its problem.
    """

    columns: Mapping[str, str]
    problems: Mapping[str, str]


def read_name(cells: Mapping[str, str]) -> ReadName:
    """Sort the parts of a name into columns by the script they are written in.

    Latin letters where Khmer is expected are noted; a heading in English says nothing of script.

    Args:
        cells: name column that the heading speaks of → the cell as sent.
    """
    columns: dict[str, str] = {}
    strays: dict[str, str] = {}
    problems: dict[str, str] = {}
    for column, text in cells.items():
        values = normalised_name(text) if text else ()
        part, expected = COLUMNS[column]
        for script, value in values:
            if script == expected:
                columns[column] = value
            else:
                strays.setdefault(f"{part}_{script}", value)
        if values and expected == "khmer" and column not in columns:
            problems[column] = OTHER_SCRIPT
    if not strays:
        return ReadName(columns, problems)
    return ReadName(strays | columns, _with_legacy(problems, cells))


def _with_legacy(problems: dict[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    """The problems, with Latin letters under Khmer headings judged together for old fonts."""
    if problems and is_limon(" ".join(cells[column] for column in problems)):
        return dict.fromkeys(problems, LEGACY)
    return problems


@lru_cache(maxsize=1 << 17)
def normalised_name(text: str) -> tuple[tuple[str, str], ...]:
    """The canonical forms of a name or part of one: (script, text), Khmer first."""
    plain = tidy(text)
    parts = [("khmer" if has_khmer(plain) else "latin", plain)]
    if parts[0][0] == "khmer" and LATIN.search(plain):
        parts = [("khmer", LATIN.sub(" ", plain)), ("latin", KHMER.sub(" ", plain))]
    found = [(script, _canonical_words(value)) for script, value in parts]
    return tuple((script, value) for script, value in found if value and not value.isdigit())


def _canonical_words(text: str) -> str:
    """The canonical form of a tidy text, whose words are few and come again and again."""
    return " ".join(filter(None, map(_canonical_word, text.split())))


_canonical_word = lru_cache(maxsize=1 << 17)(canonical)
