"""The words of people's names, spelled out and analysed once each; sketches name them by number."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Mapped, Session, mapped_column

from linkage.cambodia import People, lexicon
from linkage.cambodia.lexicon import HEAD, UNIT, Lexicon
from registry.database import Row, copy_rows


class NameWord(Row):
    """A word that stands in a name; `number` is the engine's, the same everywhere.

    `analysed` is what comes of analysing it: see `linkage.cambodia.lexicon`.
    """

    __tablename__ = "name_word"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str]
    analysed: Mapped[bytes] = mapped_column(server_default="")


MOST_MET: Final = 1 << 17
_SOME = text("SELECT number, word FROM name_word WHERE number = ANY(:numbers)")
_STAGE = """
CREATE TEMPORARY TABLE met_word (number bigint, word text, analysed bytea) ON COMMIT DROP
"""
_KEEP = """
INSERT INTO name_word (number, word, analysed) SELECT number, word, analysed FROM met_word
ON CONFLICT (number) DO UPDATE SET analysed = excluded.analysed
WHERE name_word.analysed <> excluded.analysed
"""
_IS_NOW = "length(analysed) >= :head AND get_byte(analysed, :head - 1) = :version"
_ANALYSED = text(f"""
SELECT string_agg(int8send(number) || int2send(CAST((length(analysed) - :head) / :unit AS int2))
    || substr(analysed, 1, :head), ''::bytea ORDER BY number),
  string_agg(substr(analysed, :head + 1), ''::bytea ORDER BY number)
FROM name_word WHERE {_IS_NOW}
""")  # noqa: S608 - made of what stands above
_OTHERS = text(f"SELECT number, word FROM name_word WHERE NOT ({_IS_NOW})")  # noqa: S608 - as above
_ROW = np.dtype(
    [("number", ">i8"), ("units", ">i2"), *((name, HEAD[name]) for name in HEAD.names or ())]
)


def keep(session: Session, people: People, kept: Lexicon | None = None) -> Lexicon:
    """Keep the words of people's names; all that are known then, where `kept` were before."""
    before = Lexicon.of({}) if kept is None else kept
    ours = Lexicon.of_names(people.names)
    new = ours.of_some(ours.numbers[~before.knows(ours.numbers)])
    if new.numbers.size:
        spelled = dict(zip(people.names.written.tolist(), people.words, strict=True))
        _keep(session, new, spelled)
    return before.with_others(new)


def known(session: Session) -> Lexicon:
    """All words that are kept; those that were analysed otherwise than now are so anew."""
    of_now = {"head": HEAD.itemsize, "unit": UNIT.itemsize, "version": lexicon.VERSION}
    rows, units = session.execute(_ANALYSED, of_now).one()
    heads = np.frombuffer(rows or b"", _ROW)
    numbers = heads["number"].astype(np.int64).view(np.uint64)
    found = Lexicon.of_stored(numbers, heads, np.frombuffer(units or b"", UNIT))
    others = {number % (1 << 64): word for number, word in session.execute(_OTHERS, of_now)}
    if not others:
        return found
    more = Lexicon.of(others)
    _keep(session, more, others)
    return found.with_others(more)


def _keep(session: Session, words: Lexicon, spelled: Mapping[int, str]) -> None:
    rows = (
        (number, spelled[number % (1 << 64)], rf"\x{analysed.hex()}")
        for number, analysed in zip(
            words.numbers.view(np.int64).tolist(), words.stored(), strict=True
        )
    )
    session.execute(text(_STAGE))
    copy_rows(session, "met_word", ("number", "word", "analysed"), rows)
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
