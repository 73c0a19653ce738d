"""What officers may read of one person: best values, history, households; reads are recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.auditing import audit, signs
from registry.auditing.audit import Access
from registry.errors import NotFound
from registry.lookups import history
from registry.lookups.history import Event
from registry.lookups.lookup import Reader
from registry.people import persons
from registry.people.persons import Person
from registry.records import households, survivorship
from registry.records.households import Membership
from registry.records.survivorship import Chosen
from registry.sp_id import SpId


@dataclass(frozen=True)
class Values:
    """The best value of each kind that any list states, with where it came from."""

    sp_id: SpId
    values: Mapping[str, Chosen]


@dataclass(frozen=True)
class History:
    """What happened to a person, the oldest first."""

    sp_id: SpId
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Households:
    """The households that schemes put a person into, scheme by scheme, the oldest first."""

    sp_id: SpId
    memberships: tuple[Membership, ...]


def values(session: Session, sp_id: SpId, reader: Reader) -> Values:
    """The best values of a person.

    Raises:
        NotFound: the number was never issued; the question is recorded.
    """
    found = _find(session, sp_id, "read values of a person", reader)
    return Values(SpId(found.sp_id), survivorship.view(session, found.id))


def past(session: Session, sp_id: SpId, reader: Reader) -> History:
    """The history of a person.

    Raises:
        NotFound: the number was never issued; the question is recorded.
    """
    found = _find(session, sp_id, "read history of a person", reader)
    return History(SpId(found.sp_id), tuple(history.of_person(session, found.id)))


def households_of(session: Session, sp_id: SpId, reader: Reader) -> Households:
    """The households of a person.

    Raises:
        NotFound: the number was never issued; the question is recorded.
    """
    found = _find(session, sp_id, "read households of a person", reader)
    return Households(SpId(found.sp_id), tuple(households.of_person(session, found.id)))


def _find(session: Session, sp_id: SpId, action: str, reader: Reader) -> Person:
    try:
        found = persons.find(session, sp_id)
    except NotFound:
        signs.note_vain(session, 1)
        _record(session, Access(reader.actor, action, reader.purpose, (), "0 found"), reader)
        raise
    _record(session, Access(reader.actor, action, reader.purpose, (found.id,), "1 found"), reader)
    return found


def _record(session: Session, access: Access, reader: Reader) -> None:
    audit.record(session, access, reader.now)
