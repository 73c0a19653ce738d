"""The only door to linkage: records in, links and reviews out.

The partition of records into persons is a function of the records alone, never of the order in
which they arrived. The engine finds two partitions: the likeliest one, which says who is one
person, and within it the certain one. A record that is not certain to be of its person is linked
as likely, and waits for an officer.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Identity, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage import cambodia
from linkage.cambodia import Model, People
from linkage.cambodia.background import Background
from linkage.cambodia.guards import Guard
from linkage.cambodia.links import LIKELY, SURE
from linkage.partition import UNCOMPARED
from registry import clusters, links, pairs
from registry.clusters import Engine
from registry.columns import PERSON_COLUMNS
from registry.database import Row
from registry.grouping import Bounds
from registry.schemes.statements import NormalisedPerson
from registry.source_records import RecordVersion, SourceRecord

SEED = 20_220_816
BOUNDS = Bounds(link=0.0, certain_pair=LIKELY, certain_sum=SURE)
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
    current = _current(session)
    index = cambodia.Index.of(current.people)
    trained = cambodia.train(current.people, seed=SEED, index=index)
    model = _keep(session, trained, records=current.ids.size, now=now)
    found = cambodia.link(current.people, trained, index=index)
    kept = found.weight > UNCOMPARED
    ids = current.ids[current.people.order]
    scored = pairs.Scored(
        left=ids[found.evidence.left[kept]],
        right=ids[found.evidence.right[kept]],
        weight=found.weight[kept],
        is_supported=found.guard[kept] != Guard.NAME_AND_INEXACT_DATE,
    )
    pairs.replace_all(session, model, scored)
    clusters.use(session, Engine(model, BOUNDS), now)
    settled = clusters.recluster(session, None, now)
    return Linked(
        records=current.ids.size, pairs=int(kept.sum()), persons=settled.persons,
        new_persons=settled.new_persons, retired_persons=settled.retired_persons,
        reviews=settled.reviews, model=model,
    )  # fmt: skip


def search(session: Session, described: NormalisedPerson) -> list[Candidate]:
    """Records that may be of a described person, the heaviest first.

    Candidates are records born in the same year; weights are those of the last run's model.
    """
    model = session.scalar(select(StoredModel).order_by(StoredModel.used_at.desc()).limit(1))
    if model is None or described.birth_date is None:
        return []
    year = RecordVersion.birth_date.startswith(described.birth_date[:4], autoescape=True)
    trained = cambodia.from_json(model.body)
    current = _current(session, year, asked=described, background=trained.background)
    last = current.ids.size - 1
    weights = cambodia.weigh_one(current.people, trained, last, size=model.records)[:last]
    best = np.lexsort((current.ids[:last], -weights))[:SEARCH_LIMIT]
    best = best[weights[best] >= clusters.REVIEW_WEIGHT]
    holders = links.holders(session, current.ids[best].tolist())
    return [
        Candidate(holders[current.ids[at]], float(weights[at]), is_link=bool(weights[at] >= SURE))
        for at in best.tolist()
    ]


@dataclass(frozen=True, eq=False)
class _Current:
    """Current versions of records: their ids int64[records], and what the engine reads."""

    ids: npt.NDArray[np.int64]
    people: People


def _current(
    session: Session,
    *only: ColumnElement[bool],
    asked: NormalisedPerson | None = None,
    background: Background | None = None,
) -> _Current:
    """Current versions of records, all or some, and last, with id -1, a person who is asked for."""
    columns = [getattr(RecordVersion, name) for name in PERSON_COLUMNS]
    rows: list[tuple[Any, ...]] = [
        tuple(row)
        for row in session.execute(
            select(SourceRecord.id, SourceRecord.scheme, SourceRecord.scheme_record_id, *columns)
            .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
            .where(RecordVersion.superseded_at.is_(None), *only)
        )
    ]
    if asked is not None:
        rows.append((-1, "", "", *(getattr(asked, name) for name in PERSON_COLUMNS)))
    ids, schemes, numbers, *values = zip(*rows, strict=True) if rows else [()] * (len(columns) + 3)
    named = dict(zip(PERSON_COLUMNS, values, strict=True))
    return _Current(
        np.array(ids, np.int64), cambodia.people(schemes, numbers, named, background=background)
    )


def _keep(session: Session, trained: Model, *, records: int, now: datetime) -> str:
    """Keep a model and return its version, a digest of all that it holds."""
    body = cambodia.to_json(trained)
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    known = session.scalar(select(StoredModel).where(StoredModel.version == version))
    if known is None:
        known = StoredModel(version=version, body=body, records=records)
        session.add(known)
    known.used_at = now
    session.flush()
    return version
