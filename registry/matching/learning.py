"""Which model weighs records now: one that people chose, or the registry's own.

Until people choose, a registry of some thousand records learns a model from all of them, each time
that any has changed: it is then a function of the records, and so are persons, whatever came first.
A smaller one uses the shipped model. A larger one keeps what it learned last, since learning anew
would cost more than it gives; people are told when training is advised (`model_life.drift`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from linkage import cambodia
from registry.errors import Conflict
from registry.matching import current_people, models, record_keys
from registry.matching.current_people import Blocked
from registry.matching.models import StoredModel
from registry.people import engines

SEED: Final = 20_220_816
LEAST_RECORDS: Final = 500
"""Fewer records than these are too few to learn from."""

ENOUGH_RECORDS: Final = 5_000
"""With so many records an own model is better than the shipped one (see benchmarks/results)."""

MOST_RECORDS: Final = 50_000
"""With more records than these a model that was learned once stays."""


def train(session: Session) -> StoredModel:
    """Learn a model from all current records, without choosing it.

    Raises:
        Conflict: there are too few records.
    """
    size = current_people.count(session)
    if size < LEAST_RECORDS:
        raise Conflict(f"{size:,} records are too few to learn from; {LEAST_RECORDS:,} are needed.")
    return _learned(session).model


@dataclass(eq=False)
class Chosen:
    """The model to weigh records with; all records, where they were read to learn it."""

    model: StoredModel
    records: Blocked | None = None

    def handed_over(self) -> Blocked | None:
        """The records, which are many and not held here any longer."""
        records, self.records = self.records, None
        return records


def current(session: Session, now: datetime) -> Chosen:
    """The model to weigh records with now, learned if need be."""
    before = models.in_use(session)
    if before.is_peoples_choice:
        return Chosen(before)
    wanted = _own(session, before)
    if wanted.model is not before:
        models.choose(session, wanted.model, now, by_people=False)
    return wanted


def _own(session: Session, before: StoredModel) -> Chosen:
    """The registry's own model for the records of now; `before` where it still is."""
    size = current_people.count(session)
    if size < ENOUGH_RECORDS:
        return Chosen(models.shipped(session))
    if not before.is_shipped and (size > MOST_RECORDS or not _has_changed(session, before)):
        return Chosen(before)
    return _learned(session)


def _learned(session: Session) -> Chosen:
    records = current_people.blocked(session)
    learned = cambodia.train(records.current.people, seed=SEED, index=records.index)
    return Chosen(models.keep(session, learned, records=records.current.ids.size), records)


def _has_changed(session: Session, model: StoredModel) -> bool:
    """Whether any record is another than when everything was weighed with a model."""
    last = engines.last_engine(session)
    weighed = last is not None and last.model == model.version
    return not weighed or record_keys.changed(session).size > 0
