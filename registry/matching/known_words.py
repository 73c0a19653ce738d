"""The words of people's names, spelled out once each: stored sketches name them by number."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage.cambodia import People
from linkage.cambodia.sketches import Lexicon
from registry.database import Row, copy_rows


class NameWord(Row):
    """A word that stands in a name; `number` is the engine's, the same everywhere."""

    __tablename__ = "name_word"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str]


MOST_MET: Final = 1 << 17
_SOME = text("SELECT number, word FROM name_word WHERE number = ANY(:numbers)")
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


class Met:
    """The words that this process met, analysed once; when there are too many, all are forgotten.

    They are words alone, of nobody in particular.
    """

    def __init__(self) -> None:
        self._lexicon = Lexicon.of({})

    def knowing(
        self, session: Session, numbers: npt.NDArray[np.uint64], spelled: Mapping[int, str]
    ) -> Lexicon:
        """The words of these numbers, as far as they are kept, and those that are spelled here.

        What another thread learns meanwhile is learned again when it is met again.
        """
        lexicon = self._lexicon
        if lexicon.numbers.size >= MOST_MET:
            lexicon = Lexicon.of({})
        missing = numbers[~lexicon.knows(numbers)].view(np.int64).tolist()
        rows = session.execute(_SOME, {"numbers": missing}) if missing else ()
        found = {**spelled, **{number % (1 << 64): word for number, word in rows}}
        is_known = lexicon.knows(np.array(list(found), np.uint64)).tolist()
        new = [word for word, known in zip(found.items(), is_known, strict=True) if not known]
        if new:
            self._lexicon = lexicon = lexicon.with_others(Lexicon.of(dict(new)))
        return lexicon
