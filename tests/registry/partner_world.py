"""Five persons on three lists, put into the database as the engine would leave them.

Sokha and her child are a poor household; Dara is on another list; Bopha was merged into Sokha; a
second Dara, on the cash transfer list, has the first one's number on his papers.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.lists.batches import Batch, BatchStatus
from registry.people.links import Link, LinkKind
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord
from registry.sp_id import drawn

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
CARD = "05090203-8107"
SOKHA_ID = "123456789"
DARA_ID = "223456789"


@dataclass
class PartnerWorld:
    """Who is in the database: name → SP ID, and name → id."""

    sp_ids: dict[str, str] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)


def settle(session: Session) -> PartnerWorld:
    """Put the five persons in."""
    world = PartnerWorld()
    for name in ("sokha", "child", "dara", "bopha", "namesake"):
        person = Person(sp_id=drawn(1)[0], registered_at=BEGAN)
        session.add(person)
        session.flush()
        world.sp_ids[name], world.persons[name] = person.sp_id, person.id
    bopha = session.get_one(Person, world.persons["bopha"])
    bopha.merged_into, bopha.retired_at = world.persons["sokha"], BEGAN
    batches = {scheme: _batch(session, scheme) for scheme in ("hef", "idpoor", "cash_transfer")}
    for name, scheme, number, values in _RECORDS:
        record = SourceRecord(scheme=scheme, scheme_record_id=number)
        session.add(record)
        session.flush()
        sent = {key: str(value) for key, value in values.items()}
        session.add_all(
            [
                RecordVersion(
                    record_id=record.id, batch_id=batches[scheme], row=2, recorded_at=BEGAN,
                    content_digest=repr(sent).encode(), as_sent=sent,
                    enrolment_number=number, **values,
                ),
                Link(
                    record_id=record.id, person_id=world.persons[name], kind=LinkKind.NEW,
                    weight=None, model="none", linked_at=BEGAN,
                ),
            ]
        )  # fmt: skip
    session.flush()
    return world


def _batch(session: Session, scheme: str) -> int:
    batch = Batch(
        scheme=scheme, file_name=f"{scheme}.csv", sha256=scheme, size=1,
        status=BatchStatus.LINKED, finished_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch.id


_HOUSEHOLD: dict[str, Any] = {
    "village": "05090203", "equity_card": CARD, "household": CARD, "enrolment_household": CARD,
    "enrolment_category": "poor_1", "enrolment_valid_from": date(2025, 1, 1),
    "enrolment_valid_until": date(2099, 12, 31),
}  # fmt: skip
_RECORDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("sokha", "idpoor", "05090203-8107-01", {
        **_HOUSEHOLD, "family_khmer": "សុខ", "given_khmer": "ខា", "sex": "female",
        "birth_date": "1990-05-04", "national_id": SOKHA_ID, "relationship": "head",
        "phone": "+85512345678",
    }),
    ("sokha", "hef", "P1", {
        "family_latin": "sok", "given_latin": "kha", "name_khmer": "សុខ ខា", "sex": "female",
        "birth_date": "1990-05-04", "village": "05090203", "national_id": SOKHA_ID,
        "enrolment_valid_from": date(2025, 1, 2),
    }),
    ("child", "idpoor", "05090203-8107-02", {
        **_HOUSEHOLD, "family_khmer": "សុខ", "given_khmer": "វីរៈ", "sex": "male",
        "birth_date": "2025-03", "relationship": "child",
    }),
    ("dara", "hef", "P3", {
        "name_latin": "chan dara", "name_khmer": "ចាន់ ដារា", "sex": "male",
        "birth_date": "1971-11-23", "village": "01020304", "national_id": DARA_ID,
        "enrolment_valid_from": date(2025, 1, 2), "enrolment_valid_until": date(2025, 12, 31),
    }),
    ("namesake", "cash_transfer", "CT00000009", {
        "family_latin": "chan", "given_latin": "dara", "sex": "male", "birth_date": "1975~",
        "national_id": DARA_ID, "enrolment_category": "child",
    }),
)  # fmt: skip
