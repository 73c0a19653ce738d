"""Rebuilding the partition from its sources beside the live one, comparing, and swapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.people import clusters, links
from registry.people.outcomes import Outcome


@dataclass(frozen=True)
class Comparison:
    """The live partition beside a rebuilt one; `differing` are records whose group is another."""

    records: int
    live: int
    rebuilt: int
    differing: frozenset[int]


def compare(session: Session) -> Comparison:
    """Rebuild the partition from records, pairs and decisions, and compare; nothing is changed.

    Raises:
        Conflict: nothing was ever linked.
    """
    clusters.lock(session)
    live, anew = links.holders(session), clusters.from_nothing(session)
    before, after = _mates(live), _mates(anew)
    differing = {
        record for record in before.keys() | after.keys() if before.get(record) != after.get(record)
    }
    return Comparison(
        len(anew), len(set(live.values())), len(set(anew.values())), frozenset(differing)
    )


def swap(session: Session, now: datetime) -> Outcome:
    """Put the rebuilt partition in the place of the live one; persons keep their SP IDs by rule."""
    return clusters.recluster_all(session, now, actor="rebuild")


def _mates(holders: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Record → all records of its group."""
    groups: dict[int, set[int]] = {}
    for record, group in holders.items():
        groups.setdefault(group, set()).add(record)
    frozen = {group: frozenset(records) for group, records in groups.items()}
    return {record: frozen[group] for record, group in holders.items()}
