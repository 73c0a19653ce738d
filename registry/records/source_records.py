"""What schemes said of persons: one source record a scheme's record number, in versions.

A version is never edited. When a scheme sends other content under the same number, the current
version is superseded by a new one; when it sends the same content, nothing changes. One version of
a record is current, or none: a record that a whole list no longer has departs, and its last version
says in which batch. When the scheme sends it again, it has a current version again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Identity, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Row
from registry.sealed_columns import NumberHash, SealedJson, SealedNumber, hash_of


class SourceRecord(Row):
    """A record number of a scheme; what it stands for is in its versions."""

    __tablename__ = "source_record"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    scheme: Mapped[str]
    scheme_record_id: Mapped[str]

    __table_args__ = (UniqueConstraint("scheme", "scheme_record_id"),)


class Stated:
    """Columns of what a scheme said in one row, as sent and as normalised.

    The normalised columns are those of decision 1; what is sealed, that of decision 16. Without
    anything to warn of, there are no warnings.
    """

    content_digest: Mapped[bytes] = mapped_column(LargeBinary)
    as_sent: Mapped[dict[str, str]] = mapped_column(SealedJson("as_sent"), deferred=True)
    warnings: Mapped[list[dict[str, Any]] | None] = mapped_column(
        SealedJson("problems"), deferred=True
    )

    family_khmer: Mapped[str | None]
    given_khmer: Mapped[str | None]
    name_khmer: Mapped[str | None]
    family_latin: Mapped[str | None]
    given_latin: Mapped[str | None]
    name_latin: Mapped[str | None]
    sex: Mapped[str | None]
    birth_date: Mapped[str | None]
    village: Mapped[str | None]
    national_id: Mapped[str | None] = mapped_column(SealedNumber("national_id"))
    birth_certificate: Mapped[str | None] = mapped_column(SealedNumber("birth_certificate"))
    equity_card: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(SealedNumber("phone"))
    household: Mapped[str | None]
    relationship: Mapped[str | None]
    mother: Mapped[str | None]
    stated_on: Mapped[str | None]

    national_id_hash: Mapped[str | None] = mapped_column(
        NumberHash("national_id"), hash_of("national_id"), deferred=True
    )
    birth_certificate_hash: Mapped[str | None] = mapped_column(
        NumberHash("birth_certificate"), hash_of("birth_certificate"), deferred=True
    )
    phone_hash: Mapped[str | None] = mapped_column(
        NumberHash("phone"), hash_of("phone"), deferred=True
    )

    enrolment_number: Mapped[str | None]
    enrolment_household: Mapped[str | None]
    enrolment_category: Mapped[str | None]
    enrolment_valid_from: Mapped[date | None]
    enrolment_valid_until: Mapped[date | None]
    enrolment_status: Mapped[str | None]


class RecordVersion(Stated, Row):
    """What a scheme said under a record number in one batch.

    `departed_in` is the batch of a whole list that no longer had the record. Records and batches
    are never deleted, and a version is written by whoever just found or registered its record
    (`registry.records.taking`): that each row has them needs no key to prove it.
    """

    __tablename__ = "record_version"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    record_id: Mapped[int] = mapped_column()
    batch_id: Mapped[int] = mapped_column()
    row: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    superseded_at: Mapped[datetime | None]
    departed_in: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_record_version_current",
            "record_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "ix_record_version_household",
            "household",
            postgresql_where=text("superseded_at IS NULL AND household IS NOT NULL"),
        ),
        Index(
            "ix_record_version_mother",
            "mother",
            postgresql_where=text("superseded_at IS NULL AND mother IS NOT NULL"),
        ),
        Index(
            "ix_record_version_national_id_hash",
            "national_id_hash",
            postgresql_where=text("superseded_at IS NULL AND national_id_hash IS NOT NULL"),
        ),
        Index(
            "ix_record_version_birth_certificate_hash",
            "birth_certificate_hash",
            postgresql_where=text("superseded_at IS NULL AND birth_certificate_hash IS NOT NULL"),
        ),
        Index(
            "ix_record_version_equity_card",
            "equity_card",
            postgresql_where=text("superseded_at IS NULL AND equity_card IS NOT NULL"),
        ),
    )
