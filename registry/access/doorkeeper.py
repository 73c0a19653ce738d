"""Lets callers in by their bearer tokens, without asking the database each time.

Signed tokens are checked once and remembered until they end; clients and published keys are
remembered for a quarter of a minute, which is how long a revoked client may still be let in. A
client that still comes towards its end is looked up beside: else all that is asked at that moment
would wait for it together.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from joserfc.jwk import ECKey
from sqlalchemy import Engine

from registry.access import principals, sight, signing_keys, tokens
from registry.access.principals import Client, Principal
from registry.access.roles import Permission
from registry.database import transaction
from registry.errors import NotAllowed
from registry.settings import Settings

if TYPE_CHECKING:
    from registry.access.tokens import Claims

REMEMBERED = timedelta(seconds=15)
SOON = timedelta(seconds=5)
"""So long before its end what is remembered is looked up once more."""
MOST = 10_000
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values that hold until a time; when there are too many, all are forgotten."""

    def __init__(self) -> None:
        self._held: dict[K, tuple[V, datetime]] = {}
        self._due: set[K] = set()

    def get(self, key: K, now: datetime) -> V | None:
        """What is remembered, while it holds."""
        held = self._held.get(key)
        return held[0] if held is not None and now < held[1] else None

    def keep(self, key: K, value: V, until: datetime) -> V:
        """Remember a value until a time."""
        if len(self._held) >= MOST:
            self._held.clear()
            self._due.clear()
        self._held[key] = (value, until)
        self._due.discard(key)
        return value

    def forget(self, key: K) -> None:
        """Forget a value."""
        self._held.pop(key, None)
        self._due.discard(key)

    def ends_soon(self, key: K, now: datetime) -> bool:
        """Whether a value holds not much longer; that is told once."""
        held = self._held.get(key)
        if held is None or key in self._due or held[1] - now > SOON:
            return False
        self._due.add(key)
        return True


class Doorkeeper:
    """Lets callers in by their tokens; one a process."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._issuer = settings.public_url
        self._takes_plain = settings.plain_tokens
        self._claims: Memory[str, Claims] = Memory()
        self._clients: Memory[int, Principal] = Memory()
        self._plain: Memory[str, Principal] = Memory()
        self._keys: Memory[str, dict[str, ECKey]] = Memory()
        self._beside = ThreadPoolExecutor(1, "doorkeeper")

    def close(self) -> None:
        """Look up nobody any more."""
        self._beside.shutdown()

    def admit(self, token: str, now: datetime) -> Principal:
        """Who holds a bearer token.

        Raises:
            NotAllowed: it is not valid, or not any more.
        """
        return self._by_signed(token, now) if "." in token else self._by_plain(token, now)

    def remembered(self, token: str, now: datetime) -> Principal | None:
        """Who holds a token that was let in a moment ago; None when the database must be asked."""
        name = principals.digest(token)
        if "." not in token:
            found = self._plain.get(name, now) if self._takes_plain else None
            if found is not None and self._plain.ends_soon(name, now):
                self._renew(self._plain, name, lambda: self._holder(token, name, now))
            return found
        claims = self._claims.get(name, now)
        client = None if claims is None else self._clients.get(claims.client, now)
        if claims is None or client is None:
            return None
        number = claims.client
        if self._clients.ends_soon(number, now):
            self._renew(self._clients, number, lambda: self._looked_up(number, now))
        return _within(client, claims.scopes)

    def _renew(self, memory: Memory[K, V], key: K, look_up: Callable[[], object]) -> None:
        """Look up beside what is remembered; whoever is not let in any more is forgotten at once.

        Where the database fails, it is asked again when what is remembered holds no longer.
        """

        def renew() -> None:
            try:
                look_up()
            except NotAllowed:
                memory.forget(key)

        self._beside.submit(renew)

    def _by_signed(self, token: str, now: datetime) -> Principal:
        name = principals.digest(token)
        claims = self._claims.get(name, now)
        if claims is None:
            claims = tokens.read(token, self._published(now), self._issuer, now)
            self._claims.keep(name, claims, claims.ends_at)
        return _within(self._client(claims.client, now), claims.scopes)

    def _by_plain(self, token: str, now: datetime) -> Principal:
        if not self._takes_plain:
            raise NotAllowed("Exchange the secret for a token at /oauth2/token.")
        name = principals.digest(token)
        return self._plain.get(name, now) or self._holder(token, name, now)

    def _holder(self, token: str, name: str, now: datetime) -> Principal:
        with transaction(self._engine) as session:
            sight.narrow(session, sight.NOTHING)
            found = principals.authenticate(session, token, now).principal
        return self._plain.keep(name, found, now + REMEMBERED)

    def _client(self, number: int, now: datetime) -> Principal:
        return self._clients.get(number, now) or self._looked_up(number, now)

    def _looked_up(self, number: int, now: datetime) -> Principal:
        with transaction(self._engine) as session:
            sight.narrow(session, sight.NOTHING)
            client = session.get(Client, number)
        if client is None or client.revoked_at is not None:
            raise NotAllowed("This token is not valid, or not any more.")
        return self._clients.keep(number, client.principal, now + REMEMBERED)

    def _published(self, now: datetime) -> dict[str, ECKey]:
        known = self._keys.get("published", now)
        if known is not None:
            return known
        with transaction(self._engine) as session:
            sight.narrow(session, sight.NOTHING)
            found = signing_keys.published(session, now)
        keys = {jwk["kid"]: ECKey.import_key(jwk) for jwk in found}
        return self._keys.keep("published", keys, now + REMEMBERED)


@lru_cache(maxsize=1024)
def _within(client: Principal, scopes: frozenset[Permission] | None) -> Principal:
    """A client within what a token lets it use; the same each time, so that it is known again."""
    return replace(client, scopes=scopes)
