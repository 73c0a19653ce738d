"""What a list says as JSON, as it is kept beside what it is read as.

The order of columns is not content: names are sorted.
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from registry.schemes.headings import ADDED

NUL: Final = rb"\u0000"


class SentRows:
    """Writes rows under one heading row as they were sent."""

    def __init__(self, names: Sequence[str]) -> None:
        columns = {storable(name): at for at, name in enumerate(names) if name not in ADDED}
        self._names = sorted(columns)
        self._places = [columns[name] for name in self._names]

    def as_json(self, cells: Sequence[Sequence[str]]) -> list[bytes]:
        """The rows of which these are the columns."""
        names = self._names
        rows = list(zip(*[cells[place] for place in self._places], strict=True))
        try:
            found = [orjson.dumps(dict(zip(names, row, strict=True))) for row in rows]
        except orjson.JSONEncodeError:
            found = [NUL]
        if any(NUL in one for one in found):
            found = [as_json(dict(zip(names, row, strict=True))) for row in rows]
        return found


def as_json(value: Any) -> bytes:
    """JSON with sorted names.

    The database takes neither NUL nor half of a surrogate pair, and no cell needs them.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        text = NUL
    return orjson.dumps(storable(value), option=orjson.OPT_SORT_KEYS) if NUL in text else text


def storable(value: Any) -> Any:
    """The same without what the database does not take."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode()
        case dict():
            return {storable(name): storable(inner) for name, inner in value.items()}
        case list():
            return [storable(inner) for inner in value]
        case _:
            return value
