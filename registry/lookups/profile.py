"""All that is told of one person on one page: values, records, household, history, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.lookups import history, lookup
from registry.lookups.history import Event
from registry.lookups.lookup import PersonView, Reader
from registry.people.persons import Person
from registry.records import households, survivorship
from registry.records.households import Membership
from registry.records.survivorship import Chosen
from registry.reviewing import findings
from registry.reviewing.findings import Finding
from registry.sp_id import SpId

MOST_MATES = 20


@dataclass(frozen=True)
class Mate:
    """Another member of a household of the person."""

    membership: Membership
    sp_id: SpId
    best: Mapping[str, Chosen]


@dataclass(frozen=True)
class Profile:
    """A person as an officer reads of them; `mates` are of the households of now."""

    view: PersonView
    best: Mapping[str, Chosen]
    stays: Sequence[Membership]
    mates: Sequence[Mate]
    events: Sequence[Event]
    findings: Sequence[Finding]


def read(session: Session, sp_id: SpId, reader: Reader) -> Profile:
    """Read the person to whom an SP ID leads; the read is recorded.

    Raises:
        NotFound: the number was never issued.
    """
    view = lookup.read_person(session, sp_id, reader)
    stays = households.of_person(session, view.id)
    return Profile(
        view=view,
        best=survivorship.view(session, view.id),
        stays=stays,
        mates=_mates(session, view.id, stays),
        events=history.of_person(session, view.id),
        findings=findings.of_person(session, view.id),
    )


def _mates(session: Session, person: int, stays: Sequence[Membership]) -> list[Mate]:
    now = [stay for stay in stays if stay.until is None]
    members = [
        member for stay in now
        for member in households.members(session, stay.scheme, stay.household)
    ]  # fmt: skip
    others = {member.person: member for member in reversed(members) if member.person != person}
    return [
        Mate(
            member, SpId(session.get_one(Person, other).sp_id), survivorship.view(session, other)
        )
        for other, member in sorted(others.items())[:MOST_MATES]
    ]  # fmt: skip
