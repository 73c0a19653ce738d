"""JSON that can be kept: no NaN, no NUL, no half of a character."""

import json
from typing import Any, NoReturn


def parse(raw: bytes) -> Any:
    """What bytes say as JSON in UTF-8.

    Raises:
        ValueError: they are none, or say what a database cannot hold.
    """
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("It is nested too deep.") from None
    if b"\\u0000" in raw:
        raise ValueError("It holds a NUL.")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number.")
