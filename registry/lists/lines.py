"""Rows of a list as lines for the database, in the text format of COPY.

A row that is read alone and one that is read among many have the same line, but for what is random
in it: what was sent, what is wrong with it, and numbers of people are sealed here, where rows are
read, and stand nowhere else in clear.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any, Final

import orjson

from registry.columns import ENROLMENT_COLUMNS, PERSON_COLUMNS, SEALED_COLUMNS
from registry.copying import BYTES, ESCAPES, NULL, copied_bytes, copy_line
from registry.schemes.columns import Cells, ReadRows, Texts, Values
from registry.schemes.headings import ADDED
from registry.schemes.problems import CellProblem
from registry.schemes.statements import RejectedRow, Statement
from registry.sealer import Sealer

NUL: Final = rb"\u0000"
SPECIAL: Final = re.compile('["\\\\\x00-\x1f\ud800-\udfff]')
"""What cannot stand as it is in a text of JSON."""
Piece = str | Sequence[str]


def rejected_line(batch: int, row: RejectedRow, sealer: Sealer) -> str:
    """A rejected row."""
    as_sent = copied_bytes(sealer.seal(_json(row.as_sent), "as_sent"))
    return f"{batch}\t{row.row}\t{as_sent}\t{_problems(row.problems, sealer)}\n"


def statement_line(batch: int, statement: Statement, sealer: Sealer) -> str:
    """A row that is taken."""
    as_sent = _json(statement.as_sent)
    understood = [
        *statement.person,
        *[value if value is None else str(value) for value in statement.enrolment],
    ]
    content = as_sent.decode() + "\t".join([value or "" for value in understood])
    fields = [
        copied_bytes(_digest(content, sealer)),
        copied_bytes(sealer.seal(as_sent, "as_sent")),
        _problems(statement.warnings, sealer),
        *[
            _sealed(value, name, sealer) if name in SEALED_COLUMNS else _plain(value)
            for name, value in zip(PERSON_COLUMNS + ENROLMENT_COLUMNS, understood, strict=True)
        ],
    ]
    head = copy_line([str(batch), str(statement.row), statement.scheme_record_id])
    return "\t".join([head[:-1], *fields]) + "\n"


class LineWriter:
    """Writes the lines of many rows under one heading row at once."""

    def __init__(self, batch: int, names: Sequence[str], sealer: Sealer) -> None:
        self._batch = batch
        self._sealer = sealer
        columns = {_storable(name): at for at, name in enumerate(names) if name not in ADDED}
        self._names = [(_json(name).decode(), at) for name, at in sorted(columns.items())]

    def lines(self, rows: Sequence[int], cells: Cells, found: ReadRows) -> list[str]:
        """A line for each row, also for those that cannot be taken.

        Args:
            rows: their numbers.
            cells: as they were sent, column by column.
            found: what they say.
        """
        sent = self._as_sent(cells)
        columns = _said(found)
        content = _joined(_between(columns, ""))
        numbers: Texts = found.numbers
        if not _is_plain(content, numbers, columns):
            columns = [each and _escaped(each) for each in columns]
            numbers = _escaped(numbers)
        said = _joined(_between(self._sealed(columns, found), NULL))
        sealer = self._sealer
        plain = [one.encode("utf-8", "replace") for one in sent]
        digests = [
            sealer.digest(one + other.encode("utf-8", "replace"))
            for one, other in zip(plain, content, strict=True)
        ]
        sealed = sealer.seal_all(plain, "as_sent")
        warnings = [NULL] * len(rows)
        for place, problems in found.problems.items():
            warnings[place] = _problems(tuple(problems), sealer)
        return [
            f"{self._batch}\t{row}\t{number}\t{BYTES}{digest.hex()}\t{BYTES}{one.hex()}"
            f"\t{warned}\t{read}\n"
            for row, number, digest, one, warned, read in zip(
                rows, numbers, digests, sealed, warnings, said, strict=True
            )
        ]

    def _sealed(self, columns: Sequence[Values | None], found: ReadRows) -> list[Values | None]:
        """The columns of persons and enrolments, with the numbers of people sealed."""
        sealed = list(columns)
        for name in SEALED_COLUMNS:
            at = PERSON_COLUMNS.index(name)
            if columns[at] is not None:
                values = found.person.get(name, ())
                sealed[at] = [
                    NULL if one is None else BYTES + one.hex()
                    for one in self._sealer.seal_numbers(values, name)
                ]
        return sealed

    def _as_sent(self, cells: Cells) -> list[str]:
        """The rows as JSON: what COPY minds, JSON leaves out, but for backslashes."""
        pieces: list[Piece] = []
        for name, at in self._names:
            pieces += [f'{"," if pieces else "{"}{name}:"', _as_json(cells[at]), '"']
        return _joined([*pieces, "}"])


def _said(found: ReadRows) -> list[Values | None]:
    """The columns of persons and enrolments, None for one that says nothing of anybody."""
    person = [found.person.get(column) for column in PERSON_COLUMNS]
    columns = [*person, *(found.enrolment.get(column) for column in ENROLMENT_COLUMNS)]
    return [each if each and any(one is not None for one in each) else None for each in columns]


def _between(columns: Sequence[Values | None], absent: str) -> list[Piece]:
    """Columns with tabs between them, and a text for what is absent."""
    pieces: list[Piece] = []
    for column in columns:
        if column is None:
            pieces.append(absent)
        else:
            pieces.append([absent if value is None else value for value in column])
        pieces.append("\t")
    return pieces[:-1]


def _joined(pieces: Iterable[Piece]) -> list[str]:
    """One text a row, of pieces that are the same for all and pieces of its own."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    columns = [repeat(piece) if isinstance(piece, str) else piece for piece in merged]
    return list(map("".join, zip(*columns, strict=False)))


def _as_json(texts: Texts) -> Texts:
    """The cells of a column as they stand between quotation marks of JSON."""
    together = "".join(texts)
    is_plain = together.isprintable() and '"' not in together and "\\" not in together
    if is_plain or SPECIAL.search(together) is None:
        return texts
    return [
        text if SPECIAL.search(text) is None else _json(_storable(text)).decode()[1:-1]
        for text in texts
    ]


def _is_plain(said: Sequence[str], numbers: Texts, columns: Sequence[Values | None]) -> bool:
    """Whether there is nothing of which COPY takes notice but the tabs between columns."""
    together = "".join(chain(said, numbers))
    is_whole = "\\" not in together and together.count("\t") == len(said) * (len(columns) - 1)
    return is_whole and "\n" not in together and "\r" not in together


def _escaped(column: Values) -> list[Any]:
    """A column as COPY takes it; None stays."""
    return [value and value.translate(ESCAPES) for value in column]


def _digest(content: str, sealer: Sealer) -> bytes:
    """What tells the content of a row from another's: what was sent, and what it is read as."""
    return sealer.digest(content.encode("utf-8", "replace"))


def _problems(problems: tuple[CellProblem, ...], sealer: Sealer) -> str:
    """What is wrong, as a field of a row; NULL where nothing is."""
    if not problems:
        return NULL
    return copied_bytes(sealer.seal(_json([each.as_json() for each in problems]), "problems"))


def _sealed(value: str | None, name: str, sealer: Sealer) -> str:
    return copied_bytes(sealer.seal_number(value, name)) if value else NULL


def _plain(value: str | None) -> str:
    return NULL if value is None else value.translate(ESCAPES)


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
