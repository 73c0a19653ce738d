"""The data keys of a database, opened once in a process and held beside its engine.

They stand in the table `data_key`, sealed under the master keys (`registry.sealing`). They are held
by the engine's dialect, the one thing that the type of a column is given to seal and open with, so
that nobody has to hand them around. They are read anew when a value names a key that is not known,
and from time to time, so that a key that was renewed comes into use.
"""

import threading
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg2
from sqlalchemy import Engine
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.orm import Session

from registry.errors import Misconfigured
from registry.sealer import DataKeys, Sealer, UnknownKey
from registry.sealing import Keyring, keyring
from registry.settings import Settings

SEAL: Final = "seal"
MATCH: Final = "match"
ENGINE: Final = "engine"
READ_AGAIN_AFTER: Final = 600.0
"""Seconds after which keys are read anew before anything is sealed."""
_READ = "SELECT id, purpose, sealed FROM data_key ORDER BY id"


class KeyHolder:
    """The data keys of one database."""

    def __init__(self, dialect: Dialect, url: URL, settings: Settings | None) -> None:
        self._connects = dialect.create_connect_args(url)
        self._settings = settings
        self._lock = threading.Lock()
        self._sealer: Sealer | None = None
        self._read_at = 0.0

    def keyring(self) -> Keyring:
        """The master keys that they are sealed under."""
        return keyring(self._settings or Settings())

    def sealer(self) -> Sealer:
        """What opens the values of the database.

        Raises:
            Misconfigured: the master key is not here, or the tables are not up to date.
        """
        return self._sealer or self.read_again()

    def sealing(self) -> Sealer:
        """The same with the key of now, to seal with."""
        if self._sealer is None or monotonic() - self._read_at > READ_AGAIN_AFTER:
            return self.read_again()
        return self._sealer

    def open(self, sealed: bytes, what: str) -> bytes:
        """What was sealed.

        Raises:
            Misconfigured: it was changed, or its key is not there.
        """
        try:
            return self.sealer().open(sealed, what)
        except UnknownKey:
            return self.read_again().open(sealed, what)

    def read_again(self) -> Sealer:
        """Read the keys as they are stored now."""
        with self._lock:
            self._sealer = Sealer(opened(self._rows(), self.keyring()))
            self._read_at = monotonic()
            return self._sealer

    def _rows(self) -> list[tuple[int, str, bytes]]:
        """The keys as they are stored, over a connection of its own: it is not the work's."""
        args, options = self._connects
        try:
            connection = psycopg2.connect(*args, **options)
        except psycopg2.Error as error:
            raise Misconfigured(f"The database does not answer: {error}") from error
        try:
            with connection.cursor() as cursor:
                cursor.execute(_READ)
                return [(number, what, bytes(sealed)) for number, what, sealed in cursor]
        except psycopg2.errors.UndefinedTable as error:
            raise Misconfigured(
                "The database's tables are not up to date: run `registry init`."
            ) from error
        finally:
            connection.close()


def opened(rows: list[tuple[int, str, bytes]], ring: Keyring) -> DataKeys:
    """Data keys as they are used, from how they are stored: number, purpose, and sealed.

    Raises:
        Misconfigured: they are sealed under a master key that is not here, or one is missing.
    """
    keys: dict[str, dict[int, bytes]] = {SEAL: {}, MATCH: {}, ENGINE: {}}
    for number, purpose, sealed in rows:
        keys[purpose][number] = ring.open(sealed, said_of(number))
    if not all(keys.values()):
        raise Misconfigured("A data key is missing in the database.")
    match, engine = (keys[purpose][max(keys[purpose])] for purpose in (MATCH, ENGINE))
    return DataKeys(keys[SEAL], max(keys[SEAL]), match, engine.decode())


def said_of(number: int) -> str:
    """What is authenticated with a data key."""
    return f"data key {number}"


_HELD: WeakKeyDictionary[Dialect, KeyHolder] = WeakKeyDictionary()


def hold(engine: Engine, settings: Settings | None = None) -> None:
    """Let the values of an engine's database be sealed and opened; nothing is read yet.

    Args:
        engine: on the database.
        settings: where the master keys are; the environment's, when it comes to it, if none.
    """
    _HELD[engine.dialect] = KeyHolder(engine.dialect, engine.url, settings)


def of(held: Dialect | Session | Any) -> KeyHolder:
    """The holder of a session's, a connection's or an engine's data keys.

    Raises:
        Misconfigured: the engine is not of `registry.database.connect`.
    """
    if isinstance(held, Session):
        held = held.get_bind()
    found = _HELD.get(held if isinstance(held, Dialect) else held.dialect)
    if found is None:
        raise Misconfigured("The database was not opened by the registry: it has no data keys.")
    return found
