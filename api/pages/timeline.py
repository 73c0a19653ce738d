"""Enrolments on one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from registry.lookups.lookup import Enrolment

A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Bar:
    """An enrolment as a part of the line, in hundredths of it.

    Attributes:
        start, width: where it lies.
        is_active: whether it holds today.
        begins_unknown, has_no_end: which of its ends no list states.
    """

    enrolment: Enrolment
    start: float
    width: float
    is_active: bool
    begins_unknown: bool
    has_no_end: bool


@dataclass(frozen=True)
class Timeline:
    """The line from `first` to `last`; `today` is where today lies on it, in hundredths."""

    first: date
    last: date
    today: float
    bars: tuple[Bar, ...]


def drawn(enrolments: Sequence[Enrolment], today: date) -> Timeline:
    """Lay enrolments on a line that holds all their days and today."""
    days = [day for one in enrolments for day in (one.valid_from, one.valid_until) if day]
    first = min([*days, today - A_YEAR])
    last = max([*days, today + A_YEAR / 4])
    scale = 100 / max((last - first).days, 1)
    bars = []
    for one in enrolments:
        begin, end = one.valid_from or first, one.valid_until or last
        bars.append(
            Bar(
                one,
                (begin - first).days * scale,
                max((end - begin).days * scale, 0.5),
                begin <= today <= end,
                one.valid_from is None,
                one.valid_until is None,
            )
        )
    return Timeline(first, last, (today - first).days * scale, tuple(bars))
