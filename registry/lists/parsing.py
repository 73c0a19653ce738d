"""From rows of a list to lines for the database, with what is wrong counted.

Pure: the same rows give the same lines, in whatever process they are read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from registry import schemes
from registry.copying import copy_line
from registry.lists.tallies import Counter, Tally
from registry.schemes import SchemeAdapter
from registry.schemes.headings import Headings
from registry.schemes.mapped import load_schemes
from registry.schemes.problems import CellProblem
from registry.schemes.rows import RowReader, is_blank
from registry.schemes.statements import RejectedRow, Statement
from registry.tables import Row, Rows

NUL = rb"\u0000"


@dataclass(frozen=True)
class ListHead:
    """What must be known of a list to read any of its rows.

    Attributes:
        today: the day after which no one was born yet.
        descriptions: folder of the descriptions of configured schemes.
        after: number of the row behind which the rows begin that are to be read.
    """

    batch: int
    scheme: str
    headings: Headings
    today: date
    descriptions: Path | None = None
    after: int = 0


@dataclass(frozen=True)
class ParsedRows:
    """Rows ready to be kept.

    Attributes:
        last_row: number of the last row that was looked at.
        statements: lines for `staged_statement`, in the text format of COPY.
        rejections: lines for `rejected_row`.
    """

    last_row: int
    accepted: int
    rejected: int
    statements: bytes
    rejections: bytes
    tallies: tuple[Tally, ...]

    @property
    def is_empty(self) -> bool:
        """Whether all rows that were looked at are blank."""
        return not self.accepted and not self.rejected


@cache
def adapter_of(scheme: str, descriptions: Path | None) -> SchemeAdapter:
    """The adapter of a scheme, be it known here or described in a file of a folder.

    Raises:
        UnknownScheme: it is neither.
        InvalidScheme: a description is not in order.
    """
    known = frozenset(schemes.codes())
    described = {} if descriptions is None else load_schemes(descriptions, taken=known)
    return schemes.adapter(scheme, described)


def parse(head: ListHead, rows: Sequence[Row]) -> ParsedRows:
    """Read those of some rows that are behind `head.after` and not blank."""
    scheme = adapter_of(head.scheme, head.descriptions).scheme
    reader = RowReader(scheme, head.headings, head.today)
    counter = Counter()
    statements: list[str] = []
    rejections: list[str] = []
    for row in rows:
        if row.number <= head.after or is_blank(row):
            continue
        found = reader.read(row)
        if isinstance(found, Statement):
            counter.add(found.row, found.warnings)
            statements.append(_statement_line(head.batch, found))
        else:
            counter.add(found.row, found.problems)
            rejections.append(rejected_line(head.batch, found))
    last = rows[-1].number if rows else head.after
    return ParsedRows(
        last, len(statements), len(rejections), _bytes(statements), _bytes(rejections),
        counter.tallies(),
    )  # fmt: skip


def parse_packed(head: ListHead, packs: Sequence[Rows]) -> ParsedRows:
    """Unpack rows and read them."""
    return parse(head, [row for some in packs for row in some.unpack()])


def rejected_line(batch: int, row: RejectedRow) -> str:
    """A rejected row in the text format of COPY."""
    return copy_line(
        [str(batch), str(row.row), _json(row.as_sent).decode(), _problems(row.problems)]
    )


def _statement_line(batch: int, statement: Statement) -> str:
    as_sent = _json(statement.as_sent)
    understood = [
        *statement.person,
        *[value if value is None else str(value) for value in statement.enrolment],
    ]
    fields = [
        str(batch),
        str(statement.row),
        statement.scheme_record_id,
        _digest(as_sent, understood),
        as_sent.decode(),
        _problems(statement.warnings),
        *understood,
    ]
    return copy_line(fields)


def _digest(as_sent: bytes, understood: list[str | None]) -> str:
    """What tells the content of a row from another's: what was sent, and what it is read as."""
    read = "\t".join([value or "" for value in understood])
    return hashlib.sha256(as_sent + read.encode("utf-8", "replace")).hexdigest()


def _problems(problems: tuple[CellProblem, ...]) -> str:
    return _json([problem.as_json() for problem in problems]).decode() if problems else "[]"


def _json(value: Any) -> bytes:
    """JSON with sorted names, so that the order of columns is not content.

    The database takes neither NUL nor half of a surrogate pair, and no cell needs them.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        text = NUL
    return orjson.dumps(_storable(value), option=orjson.OPT_SORT_KEYS) if NUL in text else text


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode()
        case dict():
            return {_storable(name): _storable(inner) for name, inner in value.items()}
        case list():
            return [_storable(inner) for inner in value]
        case _:
            return value


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
