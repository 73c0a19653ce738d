"""Current records as the engine reads them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import People
from linkage.cambodia.background import Background
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
_SOME = "JOIN asked a ON a.number = v.record_id"
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
    session: Session, records: Numbers | None = None, *, background: Background | None = None
) -> Current:
    """Those of some records that are current, or all; `background` is that of the model in use."""
    return _read(_rows(session, records), background)


def load_beside(
    session: Session, records: Numbers, described: NormalisedPerson, background: Background
) -> Current:
    """Some current records, and a person who is asked for."""
    asked_for = {name: [getattr(described, name)] for name in PERSON_COLUMNS}
    asked_for |= {"id": [str(ASKED)], "version": [str(ASKED)], "scheme": [""], "number": [""]}
    rows = pd.concat(
        [_rows(session, records).astype(object), pd.DataFrame(asked_for, dtype=object)]
    )
    return _read(rows, background)


def _rows(session: Session, records: Numbers | None) -> pd.DataFrame:
    columns = [*_NAMED, *PERSON_COLUMNS]
    if records is None:
        return read_texts(session, _CURRENT.format(asked=""), columns)
    with asked(session, records):
        return read_texts(session, _CURRENT.format(asked=_SOME), columns)


def _read(rows: pd.DataFrame, background: Background | None) -> Current:
    texts = {name: rows[name].astype(object).where(rows[name].notna(), None) for name in rows}
    people = cambodia.people(
        texts["scheme"].tolist(), texts["number"].tolist(),
        {name: texts[name].tolist() for name in PERSON_COLUMNS}, background=background,
    )  # fmt: skip
    ids, versions = (texts[name].to_numpy().astype(np.int64) for name in ("id", "version"))
    return Current(ids[people.order], versions[people.order], people)
