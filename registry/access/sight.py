"""How far a transaction sees: row-level security, set from who asks.

The database is the second wall, behind the policy of `registry.access.roles`: a request works as a
role that owns nothing. Who may ask about anybody works as `registry_people`, to whom all people's
rows are open; everybody else as `registry_api`, to whom only the rows of their scheme or their
provinces are, or none. What is set holds until the transaction ends (SET LOCAL), so that a pooler
may share connections. Commands and the worker are not narrowed: they work as the owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.database import NARROWED
from registry.errors import RegistryError

PEOPLE = frozenset(
    {
        Permission.ASK_ELIGIBILITY,
        Permission.LOOK_UP,
        Permission.READ_PERSONS,
        Permission.DECIDE_REVIEWS,
        Permission.SUPERVISE_REVIEWS,
        Permission.READ_FINDINGS,
        Permission.CLOSE_FINDINGS,
    }
)
LISTS = frozenset({Permission.UPLOAD_BATCHES, Permission.READ_BATCHES})
_BEGUN = "the sight was set in this transaction"
_SET = (
    "SET LOCAL role = %s; SET LOCAL registry.scheme = %s; SET LOCAL registry.provinces = %s; "
    "SET LOCAL registry.audit = %s; SET LOCAL registry.who = %s"
)
"""Five settings in one round trip, without a row to be read; the driver quotes the values."""


Narrowing = tuple[str, tuple[str, ...]]
"""A statement in the driver's words, with its values."""


@dataclass(frozen=True)
class Sight:
    """The database's role, and what its policies read.

    Attributes:
        scheme: whose lists are seen; "" for none.
        provinces: codes with commas between, of those whose people are seen; "" for none.
        audit: "yes" when the audit may be read.
        who: whose exchanges, uploads and kept answers are seen; "" for nobody's.
    """

    role: str = "registry_api"
    scheme: str = ""
    provinces: str = ""
    audit: str = ""
    who: str = ""


NOTHING = Sight()
EVERYBODY = Sight("registry_people")


@lru_cache(maxsize=1024)
def of(principal: Principal) -> Sight:
    """How far somebody sees."""
    allowed = principal.permissions
    scheme = principal.scheme or "" if allowed & LISTS else ""
    if allowed & PEOPLE and principal.provinces is None:
        return replace(EVERYBODY, scheme=scheme, who=principal.number)
    return Sight(
        scheme=scheme,
        provinces=",".join(sorted(principal.provinces or ())) if allowed & PEOPLE else "",
        audit="yes" if Permission.READ_AUDIT in allowed else "",
        who=principal.number,
    )


def narrow(session: Session, sight: Sight) -> None:
    """Let a session see so far and no further, from now on and in every transaction of it."""
    session.info[NARROWED] = sight
    if session.info.get(_BEGUN):
        session.flush()
        _apply(session.connection(), sight)


def sees_everybody(session: Session) -> bool:
    """Whether no row of people's data is kept from a session."""
    sight = session.info.get(NARROWED)
    return not isinstance(sight, Sight) or sight.role == EVERYBODY.role


def narrowing(session: Session) -> Narrowing:
    """What narrows a transaction to what a session sees, in the driver's words, with its values."""
    sight = session.info.get(NARROWED)
    return (_SET, _said(sight)) if isinstance(sight, Sight) else ("RESET role", ())


def narrowing_alike(session: Session) -> Narrowing:
    """The same but for what is only theirs who ask: alike for all who see as far of people."""
    sight = session.info.get(NARROWED)
    return (_SET, _said(replace(sight, who=""))) if isinstance(sight, Sight) else narrowing(session)


@contextmanager
def widened(session: Session) -> Iterator[None]:
    """See everybody while the block lasts: for what must know all records to be right.

    The engine that follows a decision, and the counting of figures; what they read is not shown.
    """
    with _seeing(session, EVERYBODY):
        yield


@contextmanager
def of_the_audit(session: Session) -> Iterator[None]:
    """See the audit while the block lasts: to tell who looked at one person's data."""
    with _seeing(session, Sight(audit="yes")):
        yield


@contextmanager
def _seeing(session: Session, sight: Sight) -> Iterator[None]:
    before = session.info.get(NARROWED)
    if not isinstance(before, Sight):
        yield
        return
    narrow(session, sight)
    try:
        yield
    except RegistryError:
        narrow(session, before)
        raise
    narrow(session, before)


@event.listens_for(Session, "after_begin")
def _begin(session: Session, _: SessionTransaction, connection: Connection) -> None:
    """Narrow what begins; listening to all sessions costs less than to each of them."""
    sight = session.info.get(NARROWED)
    if isinstance(sight, Sight):
        session.info[_BEGUN] = True
        _apply(connection, sight)


def _apply(connection: Connection, sight: Sight) -> None:
    connection.exec_driver_sql(_SET, _said(sight))


def _said(sight: Sight) -> tuple[str, ...]:
    return sight.role, sight.scheme, sight.provinces, sight.audit, sight.who
