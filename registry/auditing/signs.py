"""Signs of somebody who tries numbers out, left by a transaction for the limits to count.

Questions that led to nobody, searches that led to very many, and the numbers that were asked for.
They are kept with the session, also when what it did is undone, and never stored.
"""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

_SIGNS: Final = "signs of somebody who tries numbers out"
WIDE: Final = 20
"""Persons that a search by name finds when it means nobody in particular."""
LONGEST: Final = 18


@dataclass
class Signs:
    """What one transaction was asked.

    Attributes:
        vain: questions that led to nobody.
        wide: searches that led to very many.
        numbers: numbers asked for, with their kind.
    """

    vain: int = 0
    wide: int = 0
    numbers: list[tuple[str, int]] = field(default_factory=list)


def of(session: Session) -> Signs:
    """The signs of a session so far."""
    found: Signs = session.info.setdefault(_SIGNS, Signs())
    return found


def note_vain(session: Session, count: int) -> None:
    """Note questions that led to nobody."""
    of(session).vain += count


def note_search(session: Session, found: int) -> None:
    """Note a search by name, and how many persons it led to."""
    of(session).wide += int(found >= WIDE)


def note_number(session: Session, kind: str, number: str) -> None:
    """Note a number that is asked for, where it is one that has neighbours."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if 0 < len(digits) <= LONGEST:
        of(session).numbers.append((kind, int(digits)))
