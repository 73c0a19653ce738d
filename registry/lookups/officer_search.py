"""Searching for a person to read about: by a number of any kind, or by name and birth date."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.auditing import audit, signs
from registry.auditing.audit import Access
from registry.entitlements import counter
from registry.entitlements.counter import Typed
from registry.lookups import identification, lookup
from registry.lookups.lookup import NameQuestion, Reader
from registry.people import persons
from registry.people.persons import Person
from registry.records import survivorship
from registry.records.survivorship import Chosen
from registry.sp_id import SpId


@dataclass(frozen=True)
class Hit:
    """A person who may be meant, with the values to show.

    Attributes:
        weight: match weight; None where a number was asked for.
        is_certain: whether nobody else is likely to be meant.
    """

    sp_id: SpId
    weight: float | None
    is_certain: bool
    best: Mapping[str, Chosen]


def search(session: Session, typed: Typed, schemes: tuple[str, ...], reader: Reader) -> list[Hit]:
    """Who may be meant, the likeliest first; the search is recorded."""
    meant = counter.meanings(typed, schemes)
    name = meant.get("name")
    if isinstance(name, NameQuestion):
        answers = lookup.look_up(session, name, reader)
        return [
            Hit(one.sp_id, one.weight, one.is_certain, _best(session, one.sp_id))
            for one in answers
        ]  # fmt: skip
    found = (identification.identify(session, who).persons for who in meant.values())
    ids = tuple(dict.fromkeys(person for few in found for person in few))
    signs.note_vain(session, int(not ids))
    outcome = f"{len(ids)} found"
    access = Access(reader.actor, "look up: number", reader.purpose, ids, outcome)
    audit.record(session, access, reader.now)
    people = [session.get_one(Person, person) for person in ids]
    return [
        Hit(SpId(one.sp_id), None, len(people) == 1, survivorship.view(session, one.id))
        for one in people
    ]  # fmt: skip


def _best(session: Session, sp_id: SpId) -> dict[str, Chosen]:
    return survivorship.view(session, persons.find(session, sp_id).id)
