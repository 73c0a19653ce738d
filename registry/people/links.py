"""Links: which person a source record is of, now and before.

A link is never changed. When a record turns out to be of another person, the current link is
superseded by a new one; when its scheme no longer lists the record, by none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from sqlalchemy import ForeignKey, Identity, Index, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.copied import Alike, write_alike
from registry.copying import moment
from registry.database import Row, copy_rows
from registry.people.pairs import RecordIds


class LinkKind(StrEnum):
    """Why a record is linked to its person.

    NEW: the person was registered by it. AUTOMATIC: the engine is certain. LIKELY: the engine holds
    it for theirs and an officer has yet to say so. OFFICER: one said so.
    """

    NEW = "new"
    AUTOMATIC = "automatic"
    LIKELY = "likely"
    OFFICER = "officer"


class Link(Row):
    """A source record's link to a person.

    `actor` and `decision_id` say who made it, and by which decision if by one; `ended_by` and
    `ended_decision_id` the same of its end.
    """

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[LinkKind]
    weight: Mapped[float | None]
    model: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str] = mapped_column(server_default="engine")
    decision_id: Mapped[int | None]
    superseded_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_decision_id: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_link_current",
            "record_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_link_former", "record_id", postgresql_where=text("superseded_at IS NOT NULL")),
    )


@dataclass(frozen=True)
class NewLink:
    """A link about to be written; `weight` is the record's best match weight in its person."""

    record: int
    person: int
    kind: LinkKind
    weight: float | None


@dataclass(frozen=True, eq=False)
class FirstLinks:
    """The same of many: int64[records] twice, kinds, and weights, NaN where there are none."""

    record: RecordIds
    person: RecordIds
    kind: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cause:
    """Who lets links and persons change, when, under which model, by which decision if by one."""

    now: datetime
    model: str
    actor: str = "engine"
    decision: int | None = None


_SUPERSEDE = """
UPDATE link SET superseded_at = :now, ended_by = :actor, ended_decision_id = :decision
WHERE superseded_at IS NULL AND record_id = ANY(:records)
"""
_COLUMNS = (
    "record_id", "person_id", "kind", "weight", "model", "linked_at", "actor", "decision_id",
)  # fmt: skip


def holders(session: Session, records: Sequence[int] | None = None) -> dict[int, int]:
    """Record → person, of the current links of some records, or of all."""
    query = select(Link.record_id, Link.person_id).where(Link.superseded_at.is_(None))
    if records is not None:
        query = query.where(Link.record_id.in_(records))
    return dict(session.execute(query).all())


def supersede(session: Session, records: Iterable[int], cause: Cause) -> None:
    """End the current links of these records."""
    values = {"now": cause.now, "actor": cause.actor, "decision": cause.decision}
    session.execute(text(_SUPERSEDE), {**values, "records": list(records)})


def write(session: Session, links: Iterable[NewLink], cause: Cause) -> None:
    """Write links for records that have no current one."""
    why = (cause.model, cause.now.isoformat(), cause.actor, cause.decision)
    copy_rows(
        session, "link", _COLUMNS,
        ((link.record, link.person, link.kind.value, link.weight, *why) for link in links),
    )  # fmt: skip


def write_first(session: Session, links: FirstLinks, cause: Cause) -> None:
    """The same of many records that never had a link, column by column."""
    for kind in LinkKind:
        for is_weighed in (False, True):
            rows = (links.kind == kind) & (np.isfinite(links.weight) == is_weighed)
            values: tuple[Alike, ...] = (
                links.record[rows], links.person[rows], kind.encode(),
                links.weight[rows] if is_weighed else None, cause.model.encode(),
                moment(cause.now), cause.actor.encode(), None,
            )  # fmt: skip
            write_alike(session, "link", dict(zip(_COLUMNS, values, strict=True)))
