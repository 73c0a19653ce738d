"""Guards: what is never linked automatically, whatever the weight.

Each guard is a row of the table at the end, with the reason that a review then shows. Two national
IDs, members whom one list names together, and twins are held apart also when a third record would
bring them together. A pair with nothing but name and a weak birth date, or with birth years far
apart and no paper in common, may still be likely, and waits for an officer: siblings, or a parent
and a child, share card, telephone and village.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from linkage.names import similarity
from registry.people.grouping import Guarded
from registry.people.pairs import Component, Positions

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
FULL = len("1990-05-04")
SLIP_IN_YEARS = 10
"""Beyond it two birth years are no slip of one who guesses an age."""
HEAPED_DAYS = ("01-01", "01-07", "04-13")
"""Days that people give who do not know: New Year, Victory Day, Khmer New Year."""

ALIKE_IN_KHMER = 0.97
"""From it on two names are spellings of one; Sopheap and Sophea, two names, are at 0.96."""
ALIKE_IN_LATIN = 0.8


class Reason(StrEnum):
    """Why a possible link waits for an officer."""

    POSSIBLE = "possible"
    HELD_APART = "held_apart"
    NATIONAL_ID = "national_id"
    LISTED_TOGETHER = "listed_together"
    TWINS = "twins"
    YEARS_APART = "years_apart"
    WEAK_BIRTH_DATE = "weak_birth_date"


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


class _NamesOf(Sequence[Names]):
    """The names of rows of facts, taken apart when they are asked for: few ever are."""

    def __init__(self, rows: Sequence[Sequence[str | None]]) -> None:
        self._rows = rows

    @overload
    def __getitem__(self, at: int) -> Names: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Names]: ...
    def __getitem__(self, at: int | slice) -> Names | Sequence[Names]:
        if isinstance(at, slice):
            return _NamesOf(self._rows[at])
        return Names.of(self._rows[at][7:10], self._rows[at][10:13])

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, eq=False)
class Facts:
    """What guards ask of the records of a component: codes int64[records], -1 where unknown.

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
    names: Sequence["Names"]
    is_weak: Mask
    is_full: Mask


@dataclass(frozen=True)
class Guard:
    """A rule on pairs of positions: true where the pair must not be linked automatically.

    One that yields to support is silent where the engine knows of more that agrees.
    """

    reason: Reason
    holds: Callable[[Facts, Positions, Positions], Mask]
    yields_to_support: bool = False


_FACTS = """
SELECT encode(v.national_id_hash, 'hex'), encode(v.birth_certificate_hash, 'hex'),
  encode(v.phone_hash, 'hex'), v.equity_card, s.scheme || ' ' || v.household,
  v.birth_date, CASE WHEN length(v.village) >= 6 THEN left(v.village, 6) END,
  v.family_khmer, v.given_khmer, v.name_khmer, v.family_latin, v.given_latin, v.name_latin
FROM unnest(CAST(:records AS bigint[])) WITH ORDINALITY AS r(id, place)
JOIN source_record s ON s.id = r.id
LEFT JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
ORDER BY r.place
"""


def facts(session: Session, component: Component) -> Facts:
    """What guards ask of the records of a component."""
    rows = session.execute(text(_FACTS), {"records": component.ids.tolist()}).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 13
    births = columns[5]
    return Facts(
        national_id=_codes(columns[0]),
        birth_certificate=_codes(columns[1]),
        phone=_codes(columns[2]),
        commune=_codes(columns[6]),
        card=_codes(columns[3]),
        home=_codes(columns[4]),
        birth_date=_codes(births),
        birth_year=np.array(
            [-1 if birth is None else int(birth[:4]) for birth in births], np.int64
        ),
        names=_NamesOf(rows),
        is_weak=np.array([_is_weak(birth) for birth in births], np.bool_),
        is_full=np.array([birth is not None and len(birth) == FULL for birth in births], np.bool_),
    )


def apply(known: Facts, component: Component) -> Guarded:
    """Which pairs nobody but an officer may be certain of, and which records are held apart."""
    held = [
        guard.holds(known, component.left, component.right)
        & ~(component.is_supported & guard.yields_to_support)
        for guard in GUARDS
    ]
    left, right = _mates(known)
    twins = are_twins(known, left, right)
    mates = np.column_stack([left[twins], right[twins]]).astype(np.int32)
    apart = np.concatenate([mates, _pairs_within(known.home)])
    return Guarded(np.logical_or.reduce(held), apart, known.national_id.astype(np.int32))


def reason(known: Facts, left: Positions, right: Positions) -> list[Reason | None]:
    """The first guard that holds for each pair, by the order of the table; None where none does."""
    found: list[Reason | None] = [None] * left.size
    for guard in reversed(GUARDS):
        for at in np.flatnonzero(guard.holds(known, left, right)).tolist():
            found[at] = guard.reason
    return found


def have_two_national_ids(known: Facts, left: Positions, right: Positions) -> Mask:
    """Both have a valid number, and not the same."""
    a, b = known.national_id[left], known.national_id[right]
    return np.asarray((a >= 0) & (b >= 0) & (a != b))


def are_listed_together(known: Facts, left: Positions, right: Positions) -> Mask:
    """One list names both under one household or case: it knows them as two."""
    return _agree(known.home, left, right)


def are_twins(known: Facts, left: Positions, right: Positions) -> Mask:
    """Of one household and born on one day, with different given names."""
    together = _agree(known.card, left, right) | _agree(known.home, left, right)
    born = _agree(known.birth_date, left, right) & known.is_full[left]
    twins = np.asarray(together & born)
    for at in np.flatnonzero(twins).tolist():
        twins[at] = known.names[left[at]].differ(known.names[right[at]])
    return twins


def are_born_years_apart(known: Facts, left: Positions, right: Positions) -> Mask:
    """More than a slip lies between their birth years, and no paper of a person agrees."""
    a, b = known.birth_year[left], known.birth_year[right]
    apart = (a >= 0) & (b >= 0) & (np.abs(a - b) > SLIP_IN_YEARS)
    papers = (known.national_id, known.birth_certificate)
    agreed = np.logical_or.reduce([_agree(paper, left, right) for paper in papers])
    return np.asarray(apart & ~agreed)


def have_weak_birth_date(known: Facts, left: Positions, right: Positions) -> Mask:
    """Nothing but name and uncertain birth date agrees: no number, card, telephone, commune."""
    others = (
        known.national_id, known.birth_certificate, known.card, known.phone, known.commune,
    )  # fmt: skip
    agreed = np.logical_or.reduce([_agree(other, left, right) for other in others])
    return np.asarray((known.is_weak[left] | known.is_weak[right]) & ~agreed)


GUARDS = (
    Guard(Reason.NATIONAL_ID, have_two_national_ids),
    Guard(Reason.LISTED_TOGETHER, are_listed_together),
    Guard(Reason.TWINS, are_twins),
    Guard(Reason.YEARS_APART, are_born_years_apart),
    Guard(Reason.WEAK_BIRTH_DATE, have_weak_birth_date, yields_to_support=True),
)


def _agree(codes: Codes, left: Positions, right: Positions) -> Mask:
    return np.asarray((codes[left] >= 0) & (codes[left] == codes[right]))


def _codes(values: object) -> Codes:
    return np.asarray(pd.factorize(np.asarray(values, dtype=object))[0], np.int64)


def _mates(known: Facts) -> tuple[Positions, Positions]:
    """Pairs of one household and one full birth date."""
    ends = [
        _pairs_within(np.where(known.is_full, known.birth_date, -1), household)
        for household in (known.card, known.home)
    ]
    both = np.concatenate(ends)
    return both[:, 0], both[:, 1]


def _pairs_within(*codes: Codes) -> Positions:
    """All pairs of positions that agree on every code: int32[k, 2]."""
    known = np.flatnonzero(np.logical_and.reduce([column >= 0 for column in codes]))
    if not known.size:
        return np.empty((0, 2), np.int32)
    known = known[np.lexsort([column[known] for column in reversed(codes)])]
    begins = np.logical_or.reduce([np.diff(column[known], prepend=-1) != 0 for column in codes])
    parts = np.split(known, np.flatnonzero(begins)[1:])
    groups = [rows for rows in parts if len(rows) > 1]
    pairs = [np.column_stack(np.triu_indices(len(rows), 1)) for rows in groups]
    return np.concatenate(
        [np.empty((0, 2), np.int32),
         *(rows[pair].astype(np.int32) for rows, pair in zip(groups, pairs, strict=True))]
    )  # fmt: skip


def _is_weak(birth: str | None) -> bool:
    return birth is None or len(birth) < FULL or birth[5:] in HEAPED_DAYS
