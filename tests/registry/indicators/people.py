"""Random people with records, written as the registry keeps them."""

import random
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from registry.lists.batches import Batch, BatchStatus
from registry.people.links import Link
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SCHEMES = ("cash_transfer", "disability", "hef", "idpoor", "nssf")


def write(session: Session, persons: int, seed: int = 7) -> None:
    """Persons with one to three records each."""
    rng = random.Random(seed)
    batch = Batch(scheme="hef", file_name="a", sha256=str(seed), size=1, status=BatchStatus.LINKED,
                  rows_read=40, rows_rejected=3)  # fmt: skip
    session.add(batch)
    session.flush()
    held = [
        (person, scheme)
        for person in range(1, persons + 1)
        for scheme in rng.choices(SCHEMES, k=rng.choice((1, 1, 2, 3)))
    ]
    session.execute(
        insert(Person), [{"id": at, "sp_id": f"{at:012}"} for at in range(1, persons + 1)]
    )
    session.execute(
        insert(SourceRecord),
        [{"id": at, "scheme": scheme, "scheme_record_id": f"{at}"}
         for at, (_, scheme) in enumerate(held)],
    )  # fmt: skip
    session.execute(
        insert(RecordVersion),
        [{"record_id": at, "batch_id": batch.id, **_said(rng)} for at in range(len(held))],
    )
    session.execute(
        insert(Link),
        [{"record_id": at, "person_id": person, "model": "m",
          "kind": rng.choice(("new", "automatic", "likely")),
          "linked_at": NOW - timedelta(days=rng.randrange(90))}
         for at, (person, _) in enumerate(held)],
    )  # fmt: skip


def _said(rng: random.Random) -> dict[str, object]:
    born = TODAY - timedelta(days=rng.randrange(90 * 365))
    precision = rng.choice((10, 10, 10, 7, 4))
    birth_date = born.isoformat()[:precision] + (
        "~" if precision == 4 and rng.random() < 0.5 else ""
    )
    return {
        "row": 1,
        "content_digest": b"",
        "as_sent": {},
        "given_khmer": "សុខា",
        "sex": rng.choice(("male", "female", "female", None)),
        "birth_date": rng.choice((birth_date, birth_date, None)),
        "village": rng.choice(("01020304", "0102", "12010101", "25", None)),
        "national_id": rng.choice(("123456789", None)),
        "stated_on": rng.choice(("2025-01-01", "2024-03-02", None)),
        "enrolment_household": rng.choice((f"h{rng.randrange(40)}", None)),
        "enrolment_valid_from": rng.choice(
            (None, TODAY - timedelta(days=400), TODAY + timedelta(days=3))
        ),
        "enrolment_valid_until": rng.choice(
            (None, TODAY + timedelta(days=200), TODAY - timedelta(days=1))
        ),
        "warnings": rng.choice(([], [{"code": "sex.unknown"}])),
    }
