"""The only door to linkage: records in, links and reviews out.

The partition of records into persons is a function of the records alone, never of the order in
which they arrived. The engine finds two partitions: the likeliest one, which says who is one
person, and within it the certain one. A record that is not certain to be of its person is linked
as likely, and waits for an officer.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Identity, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage import cambodia
from linkage.cambodia import Links, Mixture, People
from registry import links, persons, reviews
from registry.database import Row
from registry.links import LinkKind, NewLink
from registry.reviews import PossibleLink
from registry.schemes.statements import NormalisedPerson
from registry.source_records import PERSON_COLUMNS, RecordVersion, SourceRecord

SEED = 20_220_816
LINK_WEIGHT = 6.0
REVIEW_WEIGHT = 0.0
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
    current = _current(session)
    compared = cambodia.compare(current.people)
    mixture = cambodia.train(current.people, seed=SEED, compared=compared)
    model = _keep(session, mixture, records=current.ids.size, now=now)
    found = _found(current, cambodia.link(current.people, mixture, compared=compared))
    known = links.holders(session)
    assignment = persons.assign(found.clusters, known)
    new = _settle_persons(session, assignment, now)
    _settle_links(session, found, _Settled({**assignment.persons, **new}, known, model, now))
    possible = _possible(found)
    reviews.settle(session, model, possible)
    return Linked(
        records=current.ids.size, pairs=found.weight.size, persons=len(assignment.persons),
        new_persons=len(new), retired_persons=len(assignment.retired), reviews=len(possible),
        model=model,
    )  # fmt: skip


def search(session: Session, described: NormalisedPerson) -> list[Candidate]:
    """Records that may be of a described person, the heaviest first.

    Candidates are records born in the same year; weights are those of the last run's model.
    """
    model = session.scalar(select(StoredModel).order_by(StoredModel.used_at.desc()).limit(1))
    if model is None or described.birth_date is None:
        return []
    year = RecordVersion.birth_date.startswith(described.birth_date[:4], autoescape=True)
    current = _current(session, year, asked=described)
    last = current.ids.size - 1
    weights = cambodia.weigh_one(current.people, cambodia.from_json(model.body), last)[:last]
    best = np.lexsort((current.ids[:last], -weights))[:SEARCH_LIMIT]
    best = best[weights[best] >= REVIEW_WEIGHT]
    holders = links.holders(session, current.ids[best].tolist())
    return [
        Candidate(
            holders[current.ids[at]], float(weights[at]), is_link=bool(weights[at] >= LINK_WEIGHT)
        )
        for at in best.tolist()
    ]


@dataclass(frozen=True, eq=False)
class _Current:
    """Current versions of records: their ids int64[records], and what the engine reads."""

    ids: npt.NDArray[np.int64]
    people: People


@dataclass(frozen=True, eq=False)
class _Found:
    """What the engine found, in record ids.

    `left`, `right` int64[pairs] with `weight` float64[pairs]; `clusters` and `certain` lead from
    each record to its cluster in the likeliest partition and in the certain one, in the order of
    schemes and their numbers.
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    clusters: Mapping[int, int]
    certain: Mapping[int, int]


@dataclass(frozen=True)
class _Settled:
    """Which person each cluster is, who held which record before, and under which model."""

    persons: Mapping[int, int | None]
    holders: Mapping[int, int]
    model: str
    now: datetime


def _current(
    session: Session, *only: ColumnElement[bool], asked: NormalisedPerson | None = None
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
    return _Current(np.array(ids, np.int64), cambodia.people(schemes, numbers, named))


def _keep(session: Session, mixture: Mixture, *, records: int, now: datetime) -> str:
    """Keep a model and return its version, a digest of all that it holds."""
    body = cambodia.to_json(mixture)
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    known = session.scalar(select(StoredModel).where(StoredModel.version == version))
    if known is None:
        known = StoredModel(version=version, body=body, records=records)
        session.add(known)
    known.used_at = now
    session.flush()
    return version


def _found(current: _Current, found: Links) -> _Found:
    ids = current.ids[current.people.order]
    return _Found(
        left=ids[found.evidence.left],
        right=ids[found.evidence.right],
        weight=found.weight,
        clusters=dict(zip(ids.tolist(), found.clusters.tolist(), strict=True)),
        certain=dict(zip(ids.tolist(), found.certain.tolist(), strict=True)),
    )


def _settle_persons(
    session: Session, assignment: persons.Assignment, now: datetime
) -> dict[int, int]:
    """Register the persons of new clusters, cluster → person, and retire those without one."""
    new = [cluster for cluster, person in assignment.persons.items() if person is None]
    registered = dict(zip(sorted(new), persons.register(session, len(new)), strict=True))
    for person, cluster in assignment.retired.items():
        survivor = assignment.persons[cluster] or registered[cluster]
        persons.retire(session, person, survivor, now)
    return registered


def _settle_links(session: Session, found: _Found, settled: _Settled) -> None:
    """Write the links of records that are new, moved, or no longer as certain as before."""
    best = _best_weights(found)
    kinds = _kinds(found)
    before = links.kinds(session)
    new: list[NewLink] = []
    for record, cluster in found.clusters.items():
        person, kind = settled.persons[cluster], kinds[record]
        stays = settled.holders.get(record) == person
        is_likely = kind == LinkKind.LIKELY
        if person is not None and not (
            stays and is_likely == (before.get(record) == LinkKind.LIKELY)
        ):
            new.append(NewLink(record, person, kind, best.get(record)))
    links.supersede(session, [link.record for link in new], settled.now)
    links.write(session, settled.model, new)


def _kinds(found: _Found) -> dict[int, LinkKind]:
    """The kind of each record's link.

    The core of a cluster is its largest part that is certain, of equals the first. Its first record
    is who the person is registered by; what is outside of the core is likely.
    """
    sizes = Counter(found.certain.values())
    cores: dict[int, int] = {}
    for record, cluster in found.clusters.items():
        part = found.certain[record]
        if cluster not in cores or sizes[part] > sizes[cores[cluster]]:
            cores[cluster] = part
    kinds: dict[int, LinkKind] = {}
    founded: set[int] = set()
    for record, cluster in found.clusters.items():
        if found.certain[record] != cores[cluster]:
            kinds[record] = LinkKind.LIKELY
        else:
            kinds[record] = LinkKind.AUTOMATIC if cluster in founded else LinkKind.NEW
            founded.add(cluster)
    return kinds


def _best_weights(found: _Found) -> dict[int, float]:
    """Record → the highest weight of its pairs inside its cluster."""
    best: dict[int, float] = {}
    likely = np.flatnonzero(found.weight > 0)
    pairs = (found.left[likely], found.right[likely], found.weight[likely])
    for left, right, weight in zip(*(part.tolist() for part in pairs), strict=True):
        if found.clusters[left] == found.clusters[right]:
            best[left] = max(weight, best.get(left, weight))
            best[right] = max(weight, best.get(right, weight))
    return best


def _possible(found: _Found) -> list[PossibleLink]:
    """The heaviest pair between each two parts that are not certain to be one person."""
    likely = np.flatnonzero(found.weight >= REVIEW_WEIGHT)
    order = likely[np.lexsort((found.right[likely], found.left[likely], -found.weight[likely]))]
    seen: set[tuple[int, int]] = set()
    possible = []
    for at in order.tolist():
        left, right = int(found.left[at]), int(found.right[at])
        first, second = sorted((found.certain[left], found.certain[right]))
        if first != second and (first, second) not in seen:
            seen.add((first, second))
            low, high = sorted((left, right))
            possible.append(PossibleLink(low, high, float(found.weight[at])))
    return possible
