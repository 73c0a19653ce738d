"""The only door to linkage: records in, links and reviews out.

The partition of records into persons is a function of the records alone: they are read in the order
of their schemes' numbers, never in the order of arrival.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, Identity, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage import cambodia, linker
from linkage.model import TrainedModel
from linkage.pairs import Pairs, matrix
from linkage.records import Records
from linkage.scoring import Buffers, Scorer
from registry import clusters, links, pairs
from registry.clusters import Engine
from registry.database import Row
from registry.schemes.statements import NormalisedPerson
from registry.source_records import PERSON_COLUMNS, RecordVersion, SourceRecord

SEED = 20_220_816
SEARCH_LIMIT = 20


class StoredModel(Row):
    """A trained model, kept for ever: links name the model that weighed them."""

    __tablename__ = "linkage_model"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    records: Mapped[int]
    trained_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime]


@dataclass(frozen=True)
class Candidate:
    """A person who may be the one described, with the match weight of one of their records."""

    person: int
    weight: float
    is_link: bool


@dataclass(frozen=True)
class Linked:
    """What a run of the engine came to."""

    records: int
    pairs: int
    persons: int
    new_persons: int
    retired_persons: int
    reviews: int
    model: str


def link_all(session: Session, now: datetime) -> Linked:
    """Train on all current records, link them anew and let persons, links and reviews follow."""
    clusters.lock(session)
    ids, records = _current(session)
    trained = linker.train(records, cambodia.MODEL, seed=SEED)
    _keep(session, trained, records=len(records), now=now)
    found = linker.deduplicate(records, trained)
    numbers = np.array(ids, np.int64)
    pairs.replace_all(
        session, trained.version, numbers[found.left], numbers[found.right], found.weight
    )
    clusters.use(session, Engine(trained.version, trained.model.link), now)
    settled = clusters.recluster(session, None, now)
    return Linked(
        records=len(ids), pairs=len(found.left), persons=settled.persons,
        new_persons=settled.new_persons, retired_persons=settled.retired_persons,
        reviews=settled.reviews, model=trained.version,
    )  # fmt: skip


def search(session: Session, described: NormalisedPerson) -> list[Candidate]:
    """Records that may be of a described person, the heaviest first.

    Candidates are records born in the same year; weights are those of the last run's model.
    """
    model = session.scalar(select(StoredModel).order_by(StoredModel.used_at.desc()).limit(1))
    if model is None or described.birth_date is None:
        return []
    year = RecordVersion.birth_date.startswith(described.birth_date[:4], autoescape=True)
    trained = TrainedModel.from_json(model.body)
    ids, records = _current(session, year)
    asked = cambodia.derive({name: [getattr(described, name)] for name in PERSON_COLUMNS})
    both = Records.of(["asked"], asked).join(records)
    everyone = np.arange(1, len(both), dtype=np.int32)
    codes = matrix(both, trained.model.fields)[np.argsort(both.order)]
    asked_for = Pairs(codes, np.zeros(len(ids), np.int32), everyone)
    kept, weights = Scorer(both, trained).keep(asked_for, Buffers.new())
    holders = links.holders(session)
    order = np.lexsort((kept.right, -weights))[:SEARCH_LIMIT]
    return [
        Candidate(
            holders[ids[kept.right[at] - 1]],
            float(weights[at]),
            is_link=bool(weights[at] >= trained.model.link),
        )
        for at in order.tolist()
    ]


def _current(session: Session, *only: ColumnElement[bool]) -> tuple[list[int], Records]:
    """Current versions of records, all or some, in the order of schemes and their numbers."""
    columns = [getattr(RecordVersion, name) for name in PERSON_COLUMNS]
    rows = session.execute(
        select(SourceRecord.id, *columns)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(RecordVersion.superseded_at.is_(None), *only)
        .order_by(SourceRecord.scheme.collate("C"), SourceRecord.scheme_record_id.collate("C"))
    ).all()
    ids, *values = zip(*rows, strict=True) if rows else ((), *([()] * len(columns)))
    derived = cambodia.derive(dict(zip(PERSON_COLUMNS, values, strict=True)))
    return list(ids), Records.of([str(record) for record in ids], derived)


def _keep(session: Session, trained: TrainedModel, *, records: int, now: datetime) -> None:
    known = session.scalar(select(StoredModel).where(StoredModel.version == trained.version))
    if known is None:
        known = StoredModel(version=trained.version, body=trained.to_json(), records=records)
        session.add(known)
    known.used_at = now
    session.flush()
