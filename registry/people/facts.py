"""What guards ask of records: numbers, households, birth dates, and names where twins may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage.free_memory import give_back
from linkage.names import similarity
from linkage.texts import Texts, coded, combined, or_none
from registry.copied import read_texts
from registry.people.pairs import Component, Positions

Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
FULL = len("1990-05-04")
HEAPED_DAYS = ("01-01", "01-07", "04-13")
"""Days that people give who do not know: New Year, Victory Day, Khmer New Year."""

ENOUGH = 22
"""Letters of a hash in base64, 132 bits, that tell numbers apart as well as all of it does.

All of a million hashes would be most of what is read.
"""

ALIKE_IN_KHMER = 0.97
"""From it on two names are spellings of one; Sopheap and Sophea, two names, are at 0.96."""
ALIKE_IN_LATIN = 0.8


class Spelling(NamedTuple):
    """A name in one script: as written, the given name alone, each word, and all without spaces."""

    text: str
    given: str
    words: frozenset[str]
    whole: str

    @classmethod
    def of(cls, family: str | None, given: str | None, joined: str | None) -> "Spelling | None":
        """From the parts, or from a joined name whose first word is the family's."""
        parts = ([family or "", *given.split()] if given else (joined or "").split()) or [""]
        own = "".join(parts[1:]) or parts[0]
        text = " ".join(part for part in parts if part)
        return cls(text, own, frozenset({own, *parts}), "".join(parts)) if own else None

    def agrees(self, other: "Spelling") -> bool:
        """Whether the given name of one stands in the other, wherever the family's is."""
        return any(
            one.given in another.words or another.whole.endswith(one.given)
            for one, another in ((self, other), (other, self))
        )


@dataclass(frozen=True)
class Names:
    """A name in Khmer script and in Latin letters; None where unknown."""

    khmer: Spelling | None
    latin: Spelling | None

    @classmethod
    def of(cls, khmer: Sequence[str | None], latin: Sequence[str | None]) -> "Names":
        """From family, given and joined name in each script."""
        return cls(Spelling.of(*khmer), Spelling.of(*latin))

    def differ(self, other: "Names") -> bool:
        """Whether two names in one script are known to be two, Khmer deciding where both have it.

        Latin spellings are by ear, so they must be far apart.
        """
        if self.khmer is not None and other.khmer is not None:
            return _are_two(self.khmer, other.khmer, ALIKE_IN_KHMER)
        if self.latin is not None and other.latin is not None:
            return _are_two(self.latin, other.latin, ALIKE_IN_LATIN)
        return False


def _are_two(one: Spelling, other: Spelling, alike: float) -> bool:
    return not one.agrees(other) and similarity(one.text, other.text) < alike


class NamesOf(NamedTuple):
    """The names of records, taken apart when they are asked for: few ever are.

    `codes` int64[records] places each among `rows`, as family, given and joined name in both
    scripts; those of one place are the same.
    """

    codes: npt.NDArray[np.int64]
    rows: Sequence[Sequence[str | None]]

    def differ(self, left: Positions, right: Positions) -> Mask:
        """Which pairs of records have names that are known to be two."""
        size = max(len(self.rows), 1)
        both, asked = np.unique(self.codes[left] * size + self.codes[right], return_inverse=True)
        known = [
            self._named(one).differ(self._named(other))
            for one, other in zip(*(part.tolist() for part in np.divmod(both, size)), strict=True)
        ]
        return np.array(known, np.bool_)[asked]

    def _named(self, place: int) -> Names:
        row = self.rows[place]
        return Names.of(row[:3], row[3:])


@dataclass(frozen=True, eq=False)
class Facts:
    """What guards ask of the records of a component: codes int32[records], -1 where unknown.

    `card` and `home` are the two ways to say one household: the equity card, and a scheme's own
    number. `birth_year` is the year itself. `is_weak` bool[records]: a birth date of a year only,
    or of a day that people give who do not know. `is_full` bool[records]: a date to the day.
    """

    national_id: Codes
    birth_certificate: Codes
    phone: Codes
    commune: Codes
    card: Codes
    home: Codes
    birth_date: Codes
    birth_year: Codes
    names: NamesOf
    is_weak: Mask
    is_full: Mask

    def take(self, rows: Positions) -> "Facts":
        """Those of some records, in the order given."""
        taken = {
            one.name: getattr(self, one.name)[rows] for one in fields(self) if one.name != "names"
        }
        return Facts(**taken, names=self.names._replace(codes=self.names.codes[rows]))


_NAMED = ("family_khmer", "given_khmer", "name_khmer", "family_latin", "given_latin", "name_latin")
_GUARDED = (
    "national_id", "birth_certificate", "phone", "card", "home", "birth_date", "commune",
)  # fmt: skip
_COLUMNS = (*_GUARDED, *_NAMED)
_HASHED = ", ".join(
    f"left(encode(v.{name}_hash, 'base64'), {ENOUGH})"
    for name in ("national_id", "birth_certificate", "phone")
)
_SAID = f"""
{_HASHED}, v.equity_card, s.scheme || ' ' || v.household,
  v.birth_date, CASE WHEN length(v.village) >= 6 THEN left(v.village, 6) END,
  {", ".join(f"v.{name}" for name in _NAMED)}
"""
_OF_SOME = f"""
SELECT {_SAID}
FROM unnest(CAST(:records AS bigint[])) WITH ORDINALITY AS r(id, place)
JOIN source_record s ON s.id = r.id
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
ORDER BY r.place
"""  # noqa: S608 - our own names of columns
_OF_ALL = f"""
SELECT s.id, {_SAID} FROM source_record s
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
"""  # noqa: S608 - our own names of columns


def of_some(session: Session, component: Component) -> Facts:
    """What guards ask of the records of a component."""
    rows = session.execute(text(_OF_SOME), {"records": component.ids.tolist()}).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    named = {name: coded(column) for name, column in zip(_GUARDED, columns, strict=False)}
    return _facts(named, NamesOf(np.arange(len(rows)), [row[len(_GUARDED) :] for row in rows]))


def of_all(session: Session, component: Component) -> Facts:
    """The same of a component that holds all records, read column by column."""
    rows = read_texts(session, _OF_ALL, ["id", *_COLUMNS], numbers=["id"])
    ids = rows.pop("id").to_numpy(np.int64)
    order = np.argsort(ids)
    place = order[np.searchsorted(ids, component.ids, sorter=order)]
    named = {name: coded(pd.Categorical(rows.pop(name)), place) for name in _COLUMNS}
    del rows
    give_back()
    parts = [named.pop(name) for name in _NAMED]
    codes, distinct = combined(*(part.codes for part in parts))
    cells = [or_none(part.distinct)[at] for part, at in zip(parts, distinct.T, strict=True)]
    return _facts(named, NamesOf(codes.astype(np.int64), list(zip(*cells, strict=True))))


def _facts(named: Mapping[str, Texts], names: NamesOf) -> Facts:
    births = [*map(str, named["birth_date"].distinct), None]
    at = named["birth_date"].codes
    years = np.array([-1 if birth is None else int(birth[:4]) for birth in births], np.int32)
    weak = np.array([_is_weak(birth) for birth in births], np.bool_)
    full = np.array([birth is not None and len(birth) == FULL for birth in births], np.bool_)
    numbered = {name: column.codes for name, column in named.items()}
    return Facts(
        **numbered, birth_year=years[at], names=names, is_weak=weak[at], is_full=full[at]
    )  # fmt: skip


def _is_weak(birth: str | None) -> bool:
    return birth is None or len(birth) < FULL or birth[5:] in HEAPED_DAYS
