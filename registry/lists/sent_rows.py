"""What a list says as JSON, as it is kept beside what it is read as.

The order of columns is not content: names are sorted.
"""

import re
from collections.abc import Sequence
from itertools import repeat
from typing import Any, Final

import orjson

from registry.schemes.headings import ADDED

NUL: Final = rb"\u0000"
SPECIAL: Final = re.compile('["\\\\\x00-\x1f\ud800-\udfff]')
"""What cannot stand as it is in a text of JSON."""
Texts = Sequence[str]


class SentRows:
    """Writes rows under one heading row as they were sent.

    A library that writes JSON makes bytes of each text of another script, and keeps them with it:
    rows that are put together as text first are written in a third of the time.
    """

    def __init__(self, names: Sequence[str]) -> None:
        columns = {storable(name): at for at, name in enumerate(names) if name not in ADDED}
        self._columns = [
            (f'{before}{as_json(name).decode()}:"', at)
            for before, (name, at) in zip(
                ["{", *['",'] * len(columns)], sorted(columns.items()), strict=False
            )
        ]

    def as_json(self, cells: Sequence[Texts]) -> list[bytes]:
        """The rows of which these are the columns."""
        pieces: list[Texts | repeat[str]] = []
        for begin, at in self._columns:
            pieces += [repeat(begin), _in_json(cells[at])]
        return [row.encode() for row in map("".join, zip(*pieces, repeat('"}'), strict=False))]


def _in_json(texts: Texts) -> Texts:
    """The cells of a column as they stand between quotation marks of JSON."""
    together = "".join(texts)
    is_plain = together.isprintable() and '"' not in together and "\\" not in together
    if is_plain or SPECIAL.search(together) is None:
        return texts
    return [
        text if SPECIAL.search(text) is None else as_json(storable(text)).decode()[1:-1]
        for text in texts
    ]


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
