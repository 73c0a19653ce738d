"""The only door to linkage: records in, links and reviews out.

The partition of records into persons is a function of the records alone: they are read in the order
of their schemes' numbers, never in the order of arrival.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, Identity, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage import cambodia, linker
from linkage.linker import Linkage
from linkage.model import TrainedModel
from linkage.pairs import Pairs, matrix
from linkage.records import Records
from linkage.scoring import Buffers, Scorer
from registry import links, persons, reviews
from registry.database import Row
from registry.links import LinkKind, NewLink
from registry.reviews import PossibleLink
from registry.schemes.statements import NormalisedPerson
from registry.source_records import PERSON_COLUMNS, RecordVersion, SourceRecord

SEED = 20_220_816
SEARCH_LIMIT = 20
_ONE_LINKER = 7_202_611_220_002


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
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_LINKER})
    ids, records = _current(session)
    trained = linker.train(records, cambodia.MODEL, seed=SEED)
    _keep(session, trained, records=len(records), now=now)
    found = linker.deduplicate(records, trained)
    known = links.holders(session)
    assignment = persons.assign(_clusters(ids, found), known)
    new = _settle_persons(session, assignment, now)
    _settle_links(session, ids, found, _Settled({**assignment.persons, **new}, known, trained, now))
    possible = _possible(ids, found)
    reviews.settle(session, trained.version, possible)
    return Linked(
        records=len(ids), pairs=len(found.left), persons=len(assignment.persons),
        new_persons=len(new), retired_persons=len(assignment.retired), reviews=len(possible),
        model=trained.version,
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


@dataclass(frozen=True)
class _Settled:
    """Which person each cluster is, who held which record before, and under which model."""

    persons: Mapping[int, int | None]
    holders: Mapping[int, int]
    model: TrainedModel
    now: datetime


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


def _clusters(ids: Sequence[int], found: Linkage) -> dict[int, int]:
    return dict(zip(ids, found.clusters.tolist(), strict=True))


def _settle_persons(
    session: Session, assignment: persons.Assignment, now: datetime
) -> dict[int, int]:
    """Register the persons of new clusters, cluster → person, and retire those left without one."""
    new = [cluster for cluster, person in assignment.persons.items() if person is None]
    registered = dict(zip(sorted(new), persons.register(session, len(new)), strict=True))
    for person, cluster in assignment.retired.items():
        survivor = assignment.persons[cluster] or registered[cluster]
        persons.retire(session, person, survivor, now)
    return registered


def _settle_links(session: Session, ids: Sequence[int], found: Linkage, settled: _Settled) -> None:
    """Write the links of records that are new or moved to another person."""
    best = _best_weights(found)
    new: list[NewLink] = []
    for at, (record, cluster) in enumerate(zip(ids, found.clusters.tolist(), strict=True)):
        person = settled.persons[cluster]
        if person is not None and settled.holders.get(record) != person:
            founder = cluster == at and record not in settled.holders
            kind = LinkKind.NEW if founder else LinkKind.AUTOMATIC
            new.append(NewLink(record, person, kind, None if founder else best.get(at)))
    links.supersede(session, [link.record for link in new], settled.now)
    links.write(session, settled.model.version, new)


def _best_weights(found: Linkage) -> dict[int, float]:
    """Position → the highest weight of its pairs inside its cluster."""
    best: dict[int, float] = {}
    inside = found.clusters[found.left] == found.clusters[found.right]
    pairs = (found.left[inside], found.right[inside], found.weight[inside])
    for left, right, weight in zip(*(part.tolist() for part in pairs), strict=True):
        best[left] = max(weight, best.get(left, weight))
        best[right] = max(weight, best.get(right, weight))
    return best


def _possible(ids: Sequence[int], found: Linkage) -> list[PossibleLink]:
    """The heaviest pair between each two clusters that were not joined."""
    ends = np.sort(found.clusters[np.column_stack([found.left, found.right])], axis=1)
    seen: set[tuple[int, int]] = set()
    possible = []
    for at in np.lexsort((found.right, found.left, -found.weight)):
        left, right = ends[at].tolist()
        if left != right and (left, right) not in seen:
            seen.add((left, right))
            first, second = sorted((ids[found.left[at]], ids[found.right[at]]))
            possible.append(PossibleLink(first, second, float(found.weight[at])))
    return possible
