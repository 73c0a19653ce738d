"""From rows of a list to lines for the database, with what is wrong counted.

Pure: the same rows give the same lines, in whatever process they are read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from registry import schemes
from registry.database import copy_line
from registry.schemes.headings import Headings
from registry.schemes.problems import CellProblem
from registry.schemes.rows import RowReader
from registry.schemes.statements import RejectedRow, Statement
from registry.source_records import ENROLMENT_COLUMNS, PERSON_COLUMNS
from registry.tables import Row
from registry.tallies import Counter, Tally

REJECTED_COLUMNS = ("batch_id", "row", "as_sent", "problems")
_person = attrgetter(*PERSON_COLUMNS)
_enrolment = attrgetter(*ENROLMENT_COLUMNS)
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False).encode


@dataclass(frozen=True)
class ListHead:
    """What must be known of a list to read any of its rows.

    Attributes:
        today: the day after which no one was born yet.
    """

    batch: int
    scheme: str
    headings: Headings
    today: date


@dataclass(frozen=True)
class ParsedRows:
    """Rows ready to be kept.

    Attributes:
        last_row: number of the last of them.
        statements: lines for `staged_statement`, in the text format of COPY.
        rejections: lines for `rejected_row`.
    """

    last_row: int
    accepted: int
    rejected: int
    statements: bytes
    rejections: bytes
    tallies: tuple[Tally, ...]


def parse(head: ListHead, rows: Sequence[Row]) -> ParsedRows:
    """Read rows below the headings; one at least, none of them blank."""
    reader = RowReader(schemes.adapter(head.scheme).scheme, head.headings, head.today)
    counter = Counter()
    statements: list[str] = []
    rejections: list[str] = []
    for row in rows:
        found = reader.read(row)
        if isinstance(found, Statement):
            counter.add(found.row, found.warnings)
            statements.append(_statement_line(head.batch, found))
        else:
            counter.add(found.row, found.problems)
            rejections.append(rejected_line(head.batch, found))
    return ParsedRows(
        rows[-1].number, len(statements), len(rejections), _bytes(statements), _bytes(rejections),
        counter.tallies(),
    )  # fmt: skip


def rejected_line(batch: int, row: RejectedRow) -> str:
    """A rejected row in the text format of COPY."""
    return copy_line([str(batch), str(row.row), _json(row.as_sent), _problems(row.problems)])


def _statement_line(batch: int, statement: Statement) -> str:
    as_sent = _json(statement.as_sent)
    fields = [
        str(batch),
        str(statement.row),
        statement.scheme_record_id,
        hashlib.sha256(as_sent.encode("utf-8", "replace")).hexdigest(),
        as_sent,
        _problems(statement.warnings),
        *_person(statement.person),
        *[value if value is None else str(value) for value in _enrolment(statement.enrolment)],
    ]
    return copy_line(fields)


def _problems(problems: tuple[CellProblem, ...]) -> str:
    return _json([problem.as_json() for problem in problems]) if problems else "[]"


def _json(value: Any) -> str:
    """JSON with sorted names, so that the order of columns is not content.

    The database takes no NUL, which no cell needs.
    """
    text = _encode(value)
    return _encode(_without_nul(value)) if r"\u0000" in text else text


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "")
        case dict():
            return {_without_nul(name): _without_nul(inner) for name, inner in value.items()}
        case list():
            return [_without_nul(inner) for inner in value]
        case _:
            return value


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
