"""Profiles: of some persons, what a partner system is told of each.

A profile has the values to show, the numbers by which schemes know the person, and the enrolments;
with a scheme, only what that scheme's lists say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.auditing import audit, signs
from registry.auditing.audit import Access
from registry.lookups.lookup import Reader
from registry.people.persons import Person
from registry.records import enrolments, survivorship
from registry.records.enrolments import Enrolment
from registry.records.source_records import RecordVersion, SourceRecord
from registry.sp_id import SpId


@dataclass(frozen=True)
class Name:
    """A name in one script: whole, the family name first, and its parts where they are known."""

    whole: str
    family: str | None
    given: str | None


@dataclass(frozen=True)
class Household:
    """A household or case as a scheme numbers it, and what the person is in it."""

    scheme: str
    number: str
    relationship: str | None


@dataclass(frozen=True)
class Profile:
    """What is told of a person.

    `updated_at` is when the registry last heard something new of the person.
    """

    person: int
    sp_id: SpId
    registered_at: datetime
    updated_at: datetime
    khmer: Name | None
    latin: Name | None
    sex: str | None
    birth_date: str | None
    village: str | None
    national_id: str | None
    birth_certificate: str | None
    equity_card: str | None
    phone: str | None
    enrolments: tuple[Enrolment, ...]
    households: tuple[Household, ...]


def read(
    session: Session, persons: Sequence[int], reader: Reader, scheme: str | None = None
) -> list[Profile]:
    """The profiles of some persons, in their order; the read is recorded."""
    signs.note_vain(session, int(not persons))
    outcome = f"{len(persons)} found"
    access = Access(reader.actor, "read profiles", reader.purpose, tuple(persons), outcome)
    audit.record(session, access, reader.now)
    return of_persons(session, persons, scheme)


def of_persons(
    session: Session, persons: Sequence[int], scheme: str | None = None
) -> list[Profile]:
    """The profiles of some persons, in their order; for a caller that records the read."""
    records = survivorship.current_records(session, persons, scheme)
    found = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(persons)))}
    return [_profile(found[person], records.get(person, [])) for person in persons]


def _profile(person: Person, rows: Sequence[tuple[SourceRecord, RecordVersion]]) -> Profile:
    chosen = survivorship.chosen(rows)
    plain = {name: value.best.value for name, value in chosen.items()}
    return Profile(
        person=person.id,
        sp_id=SpId(person.sp_id),
        registered_at=person.registered_at,
        updated_at=max((version.recorded_at for _, version in rows), default=person.registered_at),
        khmer=_name("khmer", chosen, rows),
        latin=_name("latin", chosen, rows),
        sex=plain.get("sex"),
        birth_date=plain.get("birth_date"),
        village=plain.get("village"),
        national_id=plain.get("national_id"),
        birth_certificate=plain.get("birth_certificate"),
        equity_card=plain.get("equity_card"),
        phone=plain.get("phone"),
        enrolments=tuple(enrolments.of_record(person.id, *row) for row in rows),
        households=tuple(
            Household(record.scheme, version.household, version.relationship)
            for record, version in rows
            if version.household is not None
        ),
    )


def _name(
    script: str,
    chosen: dict[str, survivorship.Chosen],
    rows: Sequence[tuple[SourceRecord, RecordVersion]],
) -> Name | None:
    """The chosen name, with the parts that the same record states."""
    if f"name_{script}" not in chosen:
        return None
    best = chosen[f"name_{script}"].best
    version = next(
        version
        for record, version in rows
        if (record.scheme, record.scheme_record_id) == (best.scheme, best.number)
    )
    family, given = getattr(version, f"family_{script}"), getattr(version, f"given_{script}")
    return Name(_shown(best.value), family and _shown(family), given and _shown(given))


def _shown(name: str) -> str:
    """A name as it is written: canonical Latin text has small letters only."""
    return name.title()
