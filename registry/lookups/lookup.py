"""Reads across schemes: by SP ID, by a scheme's number, by national ID, by name and birth date.

Every read of a person is recorded in the audit, in the transaction of the read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkage.text import canonical
from registry.auditing import audit, signs
from registry.auditing.audit import Access
from registry.errors import NotFound
from registry.matching.searching import Candidate, search
from registry.people import persons
from registry.people.links import Link
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord
from registry.schemes.statements import NormalisedPerson
from registry.sp_id import SpId, parse

KHMER = re.compile("[\u1780-\u17ff]")


@dataclass(frozen=True)
class Enrolment:
    """A person's place in a scheme, as the scheme's list says."""

    scheme: str
    number: str | None
    household: str | None
    category: str | None
    valid_from: date | None
    valid_until: date | None
    status: str | None


@dataclass(frozen=True)
class LinkedRecord:
    """A source record of a person, with why it is theirs."""

    scheme: str
    scheme_record_id: str
    kind: str
    weight: float | None
    model: str
    linked_at: datetime
    name_khmer: str | None
    name_latin: str | None
    sex: str | None
    birth_date: str | None
    enrolment: Enrolment


@dataclass(frozen=True)
class PersonView:
    """A living person with the records and enrolments that are theirs now.

    `asked_as` is the SP ID of the question where it was a retired one that leads here.
    """

    id: int
    sp_id: SpId
    asked_as: SpId
    registered_at: datetime
    records: tuple[LinkedRecord, ...]


@dataclass(frozen=True)
class Reader:
    """Who reads, why, and when."""

    actor: str
    purpose: str
    now: datetime


@dataclass(frozen=True)
class SpIdQuestion:
    """Who holds this SP ID."""

    sp_id: str


@dataclass(frozen=True)
class SchemeNumberQuestion:
    """Whose record has this number in a scheme."""

    scheme: str
    scheme_record_id: str


@dataclass(frozen=True)
class NationalIdQuestion:
    """On whose records this national ID stands."""

    national_id: str


@dataclass(frozen=True)
class NameQuestion:
    """Who may be the person so described; the columns are those of decision 1."""

    person: NormalisedPerson


def described(
    name: str, *, birth_date: str, sex: str | None, village: str | None
) -> NormalisedPerson:
    """A person as somebody describes them, the name in either script with the family name first."""
    whole = canonical(name)
    script = "name_khmer" if KHMER.search(whole) else "name_latin"
    return NormalisedPerson(birth_date=birth_date, sex=sex, village=village, **{script: whole})


Question = SpIdQuestion | SchemeNumberQuestion | NationalIdQuestion | NameQuestion


@dataclass(frozen=True)
class Answer:
    """A person who answers; `weight` is a match weight, None where a number was asked."""

    sp_id: SpId
    weight: float | None
    is_certain: bool


def read_person(session: Session, sp_id: SpId, reader: Reader) -> PersonView:
    """The living person an SP ID leads to, with records and enrolments.

    Raises:
        NotFound: the number was never issued.
    """
    try:
        found = persons.find(session, sp_id)
    except NotFound:
        _record(session, "read person", (), reader)
        raise
    _record(session, "read person", (found.id,), reader)
    return PersonView(
        found.id, SpId(found.sp_id), sp_id, found.registered_at, _records(session, found)
    )


def look_up(session: Session, question: Question, reader: Reader) -> list[Answer]:
    """Persons who answer a question, the likeliest first; none where nobody does."""
    match question:
        case SpIdQuestion(text):
            found = _certain(_by_sp_id(session, text))
        case SchemeNumberQuestion(scheme, number):
            signs.note_number(session, scheme, number)
            found = _certain(_by_scheme_number(session, scheme, number))
        case NationalIdQuestion(number):
            signs.note_number(session, "national_id", number)
            found = _certain(_by_national_id(session, number))
        case NameQuestion(described):
            found = _by_name(session, described)
            signs.note_search(session, len(found))
    action = f"look up: {type(question).__name__.removesuffix('Question')}"
    _record(session, action, tuple(person.id for person, _ in found), reader)
    return [answer for _, answer in found]


def _record(session: Session, action: str, persons: tuple[int, ...], reader: Reader) -> None:
    outcome = f"{len(persons)} found"
    signs.note_vain(session, int(not persons))
    access = Access(reader.actor, action, reader.purpose, persons, outcome)
    audit.record(session, access, reader.now)


def _certain(found: Sequence[Person]) -> list[tuple[Person, Answer]]:
    return [
        (person, Answer(SpId(person.sp_id), None, is_certain=len(found) == 1)) for person in found
    ]


def _by_sp_id(session: Session, text: str) -> Sequence[Person]:
    number = parse(text)
    try:
        return [] if number is None else [persons.find(session, number)]
    except NotFound:
        return []


def _by_scheme_number(session: Session, scheme: str, scheme_record_id: str) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .join(Link, Link.person_id == Person.id)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .where(
            Link.superseded_at.is_(None),
            SourceRecord.scheme == scheme,
            SourceRecord.scheme_record_id == scheme_record_id,
        )
    ).all()


def _by_national_id(session: Session, national_id: str) -> Sequence[Person]:
    """More than one person is a finding, not an error: a number mistyped, or used by two."""
    return session.scalars(
        select(Person)
        .join(Link, Link.person_id == Person.id)
        .join(RecordVersion, RecordVersion.record_id == Link.record_id)
        .where(
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
            RecordVersion.national_id_hash == national_id,
        )
        .distinct()
        .order_by(Person.id)
    ).all()


def _by_name(session: Session, described: NormalisedPerson) -> list[tuple[Person, Answer]]:
    """Candidates with the best weight of their records."""
    best: dict[int, Candidate] = {}
    for candidate in search(session, described):
        best.setdefault(candidate.person, candidate)
    return [
        (person, Answer(SpId(person.sp_id), candidate.weight, is_certain=candidate.is_link))
        for candidate in best.values()
        for person in [session.get_one(Person, candidate.person)]
    ]


def _records(session: Session, person: Person) -> tuple[LinkedRecord, ...]:
    """The current records of a person, in the order of schemes and numbers."""
    rows = session.execute(
        select(Link, SourceRecord, RecordVersion)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.person_id == person.id,
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
        )
        .order_by(SourceRecord.scheme, SourceRecord.scheme_record_id)
    )
    return tuple(_linked(link, record, version) for link, record, version in rows)


def _linked(link: Link, record: SourceRecord, version: RecordVersion) -> LinkedRecord:
    return LinkedRecord(
        scheme=record.scheme,
        scheme_record_id=record.scheme_record_id,
        kind=link.kind,
        weight=link.weight,
        model=link.model,
        linked_at=link.linked_at,
        name_khmer=_whole(version.name_khmer, version.family_khmer, version.given_khmer),
        name_latin=_whole(version.name_latin, version.family_latin, version.given_latin),
        sex=version.sex,
        birth_date=version.birth_date,
        enrolment=_enrolment(record.scheme, version),
    )


def _enrolment(scheme: str, version: RecordVersion) -> Enrolment:
    return Enrolment(
        scheme=scheme,
        number=version.enrolment_number,
        household=version.enrolment_household,
        category=version.enrolment_category,
        valid_from=version.enrolment_valid_from,
        valid_until=version.enrolment_valid_until,
        status=version.enrolment_status,
    )


def _whole(joined: str | None, family: str | None, given: str | None) -> str | None:
    """A name as one text, whether it was sent joined or in parts."""
    return joined or " ".join(part for part in (family, given) if part) or None
