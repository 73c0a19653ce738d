"""What the texts of a column are read as, each different text once.

Names, places, dates and codes come again and again in a list; what was read is kept over many rows,
and forgotten when it has become too much.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from registry.schemes.values.reading import Reading

MOST: Final = 1 << 17
"""Different texts that are remembered of a column."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Known(dict[K, V], Generic[K, V]):
    """Answers of a pure function, each found once."""

    def __init__(self, find: Callable[[K], V]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: K) -> V:
        value = self[key] = self._find(key)
        return value

    def of_all(self, keys: Iterable[K]) -> list[V]:
        """The answers for some keys, in their order."""
        if len(self) > MOST:
            self.clear()
        return list(map(self.__getitem__, keys))


class Readings:
    """What the texts of a column are read as, and what is wrong with some of them."""

    def __init__(self, read: Callable[[str], Reading]) -> None:
        self._read = read
        self._values = Known(self._value)
        self._problems: dict[str, str] = {}

    def values(self, texts: Sequence[str]) -> list[str | None]:
        """The values of the cells of a column."""
        if len(self._problems) > MOST:
            self._problems.clear()
            self._values.clear()
        return self._values.of_all(texts)

    def problems(self, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Place and problem of the cells that have one, after `values` of the same cells."""
        known = self._problems
        if known and not known.keys().isdisjoint(texts):
            for place, text in enumerate(texts):
                if text in known:
                    yield place, known[text]

    def _value(self, text: str) -> str | None:
        value, problem = self._read(text)
        if problem is not None:
            self._problems[text] = problem
        return value
