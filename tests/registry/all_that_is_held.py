"""All that a database holds, looked through for numbers as somebody would who stole it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, text

_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩" + "\u0661", "0123456789" + "1")
_BETWEEN = re.compile(r"(?<=\d)[ ().+/\u200b-]+(?=\d)")
_HEX = re.compile(rb"\\\\?x([0-9a-f]{8,})")
_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Held:
    """A value somewhere in a database."""

    table: str
    column: str
    content: bytes


def held(engine: Engine) -> Iterator[Held]:
    """Every value of every table; bytes within texts of bytes too."""
    with engine.connect() as connection:
        for table, column, kind in connection.execute(text(_COLUMNS)).all():
            shown = f'"{column}"' if kind == "bytea" else f'"{column}"::text'
            rows = connection.execute(text(f'SELECT {shown} FROM "{table}"'))
            for (value,) in rows:
                if value is None:
                    continue
                content = value.encode() if isinstance(value, str) else bytes(value)
                yield Held(table, column, content)
                for found in _HEX.findall(content):
                    yield Held(table, column, bytes.fromhex(found[: len(found) // 2 * 2].decode()))
        for table, column, shown in connection.execute(
            text("SELECT tablename, attname, concat(most_common_vals, histogram_bounds)"
                 " FROM pg_stats WHERE schemaname = 'public'")
        ):  # fmt: skip
            yield Held(f"statistics of {table}", column, shown.encode())


def plain(content: bytes) -> str:
    """What a content reads as, its digits those of ASCII, with nothing between them."""
    return _BETWEEN.sub("", content.decode("utf-8", "ignore").translate(_DIGITS))


def places_of(engine: Engine, marks: list[str]) -> set[tuple[str, str, str]]:
    """Where digits stand in clear: table, column, and the digits."""
    return {
        (one.table, one.column, mark)
        for one in held(engine)
        for mark in marks
        if mark in plain(one.content)
    }


def places_of_bytes(engine: Engine, guesses: dict[str, bytes]) -> set[tuple[str, str, str]]:
    """Where what is made of a guessed number stands, as it is or in hexadecimal."""
    return {
        (one.table, one.column, name)
        for one in held(engine)
        for name, guess in guesses.items()
        if guess in one.content or guess.hex().encode() in one.content
    }
