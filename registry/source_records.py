"""What schemes said of persons: one source record a scheme's record number, in versions.

A version is never edited. When a scheme sends other content under the same number, the current
version is superseded by a new one; when it sends the same content, nothing changes. Exactly one
version of a record is current.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows
from registry.schemes.statements import EnrolmentStatement, NormalisedPerson, Statement

PERSON_COLUMNS = tuple(field.name for field in fields(NormalisedPerson))
ENROLMENT_COLUMNS = tuple(field.name for field in fields(EnrolmentStatement))


class SourceRecord(Row):
    """A record number of a scheme; what it stands for is in its versions."""

    __tablename__ = "source_record"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    scheme: Mapped[str]
    scheme_record_id: Mapped[str]

    __table_args__ = (UniqueConstraint("scheme", "scheme_record_id"),)


class RecordVersion(Row):
    """What a scheme said under a record number in one batch, as sent and as normalised.

    The normalised columns are those of decision 1.
    """

    __tablename__ = "record_version"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    row: Mapped[int]
    content_sha256: Mapped[str]
    as_sent: Mapped[dict[str, str]] = mapped_column(JSONB)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    superseded_at: Mapped[datetime | None]

    family_khmer: Mapped[str | None]
    given_khmer: Mapped[str | None]
    name_khmer: Mapped[str | None]
    family_latin: Mapped[str | None]
    given_latin: Mapped[str | None]
    name_latin: Mapped[str | None]
    sex: Mapped[str | None]
    birth_date: Mapped[str | None]
    village: Mapped[str | None]
    national_id: Mapped[str | None]
    birth_certificate: Mapped[str | None]
    equity_card: Mapped[str | None]
    phone: Mapped[str | None]
    household: Mapped[str | None]
    relationship: Mapped[str | None]
    mother: Mapped[str | None]
    stated_on: Mapped[str | None]

    enrolment_number: Mapped[str | None]
    enrolment_household: Mapped[str | None]
    enrolment_category: Mapped[str | None]
    enrolment_valid_from: Mapped[date | None]
    enrolment_valid_until: Mapped[date | None]
    enrolment_status: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_record_version_current",
            "record_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "ix_record_version_national_id",
            "national_id",
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )


@dataclass(frozen=True)
class Taken:
    """What became of the statements of a batch."""

    new: int
    changed: int
    unchanged: int


VALUE_COLUMNS = (
    "content_sha256", "as_sent", "warnings", *PERSON_COLUMNS,
    *(f"enrolment_{name}" for name in ENROLMENT_COLUMNS),
)  # fmt: skip
_STAGED_COLUMNS = ("row", "scheme_record_id", *VALUE_COLUMNS)
_VALUES = ", ".join(f'"{column}"' for column in VALUE_COLUMNS)
_STAGED_VALUES = ", ".join(f's."{column}"' for column in VALUE_COLUMNS)

_STAGE = f"""
CREATE TEMPORARY TABLE staged_statement ON COMMIT DROP AS
SELECT "row", ''::text AS scheme_record_id, {_VALUES} FROM record_version WITH NO DATA
"""  # noqa: S608 - made of the names of our own columns

_REGISTER = """
INSERT INTO source_record (scheme, scheme_record_id)
SELECT :scheme, scheme_record_id FROM staged_statement ORDER BY "row"
ON CONFLICT (scheme, scheme_record_id) DO NOTHING
"""

_SUPERSEDE = """
UPDATE record_version v SET superseded_at = now()
FROM staged_statement s JOIN source_record r
  ON r.scheme = :scheme AND r.scheme_record_id = s.scheme_record_id
WHERE v.record_id = r.id AND v.superseded_at IS NULL AND v.content_sha256 <> s.content_sha256
"""

_ADD_VERSIONS = f"""
INSERT INTO record_version (record_id, batch_id, "row", {_VALUES})
SELECT r.id, :batch, s."row", {_STAGED_VALUES}
FROM staged_statement s JOIN source_record r
  ON r.scheme = :scheme AND r.scheme_record_id = s.scheme_record_id
WHERE NOT EXISTS (
  SELECT FROM record_version v WHERE v.record_id = r.id AND v.superseded_at IS NULL
)
ORDER BY s."row"
"""  # noqa: S608 - as above


def take(session: Session, batch: int, scheme: str, statements: Iterable[Statement]) -> Taken:
    """Take the statements of a batch; record numbers in it are distinct."""
    session.execute(text(_STAGE))
    copy_rows(session, "staged_statement", _STAGED_COLUMNS, map(_staged, statements))
    sent = session.scalar(text("SELECT count(*) FROM staged_statement")) or 0
    of_batch = {"scheme": scheme, "batch": batch}
    registered = _count(session, _REGISTER, of_batch)
    superseded = _count(session, _SUPERSEDE, of_batch)
    _count(session, _ADD_VERSIONS, of_batch)
    session.execute(text("DROP TABLE staged_statement"))
    return Taken(registered, superseded, sent - registered - superseded)


def _count(session: Session, statement: str, values: dict[str, Any]) -> int:
    """Run a statement that writes and say how many rows it wrote."""
    return session.connection().execute(text(statement), values).rowcount


def _staged(statement: Statement) -> tuple[object, ...]:
    as_sent = json.dumps(statement.as_sent, ensure_ascii=False)
    warnings = [problem.as_json() for problem in statement.warnings]
    return (
        statement.row,
        statement.scheme_record_id,
        hashlib.sha256(as_sent.encode()).hexdigest(),
        as_sent,
        json.dumps(warnings, ensure_ascii=False),
        *_values(statement.person, PERSON_COLUMNS),
        *_values(statement.enrolment, ENROLMENT_COLUMNS),
    )


def _values(statement: object, columns: tuple[str, ...]) -> Iterator[object]:
    return (getattr(statement, column) for column in columns)
