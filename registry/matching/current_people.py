"""Current records as the engine reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage import cambodia, identifiers
from linkage.cambodia import People
from linkage.cambodia.background import Background
from linkage.cambodia.lexicon import Lexicon
from linkage.texts import coded
from registry.columns import PERSON_COLUMNS
from registry.copied import asked, read_texts
from registry.schemes.statements import NormalisedPerson

Numbers = npt.NDArray[np.int64]
_NAMED = ("id", "version", "scheme", "number")
_CURRENT = f"""
SELECT v.record_id, v.id, s.scheme, s.scheme_record_id, {", ".join(PERSON_COLUMNS)}
FROM record_version v JOIN source_record s ON s.id = v.record_id {{asked}}
WHERE v.superseded_at IS NULL
"""  # noqa: S608 - made of the names of our own columns
_NUMBERS = """
SELECT DISTINCT held.number FROM asked a JOIN record_version v ON v.record_id = a.number
CROSS JOIN LATERAL (VALUES (v.equity_card), (v.national_id)) AS held(number)
WHERE v.superseded_at IS NULL AND held.number IS NOT NULL
"""
_SOME = "JOIN asked a ON a.number = v.record_id"
_FEW = text(_CURRENT.format(asked="") + "AND v.record_id = ANY(:records)")
ASKED = -1
"""The id of a person who is asked for and has no record."""


@dataclass(frozen=True, eq=False)
class Current:
    """Current records in the order of `people`: their ids and versions, int64[records] each."""

    ids: Numbers
    versions: Numbers
    people: People


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
    return _read(_rows(session, records), background, lexicon)


def load_beside(
    session: Session, records: Numbers, described: NormalisedPerson, background: Background
) -> Current:
    """Some current records, and a person who is asked for.

    They are few, and somebody waits for them: they are asked for by one plain statement.
    """
    rows = [] if not records.size else session.execute(_FEW, {"records": records.tolist()}).all()
    asked_for = [ASKED, ASKED, "", "", *(getattr(described, name) for name in PERSON_COLUMNS)]
    columns = zip(*rows, asked_for, strict=True)
    texts = {
        name: [value if value != "" or name in _NAMED else None for value in column]
        for name, column in zip((*_NAMED, *PERSON_COLUMNS), columns, strict=True)
    }
    return _current(texts, background)


def numbers_of(session: Session, records: Numbers) -> identifiers.Numbers | None:
    """The cards and national IDs of some records, each once; None where there are none."""
    with asked(session, records):
        found = read_texts(session, _NUMBERS, ["number"])["number"]
    if not len(found):
        return None
    return identifiers.numbers(coded(pd.Categorical(found), np.arange(len(found))))


def _rows(session: Session, records: Numbers | None) -> pd.DataFrame:
    columns = [*_NAMED, *PERSON_COLUMNS]
    if records is None:
        return read_texts(session, _CURRENT.format(asked=""), columns)
    with asked(session, records):
        return read_texts(session, _CURRENT.format(asked=_SOME), columns)


def _read(rows: pd.DataFrame, background: Background | None, lexicon: Lexicon | None) -> Current:
    """Columns stay coded on their way: nothing is spelt out record by record."""
    texts = {str(name): pd.Categorical(rows[name]) for name in rows}
    return _current(texts, background, lexicon)


def _current(
    texts: Mapping[str, Any], background: Background | None, lexicon: Lexicon | None = None
) -> Current:
    """From columns of what statements say; None where they say nothing."""
    people = cambodia.people(
        texts["scheme"], texts["number"], {name: texts[name] for name in PERSON_COLUMNS},
        background=background, lexicon=lexicon,
    )  # fmt: skip
    ids, versions = (np.array(texts[name], np.int64) for name in ("id", "version"))
    return Current(ids[people.order], versions[people.order], people)
