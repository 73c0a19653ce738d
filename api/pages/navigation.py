"""Where a reader may go: the places of the pages, each with what it takes to see it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Place:
    """A page that stands in the navigation; `is_here` when it is the one being read."""

    path: str
    title: str
    is_here: bool = False


PLACES: Final[tuple[Place, ...]] = ()


def places(reader: object, path: str) -> list[Place]:
    """The places of a reader, in order; none for one who is not signed in."""
    if reader is None:
        return []
    return [Place(one.path, one.title, path.startswith(one.path)) for one in PLACES]
