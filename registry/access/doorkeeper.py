"""Lets callers in by their bearer tokens, without asking the database each time.

Signed tokens are checked once and remembered until they end; clients and published keys are
remembered for a quarter of a minute, which is how long a revoked client may still be let in.
"""

from collections.abc import Hashable
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
MOST = 10_000
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values that hold until a time; when there are too many, all are forgotten."""

    def __init__(self) -> None:
        self._held: dict[K, tuple[V, datetime]] = {}

    def get(self, key: K, now: datetime) -> V | None:
        """What is remembered, while it holds."""
        held = self._held.get(key)
        return held[0] if held is not None and now < held[1] else None

    def keep(self, key: K, value: V, until: datetime) -> V:
        """Remember a value until a time."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[key] = (value, until)
        return value


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
            return self._plain.get(name, now) if self._takes_plain else None
        claims = self._claims.get(name, now)
        client = None if claims is None else self._clients.get(claims.client, now)
        if claims is None or client is None:
            return None
        return _within(client, claims.scopes)

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
        known = self._plain.get(name, now)
        if known is not None:
            return known
        with transaction(self._engine) as session:
            sight.narrow(session, sight.NOTHING)
            found = principals.authenticate(session, token, now).principal
        return self._plain.keep(name, found, now + REMEMBERED)

    def _client(self, number: int, now: datetime) -> Principal:
        known = self._clients.get(number, now)
        if known is not None:
            return known
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
