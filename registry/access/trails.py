"""Trails: the numbers that somebody asked for last, to see whether they count through them.

They are held in the memory of a process only, and forgotten with it.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

LENGTH: Final = 50
NEAR: Final = 2
MOST: Final = 10_000


class Trails:
    """The last numbers of everybody, by kind."""

    def __init__(self) -> None:
        self._trails: dict[tuple[str, str], deque[int]] = {}

    def follow(self, who: str, numbers: Iterable[tuple[str, int]]) -> int:
        """Add numbers to somebody's trails; how many are next to one that is there already."""
        near = 0
        for kind, number in numbers:
            if len(self._trails) >= MOST:
                self._trails.clear()
            trail = self._trails.setdefault((who, kind), deque(maxlen=LENGTH))
            if number not in trail:
                near += any(abs(number - other) <= NEAR for other in trail)
                trail.append(number)
        return near
