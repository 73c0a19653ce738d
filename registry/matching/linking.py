"""Weighing records with each other: everything, or what changed since the last time.

The partition of records into persons is a function of the records, the model in use and the
decisions, never of the order in which records arrived. The engine finds two partitions: the
likeliest one, which says who is one person, and within it the certain one. A record that is not
certain to be of its person is linked as likely, and waits for an officer.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Evidence, Model, block_keys
from linkage.cambodia.guards import Guard, guards
from linkage.cambodia.links import LIKELY, SURE
from linkage.free_memory import give_back
from linkage.partition import UNCOMPARED
from registry.matching import current_people, known_words, learning, models, record_keys
from registry.matching.current_people import Current
from registry.matching.learning import Chosen
from registry.matching.touched import follow, keyed_in_parts
from registry.people import clusters, engines, pairs, persons, reviews
from registry.people.engines import Engine
from registry.people.grouping import Bounds
from registry.people.outcomes import Outcome

BOUNDS = Bounds(link=0.0, certain_pair=LIKELY, certain_sum=SURE)
ANEW_SHARE = 0.3
"""Where more than this share of all records changed, weighing everything is the shorter way."""

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Linked:
    """What linking came to: the pairs kept of what was weighed, and the registry after it."""

    records: int
    pairs: int
    persons: int
    new_persons: int
    retired_persons: int
    reviews: int
    model: str


def link(session: Session, now: datetime) -> Linked:
    """Weigh what changed since the last time, and let persons, links and reviews follow.

    Everything is weighed anew where the model in use, the step of the population's size, or the
    way of making keys is another than the last time. What comes out is the same either way.
    """
    clusters.lock(session)
    chosen = learning.current(session, now)
    model = models.trained(chosen.model.body)
    size = current_people.count(session)
    engine = engine_of(chosen.model.version, model, size)
    changed = record_keys.changed(session)
    if engines.last_engine(session) != engine or changed.size > ANEW_SHARE * size:
        return _link_everything(session, engine, chosen, now)
    return _link_changed(session, engine, model, _Change(changed, size, now))


def is_outdated(session: Session) -> bool:
    """Whether stored keys are made another way now: nobody is found by name before all are linked.

    So it is after an upgrade that makes them another way.
    """
    last = engines.last_engine(session)
    return last is not None and last.keys != block_keys.VERSION


def link_anew(session: Session, now: datetime) -> Linked:
    """Weigh all pairs of all current records anew."""
    clusters.lock(session)
    chosen = learning.current(session, now)
    model = models.trained(chosen.model.body)
    engine = engine_of(chosen.model.version, model, current_people.count(session))
    return _link_everything(session, engine, chosen, now)


def engine_of(version: str, model: Model, size: int) -> Engine:
    """The engine that a model makes in a population of so many records."""
    return Engine(version, BOUNDS, model.step(size), block_keys.VERSION)


@dataclass(frozen=True, eq=False)
class _Change:
    """Records that changed, among how many, and when."""

    records: Numbers
    size: int
    now: datetime


def _link_everything(session: Session, engine: Engine, chosen: Chosen, now: datetime) -> Linked:
    scored = _all_weighed(session, chosen)
    give_back()
    pairs.replace_all(session, engine.model, scored)
    engines.use(session, engine, now)
    return _linked(session, clusters.recluster_all(session, now), engine, scored)


def _all_weighed(session: Session, chosen: Chosen) -> pairs.Scored:
    """The pairs worth keeping of all records, whose keys are stored then.

    To store them while pairs are weighed would save seconds of minutes, and take the room of both.
    """
    model = models.trained(chosen.model.body)
    records = chosen.handed_over() or current_people.blocked(session, model.background)
    current, index = records.current, records.index
    del records
    give_back()
    known_words.keep(session, current.people)
    common, size = index.common, current.ids.size
    found = cambodia.pairs_of(index, model.fitted(current.people.sources, size))
    del index
    give_back()
    scored = _scored(current, model, found, size)
    del found
    give_back()
    record_keys.replace_all(session, keyed_in_parts(current, common.keys), common)
    return scored


def _link_changed(session: Session, engine: Engine, model: Model, change: _Change) -> Linked:
    if not change.records.size:
        return _linked(session, Outcome(0, 0, 0, 0, 0), engine, pairs.Scored.none())
    found = follow(session, change.records, model, change.size)
    current = current_people.load(
        session, found.near, background=model.background, lexicon=found.lexicon
    )  # fmt: skip
    scored = weighed(current, model, size=change.size, common=found.common)
    looked_at = np.union1d(found.moved, found.near)
    ends = pairs.replace_among(session, engine.model, looked_at, scored)
    changed = np.union1d(change.records, ends)
    settled = clusters.recluster(session, changed.tolist(), change.now)
    return _linked(session, settled, engine, scored)


def _linked(session: Session, settled: Outcome, engine: Engine, scored: pairs.Scored) -> Linked:
    reviews.gauge(session, settled.reviews)
    return Linked(
        records=current_people.count(session), pairs=scored.left.size,
        persons=persons.count_living(session), new_persons=settled.new_persons,
        retired_persons=settled.retired_persons, reviews=reviews.count_waiting(session),
        model=engine.model,
    )  # fmt: skip


def weighed(current: Current, model: Model, *, size: int, common: Hashes) -> pairs.Scored:
    """The pairs worth keeping of records whose households are whole, among so many records.

    `common` uint64[keys] are the keys that are common among all.
    """
    people = current.people
    found = cambodia.pairs_among(people, model.fitted(people.sources, size), common)
    return _scored(current, model, found, size)


def _scored(current: Current, model: Model, found: Evidence, size: int) -> pairs.Scored:
    """Weigh what was found, among so many records."""
    people = current.people
    evidence, weight = cambodia.weigh(people, model, found, size=size)
    kept = weight > UNCOMPARED
    evidence = evidence.take(kept)
    return pairs.Scored(
        left=current.ids[evidence.left],
        right=current.ids[evidence.right],
        weight=weight[kept],
        is_supported=guards(people, evidence) != Guard.NAME_AND_INEXACT_DATE,
    )
