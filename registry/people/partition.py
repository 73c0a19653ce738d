"""The partition of source records into persons: written out, and measured against a truth."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from linkage.evaluation import Quality, b_cubed, pairwise
from registry.errors import UnreadableFile
from registry.people.links import Link, LinkKind
from registry.people.persons import Person
from registry.records.source_records import SourceRecord

COLUMNS = ("scheme", "scheme_record_id", "sp_id")
TRUTH_COLUMNS = ("scheme", "scheme_record_id", "person")


@dataclass(frozen=True)
class Evaluation:
    """How well the partition agrees with a truth.

    Attributes:
        automatic: pairwise, when every record whose link is only likely counts as a person alone.
        records: records that both know, on which the figures are taken.
        absent: records of the truth that the registry does not hold.
    """

    pairwise: Quality
    cluster: Quality
    automatic: Quality
    records: int
    absent: int


def rows(session: Session) -> Iterator[tuple[str, str, str]]:
    """Scheme, record number and SP ID of every linked record, ordered by the first two."""
    found = session.execute(
        select(SourceRecord.scheme, SourceRecord.scheme_record_id, Person.sp_id)
        .join(Link, Link.record_id == SourceRecord.id)
        .join(Person, Person.id == Link.person_id)
        .where(Link.superseded_at.is_(None))
        .order_by(SourceRecord.scheme.collate("C"), SourceRecord.scheme_record_id.collate("C"))
        .execution_options(yield_per=10_000)
    )
    return ((scheme, number, sp_id) for scheme, number, sp_id in found)


def read_truth(path: Path) -> dict[tuple[str, str], str]:
    """(Scheme, record number) → person, from a CSV file with those three headings.

    Raises:
        UnreadableFile: the file is not there, or its headings are others.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(TRUTH_COLUMNS) - set(reader.fieldnames or ())
            if missing:
                raise UnreadableFile(
                    f"{path.name} lacks the heading {', '.join(sorted(missing))}: "
                    f"a truth has the headings {', '.join(TRUTH_COLUMNS)}."
                )
            return {(row["scheme"], row["scheme_record_id"]): row["person"] for row in reader}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} cannot be read as a truth: {error}.") from error


def evaluate(session: Session, truth: dict[tuple[str, str], str]) -> Evaluation:
    """Pairwise and cluster (B-cubed) quality of the current partition."""
    held = {(scheme, number): sp_id for scheme, number, sp_id in rows(session)}
    likely = _likely(session)
    common = sorted(held.keys() & truth.keys())
    found = _labels([held[key] for key in common])
    sure = _labels(["/".join(key) if key in likely else held[key] for key in common])
    real = _labels([truth[key] for key in common])
    return Evaluation(
        pairwise=pairwise(found, real),
        cluster=b_cubed(found, real),
        automatic=pairwise(sure, real),
        records=len(common),
        absent=len(truth.keys() - held.keys()),
    )


def _likely(session: Session) -> set[tuple[str, str]]:
    """Records whose link waits for an officer."""
    found = session.execute(
        select(SourceRecord.scheme, SourceRecord.scheme_record_id)
        .join(Link, Link.record_id == SourceRecord.id)
        .where(Link.superseded_at.is_(None), Link.kind == LinkKind.LIKELY)
    )
    return {(scheme, number) for scheme, number in found}


def _labels(names: list[str]) -> npt.NDArray[np.int64]:
    """Numbers in place of names, equal where these are."""
    return np.unique(np.array(names, dtype=object), return_inverse=True)[1].astype(np.int64)
