"""Persons of whom something changed, until findings have been looked for anew.

Whoever changes persons notes them in the same transaction, and whoever looks takes the notes away:
so nobody is missed, however many change persons side by side.
"""

from collections.abc import Collection

from sqlalchemy import Identity, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows

EVERYBODY = 0


class PersonNews(Row):
    """A person of whom something changed; `EVERYBODY` stands for all."""

    __tablename__ = "person_news"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int]


_TAKE = "DELETE FROM person_news RETURNING person_id"


def note(session: Session, persons: Collection[int]) -> None:
    """Note that something of these persons changed."""
    copy_rows(session, "person_news", ("person_id",), ((person,) for person in sorted(persons)))


def take(session: Session) -> set[int]:
    """Who was noted; the notes are taken away."""
    return set(session.scalars(text(_TAKE)))
