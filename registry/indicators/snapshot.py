"""The figures as they were counted at one moment, kept so that reading them costs nothing.

Counting goes through every record. A snapshot is at most `FRESH` old when it is read: the worker
counts before it is, and a reader who comes first counts for all others.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Identity, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access import sight
from registry.database import Row
from registry.indicators import activity, backlog, cells, holdings, quality
from registry.indicators.activity import ListTaken, Month
from registry.indicators.backlog import OpenFindings, Waiting
from registry.indicators.cells import Cell, HouseholdCell
from registry.indicators.holdings import Figures
from registry.indicators.quality import ListQuality

FRESH = timedelta(minutes=5)
EARLY = timedelta(minutes=4)
"""From this age the worker counts anew, so that readers never wait."""
_LOCK = 7_202_611_250_001


class FigureSnapshot(Row):
    """The figures of one moment; the newest is kept."""

    __tablename__ = "figure_snapshot"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    taken_at: Mapped[datetime]
    seconds: Mapped[float]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


@dataclass(frozen=True)
class Snapshot:
    """What was counted, and when."""

    taken_at: datetime
    holdings: Figures
    persons: tuple[Cell, ...]
    households: tuple[HouseholdCell, ...]
    months: tuple[Month, ...]
    lists: tuple[ListTaken, ...]
    quality: tuple[ListQuality, ...]
    reviews: tuple[Waiting, ...]
    findings: tuple[OpenFindings, ...]


_LINES: Mapping[str, type[Any]] = {
    "persons": Cell, "households": HouseholdCell, "months": Month, "lists": ListTaken,
    "quality": ListQuality, "reviews": Waiting, "findings": OpenFindings,
}  # fmt: skip


def current(session: Session, now: datetime, oldest: timedelta = FRESH) -> Snapshot:
    """The figures, at most so old; they are counted when there are none."""
    found = _newest(session)
    if found is None or found.taken_at < now - oldest:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = _newest(session)
        if found is None or found.taken_at < now - oldest:
            with sight.widened(session):
                found = _take(session, now)
    return _read(found)


def _newest(session: Session) -> FigureSnapshot | None:
    newest = select(FigureSnapshot).order_by(FigureSnapshot.taken_at.desc()).limit(1)
    return session.scalar(newest.execution_options(populate_existing=True))


def _take(session: Session, now: datetime) -> FigureSnapshot:
    started = monotonic()
    counted = Snapshot(
        taken_at=now,
        holdings=holdings.count(session),
        persons=tuple(cells.count_persons(session, now.date())),
        households=tuple(cells.count_households(session, now.date())),
        months=tuple(activity.months(session)),
        lists=tuple(activity.lists(session)),
        quality=tuple(quality.of_lists(session, now.date())),
        reviews=tuple(backlog.reviews(session, now)),
        findings=tuple(backlog.findings(session)),
    )
    body = asdict(counted)
    del body["taken_at"]
    taken = FigureSnapshot(taken_at=now, seconds=monotonic() - started, body=body)
    session.execute(delete(FigureSnapshot))
    session.add(taken)
    session.flush()
    return taken


def _read(stored: FigureSnapshot) -> Snapshot:
    lines = {
        name: tuple(kind(**_plain(line)) for line in stored.body[name])
        for name, kind in _LINES.items()
    }
    return Snapshot(stored.taken_at, Figures(**stored.body["holdings"]), **lines)


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    """Lists of JSON are tuples here."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in line.items()
    }
