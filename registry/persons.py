"""Persons: one human being each, with one SP ID for life.

A person is never deleted. One that was found to be another is merged into it: its SP ID is retired
and leads to the survivor. No SP ID is ever issued twice; the database's own constraint says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import NotFound
from registry.sp_id import LENGTH, SpId, draw


class Person(Row):
    """One human being as the registry knows them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    sp_id: Mapped[str] = mapped_column(String(LENGTH), unique=True)
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_person_merged_into", "merged_into"),)


@dataclass(frozen=True)
class Assignment:
    """Which person each cluster of records is.

    Attributes:
        persons: for each cluster the person it stays, or None where a new one must be registered.
        retired: persons left without a cluster, each with the cluster that took most of its
            records.
    """

    persons: Mapping[int, int | None]
    retired: Mapping[int, int]


_REGISTER = """
INSERT INTO person (sp_id) SELECT unnest(CAST(:numbers AS text[]))
ON CONFLICT (sp_id) DO NOTHING RETURNING id
"""


def assign(clusters: Mapping[int, int], holders: Mapping[int, int]) -> Assignment:
    """Let every person stay with the cluster that holds most of their records.

    Claims are settled from the largest number of shared records down; among equal claims the person
    registered first goes first, then the cluster with the lowest number.

    Args:
        clusters: record → cluster.
        holders: record → person that holds it now; records not yet linked are absent.
    """
    claims: dict[tuple[int, int], int] = {}
    for record, person in holders.items():
        claim = (person, clusters[record])
        claims[claim] = claims.get(claim, 0) + 1
    order = sorted(claims, key=lambda claim: (-claims[claim], claim))
    persons: dict[int, int | None] = {}
    settled: set[int] = set()
    for person, cluster in order:
        if cluster not in persons and person not in settled:
            persons[cluster] = person
            settled.add(person)
    retired: dict[int, int] = {}
    for person, cluster in order:
        if person not in settled:
            retired.setdefault(person, cluster)
    for cluster in clusters.values():
        persons.setdefault(cluster, None)
    return Assignment(persons, retired)


def register(session: Session, count: int) -> list[int]:
    """Register new persons, each with an SP ID that nobody ever had; their ids in order."""
    registered: list[int] = []
    while len(registered) < count:
        numbers = [draw() for _ in range(count - len(registered))]
        registered += session.connection().scalars(text(_REGISTER), {"numbers": numbers})
    return registered


def retire(session: Session, person: int, survivor: int, now: datetime) -> None:
    """Retire a person found to be another: their SP ID leads to the survivor from now on."""
    retired = session.get_one(Person, person)
    retired.merged_into = survivor
    retired.retired_at = now
    session.flush()


def find(session: Session, sp_id: SpId) -> Person:
    """The living person an SP ID leads to, through any number of merges.

    Raises:
        NotFound: the number was never issued.
    """
    person = session.scalar(select(Person).where(Person.sp_id == sp_id))
    if person is None:
        raise NotFound("This SP ID was never issued.")
    while person.merged_into is not None:
        person = session.get_one(Person, person.merged_into)
    return person
