"""Why a pair weighs what it does: the contributions that the engine added up, made again.

The weight of a pair is a matter of the model and of the records of its two households. These are
read again, weighed again, and taken apart; what comes of it is shown only where its sum is the
weight that is stored, so that an officer never sees reasons that were not the engine's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model, People
from linkage.cambodia.blocking import Candidates, candidates
from registry.columns import PERSON_COLUMNS
from registry.matching.models import StoredModel
from registry.people import engines
from registry.people.pairs import ScoredPair
from registry.records.source_records import RecordVersion, SourceRecord

MOST_NEIGHBOURS = 500
MOST_MODELS = 2
_READ: dict[str, Model] = {}
A_STEP = 1 / 1024
"""Weights are multiples of it."""


@dataclass(frozen=True)
class Contribution:
    """What one comparison adds to the weight, in bits; `kind` and `level` are the engine's codes.

    `level` is -1 where a value is missing, and for what is no comparison.
    """

    name: str
    kind: int
    level: int
    bits: float


@dataclass(frozen=True)
class Evidence:
    """The contributions of a pair, the prior first; they sum to the weight."""

    contributions: tuple[Contribution, ...]

    @property
    def weight(self) -> float:
        """Their sum."""
        return sum(one.bits for one in self.contributions)


def of_pair(session: Session, left: int, right: int) -> Evidence | None:
    """What the stored weight of two records is made of.

    None where the pair is not kept, or where lists have changed since it was weighed.
    """
    stored = session.get(ScoredPair, (min(left, right), max(left, right)))
    model = None if stored is None else _model(session, stored.model)
    if stored is None or model is None:
        return None
    found = weighed_anew(session, left, right, model)
    is_same = found is not None and abs(found.weight - stored.weight) < A_STEP
    return found if is_same else None


def weighed_anew(session: Session, left: int, right: int, model: Model) -> Evidence | None:
    """What two records weigh by a model now; None where too many are of their households."""
    ids = _neighbours(session, {left, right})
    return None if len(ids) > MOST_NEIGHBOURS else _explained(session, ids, (left, right), model)


def _explained(
    session: Session, ids: set[int], pair: tuple[int, int], model: Model
) -> Evidence | None:
    order, records = _people(session, ids, model)
    place = {int(order[at]): row for row, at in enumerate(records.order.tolist())}
    if not place.keys() >= set(pair):
        return None
    low, high = sorted(place[one] for one in pair)
    compared = cambodia.compare(records, _with(candidates(records), low, high, len(records)))
    engine = engines.last_engine(session)
    size = model.size_at(engine.step) if engine is not None else model.records
    evidence, _ = cambodia.weigh(records, model, compared, size=size)
    [rows] = np.nonzero((evidence.left == low) & (evidence.right == high))
    if not rows.size:
        return None
    mixture = model.fitted(records.sources, size)
    listed = cambodia.explain(mixture, evidence, int(rows[0]))
    return Evidence(tuple(Contribution(one.name, one.kind, one.level, one.bits) for one in listed))


def _with(found: Candidates, low: int, high: int, size: int) -> Candidates:
    """The candidates, and the pair that is asked about."""
    numbers = np.union1d(found.left.astype(np.int64) * size + found.right, low * size + high)
    left, right = np.divmod(numbers, size)
    return Candidates(left.astype(np.int32), right.astype(np.int32), found.left_out)


def _neighbours(session: Session, records: Iterable[int]) -> set[int]:
    """These records and all who are of their households, directly or through others."""
    known: set[int] = set()
    reached = set(records)
    while reached - known and len(reached) <= MOST_NEIGHBOURS:
        rows = session.execute(
            select(
                SourceRecord.scheme, RecordVersion.mother, RecordVersion.household,
                RecordVersion.equity_card,
            )
            .join(SourceRecord, SourceRecord.id == RecordVersion.record_id)
            .where(
                RecordVersion.superseded_at.is_(None), RecordVersion.record_id.in_(reached - known)
            )
        ).all()  # fmt: skip
        known = set(reached)
        homes = {(row.scheme, row.mother or row.household) for row in rows}
        cards = {row.equity_card for row in rows if row.equity_card}
        reached |= _of_homes(session, {home for home in homes if home[1]}, cards)
    return reached


def _of_homes(session: Session, homes: set[tuple[str, str]], cards: set[str]) -> set[int]:
    numbers = {number for _, number in homes}
    home = tuple_(SourceRecord.scheme, func.coalesce(RecordVersion.mother, RecordVersion.household))
    found = session.scalars(
        select(RecordVersion.record_id)
        .join(SourceRecord, SourceRecord.id == RecordVersion.record_id)
        .where(
            RecordVersion.superseded_at.is_(None),
            or_(
                RecordVersion.mother.in_(numbers),
                RecordVersion.household.in_(numbers),
                RecordVersion.equity_card.in_(cards),
            ),
            or_(home.in_(homes), RecordVersion.equity_card.in_(cards)),
        )
        .limit(MOST_NEIGHBOURS + 1)
    )
    return set(found)


def _people(session: Session, ids: set[int], model: Model) -> tuple[list[int], People]:
    """Records as the engine reads them, and their ids in the order in which they were read."""
    columns = [getattr(RecordVersion, name) for name in PERSON_COLUMNS]
    rows = session.execute(
        select(SourceRecord.id, SourceRecord.scheme, SourceRecord.scheme_record_id, *columns)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(RecordVersion.superseded_at.is_(None), SourceRecord.id.in_(ids))
    ).all()
    read, schemes, numbers, *values = zip(*rows, strict=True)
    named = dict(zip(PERSON_COLUMNS, values, strict=True))
    people = cambodia.people(schemes, numbers, named, background=model.background)
    return list(read), people


def _model(session: Session, version: str) -> Model | None:
    """A kept model; what a version stands for never changes."""
    if version not in _READ:
        body = session.scalar(select(StoredModel.body).where(StoredModel.version == version))
        if body is None:
            return None
        if len(_READ) == MOST_MODELS:
            _READ.clear()
        _READ[version] = cambodia.from_json(body)
    return _READ[version]
