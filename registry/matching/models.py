"""Models: how pairs are weighed, kept for ever; links name the model that weighed them.

The one in use is the one that was chosen last, by people or by the registry
(`registry.matching.learning`); the shipped one while none was.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import Identity, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage import cambodia
from linkage.cambodia import Model
from registry.database import Row
from registry.errors import NotFound

SHIPPED = "shipped_model.json"
SHIPPED_RECORDS = 0
"""A kept model that was trained on no records of the registry is the shipped one."""


class StoredModel(Row):
    """A trained model; `used_at` is when it was last chosen, or None; by people or not."""

    __tablename__ = "linkage_model"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    records: Mapped[int]
    trained_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]
    chosen_by_people: Mapped[bool] = mapped_column(server_default="false")

    @property
    def is_peoples_choice(self) -> bool:
        """Whether people chose it: the registry then changes it no more by itself."""
        return self.used_at is not None and self.chosen_by_people

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the registry, and was not trained on its records."""
        return self.records == SHIPPED_RECORDS


_IN_USE = (
    select(StoredModel.version)
    .where(StoredModel.used_at.is_not(None))
    .order_by(StoredModel.used_at.desc(), StoredModel.id.desc())
    .limit(1)
)
_trained: dict[str, Model] = {}


def keep(session: Session, trained: Model, *, records: int) -> StoredModel:
    """Keep a model, or find it where it is kept already."""
    return _kept(session, cambodia.to_json(trained), records)


def find(session: Session, version: str) -> StoredModel:
    """A kept model.

    Raises:
        NotFound: there is none of this version.
    """
    found = session.scalar(select(StoredModel).where(StoredModel.version == version))
    if found is None:
        raise NotFound(f"There is no model {version}: `registry model list` shows them.")
    return found


def every(session: Session) -> Sequence[StoredModel]:
    """All kept models, the oldest first."""
    return session.scalars(select(StoredModel).order_by(StoredModel.id)).all()


def in_use(session: Session) -> StoredModel:
    """The model that was chosen last; the shipped one while none was."""
    in_use = StoredModel.version == _IN_USE.scalar_subquery()
    chosen = session.scalar(select(StoredModel).where(in_use))
    return chosen or shipped(session)


def trained_in_use(session: Session) -> tuple[str, Model]:
    """The version of the model in use, and the model; its body is read once a process."""
    version = session.scalar(_IN_USE)
    model = _trained.get(version or "")
    if version is None or model is None:
        chosen = in_use(session)
        version, model = chosen.version, trained(chosen.body)
        _trained[version] = model
    return version, model


def shipped(session: Session) -> StoredModel:
    """The model that came with the registry."""
    return _kept(session, shipped_body(), SHIPPED_RECORDS)


def choose(session: Session, model: StoredModel, now: datetime, *, by_people: bool = True) -> None:
    """Let records be weighed with this model from now on."""
    model.used_at, model.chosen_by_people = now, by_people
    session.flush()


@cache
def trained(body: str) -> Model:
    """The model that a body holds."""
    return cambodia.from_json(body)


@cache
def shipped_body() -> str:
    """The model that comes with the registry; `benchmarks.shipped_model` trains it."""
    return (files("registry.matching") / SHIPPED).read_text("utf-8")


def _kept(session: Session, body: str, records: int) -> StoredModel:
    """Keep a body under a digest of all that it holds."""
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    known = session.scalar(select(StoredModel).where(StoredModel.version == version))
    if known is None:
        known = StoredModel(version=version, body=body, records=records)
        session.add(known)
        session.flush()
    return known
