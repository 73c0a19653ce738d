"""What a registry makes of its records, as digests in which the SP IDs themselves are nothing.

Two registries that group the same records alike, hold the same links for likely and let the same
pairs wait for officers have the same digest, whatever numbers their persons have.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.people import partition

_LIKELY = """
SELECT s.scheme, s.scheme_record_id FROM link l JOIN source_record s ON s.id = l.record_id
WHERE l.superseded_at IS NULL AND l.kind = 'likely'
ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C"
"""
_WAITING = """
SELECT least(a.scheme || ' ' || a.scheme_record_id, b.scheme || ' ' || b.scheme_record_id) COLLATE "C",
  greatest(a.scheme || ' ' || a.scheme_record_id, b.scheme || ' ' || b.scheme_record_id) COLLATE "C",
  r.weight, r.reason, r.priority
FROM review r JOIN source_record a ON a.id = r.left_record_id
JOIN source_record b ON b.id = r.right_record_id
WHERE r.status IN ('open', 'second', 'disputed') ORDER BY 1, 2
"""  # noqa: E501 - two columns


@dataclass(frozen=True)
class State:
    """Digests of the partition, of the likely links and of what waits for officers."""

    partition: str
    likely: str
    waiting: str


def state(session: Session) -> State:
    """What the registry makes of its records now."""
    return State(
        _digest(_grouped(session)),
        _digest(session.execute(text(_LIKELY))),
        _digest(session.execute(text(_WAITING))),
    )


def _grouped(session: Session) -> Iterator[tuple[str, str, int]]:
    """The rows of `registry export links`, persons numbered in the order of their first record."""
    places: dict[str, int] = {}
    for scheme, number, sp_id in partition.rows(session):
        yield scheme, number, places.setdefault(sp_id, len(places))


def _digest(rows: Iterable[Iterable[object]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(("\t".join(map(str, row)) + "\n").encode())
    return digest.hexdigest()[:16]
