"""The audit chain."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import audit
from registry.audit import Access

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
READ = Access("clinic", "read person", "treatment", (1, 2), "2 found")


@pytest.fixture
def chain(session: Session) -> Session:
    """A session with four entries."""
    for hour in range(4):
        audit.record(session, READ, NOW + timedelta(hours=hour))
    return session


def ids(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))


@pytest.mark.core
def test_untouched_chain_is_whole(chain: Session) -> None:
    assert len(ids(chain)) == 4
    assert audit.first_broken(chain) is None


@pytest.mark.core
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET purpose = 'curiosity' WHERE id = :id",
        "UPDATE audit_entry SET persons = '{1}' WHERE id = :id",
        "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = :id",
        "UPDATE audit_entry SET hash = repeat('a', 64) WHERE id = :id",
    ],
)
def test_changed_entry_is_found(chain: Session, change: str) -> None:
    second = ids(chain)[1]
    chain.execute(text(change), {"id": second})
    chain.expire_all()
    assert audit.first_broken(chain) == second


@pytest.mark.core
def test_missing_entry_is_found_at_the_next(chain: Session) -> None:
    _, second, third, _ = ids(chain)
    chain.execute(text("DELETE FROM audit_entry WHERE id = :id"), {"id": second})
    chain.expire_all()
    assert audit.first_broken(chain) == third


@pytest.mark.core
def test_swapped_entries_are_found(chain: Session) -> None:
    _, second, third, last = ids(chain)
    swap = "UPDATE audit_entry SET id = :to WHERE id = :id"
    for origin, target in ((second, last + 1), (third, second), (last + 1, third)):
        chain.execute(text(swap), {"id": origin, "to": target})
    chain.expire_all()
    assert audit.first_broken(chain) == second
