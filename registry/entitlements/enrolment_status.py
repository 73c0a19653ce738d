"""Whether somebody is enrolled in a scheme today: yes, no, or not known."""

from enum import StrEnum

from sqlalchemy.orm import Session

from registry.auditing import audit, signs
from registry.auditing.audit import Access
from registry.lookups import person_search
from registry.lookups.conditions import Condition
from registry.lookups.lookup import Reader
from registry.lookups.person_search import Scope, Search
from registry.records import enrolments


class Standing(StrEnum):
    """What is known. UNKNOWN: nobody was found, or more than one; it says neither yes nor no."""

    ENROLLED = "enrolled"
    NOT_ENROLLED = "not_enrolled"
    UNKNOWN = "unknown"


def ask(session: Session, who: Condition, scheme: str, scope: Scope, reader: Reader) -> Standing:
    """Whether who meets a condition is enrolled in a scheme; the question is recorded."""
    found = person_search.find(session, Search(who, size=2, scope=scope), reader.now)
    standing = Standing.UNKNOWN
    if found.total == 1 and scope.scheme in {None, scheme}:
        held = enrolments.of_persons(session, found.persons)
        day = reader.now.date()
        is_enrolled = any(each.scheme == scheme and each.is_active(day) for each in held)
        standing = Standing.ENROLLED if is_enrolled else Standing.NOT_ENROLLED
    signs.note_vain(session, int(not found.persons))
    access = Access(reader.actor, "ask enrolment", reader.purpose, found.persons, standing.value)
    audit.record(session, access, reader.now)
    return standing
