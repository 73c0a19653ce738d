"""Limits: how often somebody may ask, by the minute and by the day, and how often in vain.

Who asks for numbers that nobody holds, again and again, or for one number after the other, or for
names that very many have, is trying out who is here, and is stopped for an hour. A purpose may have
a limit of its own, and so has the address from which people sign in.

Counts are kept in each server process and brought together about once a second in a table that all
of them share (UNLOGGED: a crash forgets them); between two meetings a process may let through a
second's worth more.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Engine, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.access import sight
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.access.trails import Trails
from registry.auditing.signs import Signs
from registry.database import Row, transaction
from registry.errors import TooMany

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MEET_EVERY = timedelta(seconds=1)
MOST_MISSES = 120
MOST_IN_A_ROW = 60
MOST_WIDE = 60
MISSES = "asked in vain"
IN_A_ROW = "asked for neighbouring numbers"
WIDE = "searched for very many"
MOST_ATTEMPTS = 120
MOST_FAILURES = 200
ATTEMPTS = "attempts to sign in by the minute"
FAILURES = "failures to sign in"


class UseCount(Row):
    """How often something was done by somebody within a window of time."""

    __tablename__ = "use_count"

    who: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


@dataclass(frozen=True)
class Limit:
    """How often something may be done by one client or officer."""

    minute: int
    day: int


USUAL = Limit(600, 50_000)
LIMITS: Mapping[Permission, Limit] = MappingProxyType(
    {
        Permission.ASK_ELIGIBILITY: Limit(1_200, 200_000),
        Permission.LOOK_UP: Limit(300, 20_000),
        Permission.READ_PERSONS: Limit(300, 10_000),
        Permission.UPLOAD_BATCHES: Limit(600, 50_000),
        Permission.READ_AUDIT: Limit(120, 5_000),
    }
)
"""What is not here has the usual limit."""

_MEET = text("""
INSERT INTO use_count AS c (who, what, ends_at, count)
SELECT * FROM unnest(CAST(:who AS text[]), CAST(:what AS text[]), CAST(:ends AS timestamptz[]),
  CAST(:count AS bigint[])) ORDER BY 1, 2, 3
ON CONFLICT (who, what, ends_at) DO UPDATE SET count = c.count + excluded.count
RETURNING who, what, ends_at, count
""")
_FORGET = text("DELETE FROM use_count WHERE ends_at < :now")


_ONE = re.compile(r"([^=,]+)=([1-9][0-9]*)/([1-9][0-9]*)")


def by_purpose(listed: str) -> Mapping[str, Limit]:
    """Limits of purposes, as `research=10/100` (by the minute, by the day), with commas between.

    Raises:
        ValueError: they are not of that form.
    """
    found: dict[str, Limit] = {}
    for one in filter(None, (part.strip() for part in listed.split(","))):
        parts = _ONE.fullmatch(one)
        if parts is None:
            raise ValueError(f"{one} is not a limit of a purpose: write it as research=10/100.")
        found[parts[1].strip().casefold()] = Limit(int(parts[2]), int(parts[3]))
    return found


@dataclass(frozen=True)
class _Window:
    """Something that somebody does, until a time."""

    who: str
    what: str
    ends_at: datetime


@dataclass
class _Tally:
    """What is known of a window: what all processes had when they met, and what came here since."""

    met: int = 0
    since: int = 0


@dataclass
class Limiter:
    """Counts and refuses; one a process.

    Attributes:
        factor: what the limits are multiplied by; 0 for none.
        purposes: purposes that have limits of their own, in small letters.
    """

    engine: Engine
    factor: float = 1.0
    purposes: Mapping[str, Limit] = field(default_factory=dict)
    _trails: Trails = field(default_factory=Trails)
    _tallies: dict[_Window, _Tally] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _meets_at: datetime | None = None

    def count(self, who: Principal, what: Permission, now: datetime) -> None:
        """Count one use.

        Raises:
            TooMany: it is one too many, or too many were in vain.
        """
        if not self.factor:
            return
        with self._lock:
            hour = _end(now, HOUR)
            for sign, most in (
                (MISSES, MOST_MISSES), (IN_A_ROW, MOST_IN_A_ROW), (WIDE, MOST_WIDE),
            ):  # fmt: skip
                self._check(_Window(who.number, sign, hour), most, now)
            self._use(who.number, what, LIMITS.get(what, USUAL), now)

    def count_purpose(self, who: Principal, purpose: str, now: datetime) -> None:
        """Count one read for a purpose, where that has a limit of its own.

        Raises:
            TooMany: it is one too many.
        """
        plain = purpose.rpartition(": ")[2].strip().casefold()
        limit = self.purposes.get(plain)
        if limit is not None and self.factor:
            with self._lock:
                self._use(who.number, f"for {plain}", limit, now)

    def heed(self, who: Principal, signs: Signs, now: datetime) -> None:
        """Count the signs of somebody who tries out who is here."""
        if not self.factor:
            return
        with self._lock:
            in_a_row = self._trails.follow(who.number, signs.numbers)
            seen = ((MISSES, signs.vain), (IN_A_ROW, in_a_row), (WIDE, signs.wide))
            for sign, count in seen:
                if count:
                    self._add(_Window(who.number, sign, _end(now, HOUR)), count)

    def attempt(self, address: str, now: datetime) -> None:
        """Count an attempt to sign in from an address.

        Raises:
            TooMany: there were too many in this minute, or too many failures in this hour.
        """
        if not self.factor:
            return
        with self._lock:
            self._check(_Window(address, FAILURES, _end(now, HOUR)), MOST_FAILURES, now)
            window = _Window(address, ATTEMPTS, _end(now, MINUTE))
            self._check(window, MOST_ATTEMPTS - 1, now)
            self._add(window, 1)

    def fail(self, address: str, now: datetime) -> None:
        """Count an attempt to sign in that failed."""
        if self.factor:
            with self._lock:
                self._add(_Window(address, FAILURES, _end(now, HOUR)), 1)

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to meet."""
        return bool(self._tallies) and (self._meets_at is None or now >= self._meets_at)

    def meet(self, now: datetime) -> None:
        """Bring this process's counts together with those of all others."""
        with self._lock:
            self._meets_at = now + MEET_EVERY
            self._tallies = {w: t for w, t in self._tallies.items() if w.ends_at > now}
            brought = {window: tally.since for window, tally in self._tallies.items()}
        if not brought:
            return
        with transaction(self.engine) as session:
            sight.narrow(session, sight.NOTHING)
            session.execute(text("SET LOCAL synchronous_commit = off"))
            session.execute(_FORGET, {"now": now})
            met = session.execute(
                _MEET,
                {
                    "who": [window.who for window in brought],
                    "what": [window.what for window in brought],
                    "ends": [window.ends_at for window in brought],
                    "count": list(brought.values()),
                },
            ).all()
        with self._lock:
            for who, what, ends_at, count in met:
                window = _Window(who, what, ends_at.astimezone(UTC))
                tally = self._tallies.setdefault(window, _Tally())
                tally.met, tally.since = count, tally.since - brought.get(window, 0)

    def _use(self, who: str, what: str, limit: Limit, now: datetime) -> None:
        """Count one use of what has a limit."""
        for lasts, most in ((MINUTE, limit.minute), (DAY, limit.day)):
            window = _Window(who, f"{what} by the {_name(lasts)}", _end(now, lasts))
            self._check(window, most - 1, now)
            self._add(window, 1)

    def _add(self, window: _Window, count: int) -> None:
        self._tallies.setdefault(window, _Tally()).since += count

    def _check(self, window: _Window, most: int, now: datetime) -> None:
        tally = self._tallies.get(window)
        if tally is not None and tally.met + tally.since > most * self.factor:
            raise TooMany(window.ends_at - now)


def _end(now: datetime, lasts: timedelta) -> datetime:
    """The end of the window that a time is in."""
    whole = int(lasts.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // whole + 1) * whole, UTC)


def _name(lasts: timedelta) -> str:
    return "minute" if lasts == MINUTE else "day"
