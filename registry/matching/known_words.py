"""The words of people's names, spelled out once each: stored sketches name them by number."""

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage.cambodia import People
from registry.database import Row, copy_rows


class NameWord(Row):
    """A word that stands in a name; `number` is the engine's, the same everywhere."""

    __tablename__ = "name_word"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str]


_STAGE = "CREATE TEMPORARY TABLE met_word (number bigint, word text) ON COMMIT DROP"
_KEEP = "INSERT INTO name_word SELECT number, word FROM met_word ON CONFLICT DO NOTHING"


def keep(session: Session, people: People) -> None:
    """Keep the words of people's names; those that are kept already stay."""
    numbers = people.names.written.view(np.int64).tolist()
    session.execute(text(_STAGE))
    copy_rows(session, "met_word", ("number", "word"), zip(numbers, people.words, strict=True))
    session.execute(text(_KEEP))
    session.execute(text("DROP TABLE met_word"))


def spelled(session: Session) -> dict[int, str]:
    """All words by number, as the engine counts: without a sign."""
    rows = session.execute(text("SELECT number, word FROM name_word"))
    return {number % (1 << 64): word for number, word in rows}
