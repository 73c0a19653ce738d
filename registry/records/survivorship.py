"""The person's view: of what the lists say, the values to show, each with where it came from.

The rules are the table below, a row a value: the schemes trusted for it in order, then the most
complete value, then the most recent statement, then the order of schemes and numbers. What was not
chosen is kept as a variant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.people.links import Link
from registry.records.source_records import RecordVersion, SourceRecord


@dataclass(frozen=True)
class Stated:
    """A value as one list states it; `stated_on` is an ISO date, None where not known."""

    value: str
    scheme: str
    number: str
    stated_on: str | None


@dataclass(frozen=True)
class Chosen:
    """The value to show, where it came from, and what other lists say instead."""

    best: Stated
    variants: tuple[Stated, ...]


@dataclass(frozen=True)
class Rule:
    """How one value is read from a version, and which schemes are trusted for it, best first."""

    read: Callable[[RecordVersion], str | None]
    trusted: tuple[str, ...] = ()


def _column(name: str) -> Callable[[RecordVersion], str | None]:
    return lambda version: getattr(version, name)


def _whole(script: str) -> Callable[[RecordVersion], str | None]:
    """A name in one script, the family name first, whether sent in parts or joined."""

    def read(version: RecordVersion) -> str | None:
        parts = (getattr(version, f"family_{script}"), getattr(version, f"given_{script}"))
        return getattr(version, f"name_{script}") or " ".join(filter(None, parts)) or None

    return read


CIVIL = ("nssf", "disability", "idpoor")
RESIDENCE = ("idpoor", "cash_transfer")
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "name_khmer": Rule(_whole("khmer"), CIVIL),
        "name_latin": Rule(_whole("latin"), CIVIL),
        "sex": Rule(_column("sex"), CIVIL),
        "birth_date": Rule(_column("birth_date")),
        "village": Rule(_column("village"), RESIDENCE),
        "national_id": Rule(_column("national_id"), CIVIL),
        "birth_certificate": Rule(_column("birth_certificate"), ("cash_transfer",)),
        "equity_card": Rule(_column("equity_card"), ("idpoor",)),
        "phone": Rule(_column("phone")),
    }
)


def view(session: Session, person: int) -> dict[str, Chosen]:
    """The values of a person that any list states, by name."""
    return chosen(current_records(session, [person]).get(person, []))


def current_records(
    session: Session, persons: Sequence[int], scheme: str | None = None
) -> dict[int, list[tuple[SourceRecord, RecordVersion]]]:
    """Person → their current records, in the order of schemes and numbers; all, or one scheme's."""
    query = (
        select(Link.person_id, SourceRecord, RecordVersion)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.person_id.in_(persons),
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
        )
        .order_by(SourceRecord.scheme.collate("C"), SourceRecord.scheme_record_id.collate("C"))
    )
    if scheme is not None:
        query = query.where(SourceRecord.scheme == scheme)
    found: dict[int, list[tuple[SourceRecord, RecordVersion]]] = {}
    for person, record, version in session.execute(query):
        found.setdefault(person, []).append((record, version))
    return found


def chosen(rows: Sequence[tuple[SourceRecord, RecordVersion]]) -> dict[str, Chosen]:
    """The values that some records of a person state, by name."""
    values = {}
    for name, rule in RULES.items():
        stated = [
            Stated(value, record.scheme, record.scheme_record_id, version.stated_on)
            for record, version in rows if (value := rule.read(version)) is not None
        ]  # fmt: skip
        if stated:
            values[name] = choose(stated, rule.trusted)
    return values


def choose(stated: Sequence[Stated], trusted: Sequence[str]) -> Chosen:
    """Choose among statements of one value: trust, completeness, recency, order."""

    def rank(each: Stated) -> tuple[int, bool, int]:
        trust = trusted.index(each.scheme) if each.scheme in trusted else len(trusted)
        return trust, each.value.endswith("~"), -len(each.value)

    newest = sorted(stated, key=lambda each: each.stated_on or "", reverse=True)
    best = min(newest, key=rank)
    variants = {each.value: each for each in reversed(newest) if each.value != best.value}
    return Chosen(best, tuple(variants[value] for value in sorted(variants)))
