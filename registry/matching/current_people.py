"""Current records as the engine reads them."""

from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage import cambodia, identifiers
from linkage.cambodia import Index, Kept, Options, People
from linkage.cambodia.background import Background
from linkage.cambodia.blocking import LARGEST_BLOCK
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.people import TEXT_COLUMNS
from linkage.free_memory import give_back, keep_little
from linkage.texts import coded
from registry import key_holder
from registry.columns import PERSON_COLUMNS, SEALED_COLUMNS
from registry.copied import asked, read_texts
from registry.schemes.statements import NormalisedPerson
from registry.sealed_columns import SEALED_NUMBERS

Numbers = npt.NDArray[np.int64]
_IDS = ("id", "version")
_NAMED = (*_IDS, "scheme", "number")
_COUNTED = (*_IDS, "number")
_SAID = tuple(name for name in PERSON_COLUMNS if name in TEXT_COLUMNS)
_CURRENT = """
SELECT v.record_id, v.id, s.scheme, s.number, {said}
FROM record_version v JOIN (
  SELECT r.id, r.scheme, {number} AS number FROM source_record r {asked}
) s ON s.id = v.record_id
WHERE v.superseded_at IS NULL
"""
_AS_PLACE = 'row_number() OVER (ORDER BY r.scheme_record_id COLLATE "C")'
"""In place of the numbers themselves, of which no two are the same: they only order records."""
_AS_TEXT = ", ".join(
    f"encode({name}, 'base64')" if name in SEALED_COLUMNS else name for name in _SAID
)
_NUMBERS = """
SELECT DISTINCT held.card, encode(held.sealed, 'base64')
FROM asked a JOIN record_version v ON v.record_id = a.number
CROSS JOIN LATERAL (VALUES (v.equity_card, NULL), (NULL, v.national_id)) AS held(card, sealed)
WHERE v.superseded_at IS NULL AND num_nonnulls(held.card, held.sealed) > 0
"""
_SOME = "JOIN asked a ON a.number = r.id"
_FEW = text(
    _CURRENT.format(said=", ".join(_SAID), number="r.scheme_record_id", asked="")
    + "AND v.record_id = ANY(:records)"
).columns(**{name: SEALED_NUMBERS[name] for name in SEALED_COLUMNS if name in _SAID})
ASKED = -1
"""The id of a person who is asked for and has no record."""


@dataclass(frozen=True, eq=False)
class Current:
    """Current records in the order of `people`: their ids and versions, int64[records] each."""

    ids: Numbers
    versions: Numbers
    people: People


@dataclass(frozen=True, eq=False)
class Blocked:
    """All current records, in their blocks."""

    current: Current
    index: Index


def blocked(session: Session, background: Background | None = None) -> Blocked:
    """All current records in their blocks, as a model of this background reads them.

    Without one they are as the model reads them that is learned from them.
    """
    keep_little()
    current = load(session, background=background)
    give_back()
    index = Index.of(current.people, Options(largest_block=LARGEST_BLOCK))
    give_back()
    return Blocked(current, index)


def count(session: Session) -> int:
    """How many records are current."""
    found = session.scalar(text("SELECT count(*) FROM record_version WHERE superseded_at IS NULL"))
    return int(found or 0)


def load(
    session: Session,
    records: Numbers | None = None,
    *,
    background: Background | None = None,
    lexicon: Lexicon | None = None,
) -> Current:
    """Those of some records that are current, or all; `background` is that of the model in use.

    `lexicon` are words that were analysed before.
    """
    return _read(session, _rows(session, records), background, lexicon)


def load_beside(
    session: Session, records: Numbers, described: NormalisedPerson, background: Background
) -> Current:
    """Some current records, and a person who is asked for.

    They are few, and somebody waits for them: they are asked for by one plain statement.
    """
    rows = [] if not records.size else session.execute(_FEW, {"records": records.tolist()}).all()
    asked_for = [ASKED, ASKED, "", "", *(getattr(described, name) for name in _SAID)]
    columns = zip(*rows, asked_for, strict=True)
    texts = {
        name: [value if value != "" or name in _NAMED else None for value in column]
        for name, column in zip((*_NAMED, *_SAID), columns, strict=True)
    }
    return _current(session, texts, background)


def numbers_of(session: Session, records: Numbers) -> identifiers.Numbers | None:
    """The cards and national IDs of some records, each once; None where there are none."""
    with asked(session, records):
        found = read_texts(session, _NUMBERS, ["card", "sealed"])
    if not len(found):
        return None
    sealed = _opened(session, pd.Categorical(found["sealed"]), "national_id")
    numbers = pd.concat([found["card"].astype(object), pd.Series(sealed.astype(object))]).dropna()
    secret = key_holder.of(session).sealer().keys.engine
    return identifiers.numbers(coded(numbers.unique()), secret)


def _rows(session: Session, records: Numbers | None) -> pd.DataFrame:
    columns = [*_NAMED, *_SAID]
    query = partial(_CURRENT.format, said=_AS_TEXT, number=_AS_PLACE)
    if records is None:
        return read_texts(session, query(asked=""), columns, numbers=_COUNTED)
    with asked(session, records):
        return read_texts(session, query(asked=_SOME), columns, numbers=_COUNTED)


def _read(
    session: Session,
    rows: pd.DataFrame,
    background: Background | None,
    lexicon: Lexicon | None,
) -> Current:
    """Columns stay coded on their way: nothing is spelt out record by record."""
    texts: dict[str, Any] = {}
    for name in (*_NAMED, *_SAID):
        column = rows.pop(name)
        texts[name] = column.to_numpy() if name in _COUNTED else pd.Categorical(column)
        if name in SEALED_COLUMNS:
            texts[name] = _opened(session, texts[name], name)
    return _current(session, texts, background, lexicon)


def _opened(session: Session, sealed: pd.Categorical, name: str) -> pd.Categorical:
    """A column of sealed numbers in base64, opened; what is one number is one category."""
    keys = key_holder.of(session)
    values = [keys.open(a2b_base64(value), name).decode() for value in sealed.categories]
    codes, distinct = pd.factorize(np.array(values, object))
    placed = np.append(codes, -1).astype(np.int64)[sealed.codes]
    return pd.Categorical.from_codes(placed, pd.Index(distinct))


def _current(
    session: Session,
    texts: Mapping[str, Any],
    background: Background | None,
    lexicon: Lexicon | None = None,
) -> Current:
    """From columns of what statements say; None where they say nothing."""
    people = cambodia.people(
        texts["scheme"], texts["number"], {name: texts[name] for name in _SAID},
        background=background,
        kept=Kept(key_holder.of(session).sealer().keys.engine, lexicon),
    )  # fmt: skip
    ids, versions = (np.array(texts[name], np.int64) for name in ("id", "version"))
    return Current(ids[people.order], versions[people.order], people)
