"""Findings and referrals as officers work through them; whose they are is recorded when read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.auditing import audit
from registry.auditing.audit import Access
from registry.errors import NotFound
from registry.lookups.lookup import Reader
from registry.people.persons import Person
from registry.reviewing import findings
from registry.reviewing.findings import KINDS, Finding, Kind
from registry.sp_id import SpId

BY_CODE: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in KINDS})


@dataclass(frozen=True)
class Wanted:
    """Which findings are asked for.

    Attributes:
        is_referral: people who may miss a benefit, or else things to look at.
        kind: of this kind alone; None for all.
        is_open: those that nobody closed and whose cause lasts, or else the others.
        behind: number of the last one of the page before.
    """

    is_referral: bool
    kind: str | None
    is_open: bool
    limit: int
    behind: int | None


@dataclass(frozen=True)
class Found:
    """A finding with whom it is about, and what an officer reads."""

    finding: Finding
    sp_id: SpId
    says: str


def page(session: Session, wanted: Wanted, reader: Reader) -> list[Found]:
    """Findings in the order in which they were opened, one more than the limit if there is more.

    Raises:
        NotFound: there is no such kind.
    """
    codes = [kind.code for kind in KINDS if kind.is_referral == wanted.is_referral]
    if wanted.kind is not None and wanted.kind not in codes:
        raise NotFound(f"There is no such kind: the kinds are {', '.join(codes)}.")
    query = (
        select(Finding, Person.sp_id)
        .join(Person, Person.id == Finding.person_id)
        .where(
            Finding.kind.in_(codes if wanted.kind is None else [wanted.kind]),
            Finding.closed_at.is_(None) if wanted.is_open else Finding.closed_at.is_not(None),
            Finding.id > (wanted.behind or 0),
        )
        .order_by(Finding.id)
        .limit(wanted.limit + 1)
    )
    found = [
        Found(finding, SpId(sp_id), BY_CODE[finding.kind].says)
        for finding, sp_id in session.execute(query)
    ]
    _record(session, "read findings", found[: wanted.limit], reader)
    return found


def close(session: Session, number: int, note: str, reader: Reader) -> Found:
    """Say that a finding needs nothing more; closing it again changes nothing.

    Raises:
        NotFound: there is no such finding.
    """
    findings.close(session, number, reader.actor, note, reader.now)
    finding = session.get_one(Finding, number)
    if finding.kind not in BY_CODE:
        raise NotFound(f"There is no finding {number}.")
    person = session.get_one(Person, finding.person_id)
    found = Found(finding, SpId(person.sp_id), BY_CODE[finding.kind].says)
    _record(session, "close a finding", [found], reader)
    return found


def _record(session: Session, action: str, found: list[Found], reader: Reader) -> None:
    persons = tuple(sorted({one.finding.person_id for one in found}))
    access = Access(reader.actor, action, reader.purpose, persons, f"{len(found)} findings")
    audit.record(session, access, reader.now)
