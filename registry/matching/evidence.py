"""Why a pair weighs what it does: the contributions that the engine added up, made again.

The weight of a pair is a matter of the model and of the records of its two households. These are
read again, weighed again, and taken apart; what comes of it is shown only where its sum is the
weight that is stored, so that an officer never sees reasons that were not the engine's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model, People
from linkage.cambodia.blocking import Candidates, candidates
from registry.columns import PERSON_COLUMNS
from registry.matching.models import StoredModel
from registry.people import engines
from registry.people.pairs import ScoredPair
from registry.sealed_columns import SEALED_NUMBERS

MOST_NEIGHBOURS = 500
MOST_MODELS = 2
_READ: dict[str, Model] = {}
A_STEP = 1 / 1024
"""Weights are multiples of it."""
_NEAR = """
WITH RECURSIVE near(record_id) AS (
  SELECT unnest(CAST(:pair AS bigint[]))
  UNION
  SELECT one.record_id FROM near
  JOIN record_version own ON own.record_id = near.record_id AND own.superseded_at IS NULL
  JOIN source_record owner ON owner.id = own.record_id
  CROSS JOIN LATERAL (
    SELECT record_id FROM record_version v JOIN source_record s ON s.id = v.record_id
    WHERE superseded_at IS NULL AND scheme = owner.scheme
      AND v.mother = coalesce(own.mother, own.household)
    UNION ALL
    SELECT record_id FROM record_version v JOIN source_record s ON s.id = v.record_id
    WHERE superseded_at IS NULL AND scheme = owner.scheme AND v.mother IS NULL
      AND v.household = coalesce(own.mother, own.household)
    UNION ALL
    SELECT record_id FROM record_version v
    WHERE superseded_at IS NULL AND v.equity_card = own.equity_card
  ) AS one
)
"""
_STATED: Final = text(f"""{_NEAR}
SELECT record.id, record.scheme, record.scheme_record_id, {", ".join(PERSON_COLUMNS)}
FROM (SELECT record_id FROM near LIMIT :most) AS known
JOIN source_record record ON record.id = known.record_id
JOIN record_version stated ON stated.record_id = record.id AND stated.superseded_at IS NULL
""").columns(**SEALED_NUMBERS)  # noqa: S608 - our own names of columns


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
    rows = _household(session, (left, right))
    if len(rows) > MOST_NEIGHBOURS:
        return None
    order, records = _people(rows, model)
    place = {int(order[at]): row for row, at in enumerate(records.order.tolist())}
    if not place.keys() >= {left, right}:
        return None
    low, high = sorted((place[left], place[right]))
    compared = cambodia.compare(records, _with(candidates(records), low, high, len(records)))
    engine = engines.last_engine(session)
    size = model.size_at(engine.step) if engine is not None else model.records
    evidence, _ = cambodia.weigh(records, model, compared, size=size)
    [found] = np.nonzero((evidence.left == low) & (evidence.right == high))
    if not found.size:
        return None
    mixture = model.fitted(records.sources, size)
    listed = cambodia.explain(mixture, evidence, int(found[0]))
    return Evidence(tuple(Contribution(one.name, one.kind, one.level, one.bits) for one in listed))


def _with(found: Candidates, low: int, high: int, size: int) -> Candidates:
    """The candidates, and the pair that is asked about."""
    numbers = np.union1d(found.left.astype(np.int64) * size + found.right, low * size + high)
    left, right = np.divmod(numbers, size)
    return Candidates(left.astype(np.int32), right.astype(np.int32), found.left_out)


def _household(session: Session, pair: tuple[int, int]) -> Sequence[Row[Any]]:
    """The statements of these records and of all who are of their households, or of theirs."""
    asked = {"pair": list(pair), "most": MOST_NEIGHBOURS + 1}
    return session.execute(_STATED, asked).all()


def _people(rows: Sequence[Row[Any]], model: Model) -> tuple[list[int], People]:
    """Records as the engine reads them, and their ids in the order in which they were read."""
    read, schemes, numbers, *values = zip(*rows, strict=True)
    named = dict(zip(PERSON_COLUMNS, values, strict=True))
    return list(read), cambodia.people(schemes, numbers, named, background=model.background)


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
