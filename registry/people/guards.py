"""Guards: what is never linked automatically, whatever the weight.

Each guard is a row of the table at the end, with the reason that a review then shows. Two national
IDs, members whom one list names together, and twins are held apart also when a third record would
bring them together. A pair with nothing but name and a weak birth date, or with birth years far
apart and no paper in common, may still be likely, and waits for an officer: siblings, or a parent
and a child, share card, telephone and village.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from registry.people.facts import Codes, Facts, Mask
from registry.people.grouping import Guarded
from registry.people.pairs import Component, Positions

SLIP_IN_YEARS = 10
"""Beyond it two birth years are no slip of one who guesses an age."""


class Reason(StrEnum):
    """Why a possible link waits for an officer."""

    POSSIBLE = "possible"
    HELD_APART = "held_apart"
    NATIONAL_ID = "national_id"
    LISTED_TOGETHER = "listed_together"
    TWINS = "twins"
    YEARS_APART = "years_apart"
    WEAK_BIRTH_DATE = "weak_birth_date"


@dataclass(frozen=True)
class Guard:
    """A rule on pairs of positions: true where the pair must not be linked automatically.

    One that yields to support is silent where the engine knows of more that agrees.
    """

    reason: Reason
    holds: Callable[[Facts, Positions, Positions], Mask]
    yields_to_support: bool = False


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
    twins[twins] = known.names.differ(left[twins], right[twins])
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
    ends = np.append(np.flatnonzero(begins)[1:], known.size)
    later = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(known.size) - 1
    left = np.repeat(np.arange(known.size), later)
    before = np.cumsum(later) - later
    right = left + 1 + np.arange(left.size) - before[left]
    return np.column_stack([known[left], known[right]]).astype(np.int32)
