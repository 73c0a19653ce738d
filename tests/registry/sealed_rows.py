"""What a database holds, with what is sealed in it opened."""

import json
from typing import Any

from sqlalchemy import Engine, text

from registry import key_holder


def opened(engine: Engine, query: str, **whats: str) -> list[tuple[Any, ...]]:
    """The answer to a query, with columns opened that are named with what they are of.

    Numbers come as text, everything else as what its JSON says.
    """
    keys = key_holder.of(engine)

    def plain(name: str, value: Any) -> Any:
        if value is None or name not in whats:
            return value
        said = keys.open(bytes(value), whats[name]).decode()
        return json.loads(said) if said[:1] in {"{", "["} else said

    with engine.begin() as connection:
        rows = connection.execute(text(query)).mappings().all()
    return [tuple(plain(name, value) for name, value in row.items()) for row in rows]
