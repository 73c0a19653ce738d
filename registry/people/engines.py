"""Engines: what the partition was made with, kept for ever."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Identity, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import Conflict
from registry.people.grouping import Bounds


class EngineRow(Row):
    """An engine that the partition was made with: the model of its weights and its threshold.

    `step` says for how many doublings of the population the model was fitted, `keys` the version of
    the stored keys.
    """

    __tablename__ = "engine"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    model: Mapped[str]
    link: Mapped[float]
    certain_pair: Mapped[float]
    certain_sum: Mapped[float]
    step: Mapped[int] = mapped_column(server_default="0")
    keys: Mapped[int] = mapped_column(server_default="0")
    used_from: Mapped[datetime]


@dataclass(frozen=True)
class Engine:
    """The model that weighs pairs, and the weights that decide.

    `step` and `keys` are those of `EngineRow`.
    """

    model: str
    bounds: Bounds
    step: int = 0
    keys: int = 0


def use(session: Session, engine: Engine, now: datetime) -> None:
    """Let the partition be made with this engine from now on."""
    if last_engine(session) != engine:
        used = {"model": engine.model, "step": engine.step, "keys": engine.keys}
        session.add(EngineRow(**used, used_from=now, **asdict(engine.bounds)))
        session.flush()


def last_engine(session: Session) -> Engine | None:
    """The engine that the partition is made with; None when nothing was ever linked."""
    row = session.scalar(select(EngineRow).order_by(EngineRow.id.desc()).limit(1))
    if row is None:
        return None
    bounds = Bounds(row.link, row.certain_pair, row.certain_sum)
    return Engine(row.model, bounds, row.step, row.keys)


def engine_in_use(session: Session) -> Engine:
    """The engine that the partition is made with.

    Raises:
        Conflict: nothing was ever linked.
    """
    found = last_engine(session)
    if found is None:
        raise Conflict("Nothing was linked yet: import a list first.")
    return found
