"""Rows of a list as PostgreSQL's COPY takes them, in its binary format.

A row that is read alone and one that is read among many have the same fields, but for what is
random in them: what was sent, what is wrong with it, and numbers of people are sealed here, where
rows are read, and stand nowhere else in clear.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

from registry.columns import ENROLMENT_COLUMNS, PERSON_COLUMNS, SEALED_COLUMNS
from registry.copying import ABSENT, LENGTH, copied_bytes, copied_field
from registry.lists.sent_rows import SentRows, as_json
from registry.schemes.columns import Cells, ReadRows, Values
from registry.schemes.distinct import Known
from registry.schemes.problems import CellProblem
from registry.schemes.statements import RejectedRow, Statement
from registry.sealer import DIGEST_BYTES, Sealer

_COLUMNS: Final = PERSON_COLUMNS + ENROLMENT_COLUMNS
_DAYS: Final = frozenset({"valid_from", "valid_until"})
_NUMBERS: Final = frozenset({"equity_card", "household", "mother", "number"})
"""Columns of which nearly every row says something else."""
_EPOCH: Final = dt.date(2000, 1, 1).toordinal()
"""The day from which PostgreSQL counts."""
_DAY_BYTES: Final = 4
_DIGEST: Final = DIGEST_BYTES.to_bytes(LENGTH)
Piece = bytes | Sequence[bytes]


def rejected_line(batch: int, row: RejectedRow, sealer: Sealer) -> str:
    """A rejected row, in the text format: they are few."""
    as_sent = copied_bytes(sealer.seal(as_json(row.as_sent), "as_sent"))
    return f"{batch}\t{row.row}\t{as_sent}\t{copied_bytes(_problems(row.problems, sealer))}\n"


def statement_values(statement: Statement, sealer: Sealer) -> bytes:
    """The fields of `VALUE_COLUMNS` of a row that is taken."""
    as_sent = as_json(statement.as_sent)
    understood = [
        *statement.person,
        *[value if value is None else str(value) for value in statement.enrolment],
    ]
    content = as_sent + b"\t".join([_text(value or "") for value in understood])
    fields = [
        copied_field(sealer.digest(content)),
        copied_field(sealer.seal(as_sent, "as_sent")),
        _warnings(statement.warnings, sealer),
        *[_field(value, name, sealer) for value, name in zip(understood, _COLUMNS, strict=True)],
    ]
    return b"".join(fields)


class ValueWriter:
    """Writes the fields of many rows under one heading row at once."""

    def __init__(self, names: Sequence[str], sealer: Sealer) -> None:
        self._sealer = sealer
        self._sent = SentRows(names)
        self._texts = Known(_text)
        self._fields = Known(_text_field)
        self._days = Known(_day_field)

    def values(self, cells: Cells, found: ReadRows) -> list[bytes]:
        """The fields of `VALUE_COLUMNS` of each row, also of those that cannot be taken.

        Args:
            cells: as they were sent, column by column.
            found: what they say.
        """
        sealer = self._sealer
        sent = self._sent.as_json(cells)
        content: list[Piece] = []
        fields: list[Piece] = []
        for name, values in _said(found):
            told, field = self._column(name, values)
            content += [told, b"\t"]
            fields.append(field)
        digests = sealer.digests(_joined([sent, *content[:-1]]))
        sealed = sealer.seal_all(sent, "as_sent")
        lengths = [len(one).to_bytes(LENGTH) for one in sealed]
        warnings: Piece = ABSENT
        if found.problems:
            warnings = [ABSENT] * len(sent)
            for place, problems in found.problems.items():
                warnings[place] = _warnings(tuple(problems), sealer)
        return _joined([_DIGEST, digests, lengths, sealed, warnings, *fields])

    def _column(self, name: str, values: Values | None) -> tuple[Piece, Piece]:
        """The texts of a column and its fields."""
        if values is None:
            return b"", ABSENT
        if name in _DAYS:
            return _written(values), self._days.of_all(values)
        if name in SEALED_COLUMNS:
            sealed = self._sealer.seal_numbers(values, name)
            return _written(values), [
                ABSENT if one is None else copied_field(one) for one in sealed
            ]
        if name in _NUMBERS:
            written = _written(values)
            return written, [
                ABSENT if value is None else len(text).to_bytes(LENGTH) + text
                for value, text in zip(values, written, strict=True)
            ]
        return self._texts.of_all(values), self._fields.of_all(values)


def _written(values: Values) -> list[bytes]:
    return [b"" if value is None else value.encode("utf-8", "replace") for value in values]


def _said(found: ReadRows) -> list[tuple[str, Values | None]]:
    """The columns of persons and enrolments, None for one that says nothing of anybody."""
    said: list[tuple[str, Values | None]] = []
    for names, columns in ((PERSON_COLUMNS, found.person), (ENROLMENT_COLUMNS, found.enrolment)):
        for name in names:
            values: Values = columns.get(name) or ()
            said.append((name, values if any(one is not None for one in values) else None))
    return said


def _joined(pieces: Iterable[Piece]) -> list[bytes]:
    """One content a row, of pieces that are the same for all and pieces of its own."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, bytes) and merged and isinstance(merged[-1], bytes):
            merged[-1] += piece
        else:
            merged.append(piece)
    columns = [repeat(piece) if isinstance(piece, bytes) else piece for piece in merged]
    return list(map(b"".join, zip(*columns, strict=False)))


def _text(value: str | None) -> bytes:
    return b"" if value is None else value.encode("utf-8", "replace")


def _text_field(value: str | None) -> bytes:
    return ABSENT if value is None else copied_field(_text(value))


def _day_field(value: str | None) -> bytes:
    """A day as PostgreSQL holds it."""
    if value is None:
        return ABSENT
    days = dt.date.fromisoformat(value).toordinal() - _EPOCH
    return copied_field(days.to_bytes(_DAY_BYTES, signed=True))


def _field(value: str | None, name: str, sealer: Sealer) -> bytes:
    if name in _DAYS:
        return _day_field(value)
    if name in SEALED_COLUMNS:
        return copied_field(sealer.seal_number(value, name)) if value else ABSENT
    return _text_field(value)


def _problems(problems: tuple[CellProblem, ...], sealer: Sealer) -> bytes:
    """What is wrong, sealed."""
    return sealer.seal(as_json([each.as_json() for each in problems]), "problems")


def _warnings(problems: tuple[CellProblem, ...], sealer: Sealer) -> bytes:
    """What is wrong, as a field; NULL where nothing is."""
    return copied_field(_problems(problems, sealer)) if problems else ABSENT
