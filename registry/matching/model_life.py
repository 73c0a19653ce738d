"""The life of models: compared, chosen, and put back; `learning` trains them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.matching import current_people, models
from registry.matching.learning import ENOUGH_RECORDS, MOST_RECORDS
from registry.matching.linking import Linked, link

GROWTH = 2.0
"""A model is worth training anew when there are so many times the records it was trained on."""

_PERSONS = """
SELECT s.scheme, s.scheme_record_id, l.person_id FROM link l
JOIN source_record s ON s.id = l.record_id WHERE l.superseded_at IS NULL
"""
_REVIEWS = """
SELECT left_record_id, right_record_id FROM review WHERE status IN ('open', 'second', 'disputed')
"""
_SCHEMES = """
SELECT DISTINCT s.scheme FROM source_record s
JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
"""


@dataclass(frozen=True)
class Drift:
    """How far records have gone from those the model in use was trained on."""

    model: str
    is_shipped: bool
    records_then: int
    records_now: int
    new_schemes: tuple[str, ...]
    is_peoples_choice: bool

    @property
    def is_training_advised(self) -> bool:
        """Whether people should train a model on the records of now, and choose it."""
        if not self.is_peoples_choice and self.records_now <= MOST_RECORDS:
            return False
        if self.is_shipped:
            return self.records_now >= ENOUGH_RECORDS
        return bool(self.new_schemes) or self.records_now >= GROWTH * self.records_then


@dataclass(frozen=True)
class Difference:
    """What another model would change.

    Attributes:
        moved: records that would be grouped with others than now, by scheme and number, in order.
        persons: how many persons there are with the one and with the other.
        reviews_opened, reviews_closed: possible links that would wait, or would wait no more.
    """

    moved: tuple[tuple[str, str], ...]
    persons: tuple[int, int]
    reviews_opened: int
    reviews_closed: int


@dataclass(frozen=True)
class _State:
    """Record → all records of its person, and the pairs that wait for officers."""

    mates: dict[tuple[str, str], frozenset[tuple[str, str]]]
    waiting: frozenset[tuple[int, int]]


def use(session: Session, version: str, now: datetime) -> Linked:
    """Choose a model and weigh everything with it; officers' decisions stand.

    Choosing the former one again brings back what was, with the records of now.

    Raises:
        NotFound: there is no such model.
    """
    models.choose(session, models.find(session, version), now)
    return link(session, now)


def compare(session: Session, one: str, other: str, now: datetime) -> Difference:
    """Find what would change if `other` were chosen in place of `one`; nothing is changed.

    Raises:
        NotFound: there is no such model.
    """
    before, after = _tried(session, one, now), _tried(session, other, now)
    moved = [record for record, mates in before.mates.items() if after.mates[record] != mates]
    return Difference(
        tuple(sorted(moved)),
        (len(set(before.mates.values())), len(set(after.mates.values()))),
        len(after.waiting - before.waiting),
        len(before.waiting - after.waiting),
    )


def drift(session: Session) -> Drift:
    """How far the records have gone from those of the model in use."""
    chosen = models.in_use(session)
    known = models.trained(chosen.body).sources
    schemes = set(session.scalars(text(_SCHEMES)))
    return Drift(
        chosen.version,
        chosen.is_shipped,
        chosen.records,
        current_people.count(session),
        tuple(sorted(schemes - set(known))),
        chosen.is_peoples_choice,
    )


def _tried(session: Session, version: str, now: datetime) -> _State:
    """What a model makes of the records of now; taken back at once."""
    trial = session.begin_nested()
    models.choose(session, models.find(session, version), now)
    link(session, now)
    state = _state(session)
    trial.rollback()
    return state


def _state(session: Session) -> _State:
    groups: dict[int, set[tuple[str, str]]] = {}
    for scheme, number, person in session.execute(text(_PERSONS)):
        groups.setdefault(person, set()).add((scheme, number))
    whole = [frozenset(group) for group in groups.values()]
    mates = {record: group for group in whole for record in group}
    waiting = frozenset((row[0], row[1]) for row in session.execute(text(_REVIEWS)))
    return _State(mates, waiting)
