"""What a route is handed: a transaction, who asks, the time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api import browser_sessions, transactions
from api.schemas import WITHOUT_NUL
from registry.access import sight, web_sessions
from registry.access.doorkeeper import Doorkeeper
from registry.access.limits import Limiter
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.access.web_sessions import Stage
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.entitlements.coverage import Rules
from registry.errors import Forbidden, NotAllowed, SignInNeeded
from registry.lookups.lookup import Reader
from registry.settings import Settings

_bearer = HTTPBearer(
    auto_error=False,
    description="A token from /oauth2/token, or, for thirty days, one of `registry client add`.",
)


DatabaseSession = Annotated[Session, Depends(transactions.opened, scope="function")]


def limiter_of(request: Request) -> Limiter:
    """Who counts how often is asked."""
    found: Limiter = request.app.state.limiter
    return found


async def doorkeeper(request: Request) -> Doorkeeper:
    """Who lets callers in."""
    found: Doorkeeper = request.app.state.doorkeeper
    return found


async def now() -> datetime:
    """The time of the request."""
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(now)]


async def principal(
    doorkeeper: Annotated[Doorkeeper, Depends(doorkeeper)],
    now: Now,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    """Who calls, by their bearer token.

    Raises:
        NotAllowed: no token, or one that is not valid.
    """
    if credentials is None:
        raise NotAllowed("A bearer token is needed: exchange your secret for one at /oauth2/token.")
    token = credentials.credentials
    known = doorkeeper.remembered(token, now)
    if known is None:
        return await run_in_threadpool(doorkeeper.admit, token, now)
    return known


Caller = Annotated[Principal, Depends(principal)]


def allowed(
    permission: Permission,
) -> Callable[[Request, DatabaseSession, Caller], Awaitable[Principal]]:
    """A dependency that gives who calls, when they may do this.

    It raises NotAllowed without a valid token, and Forbidden without the permission.
    """

    async def check(request: Request, session: DatabaseSession, caller: Caller) -> Principal:
        if not caller.may(permission):
            raise Forbidden
        limiter, now = limiter_of(request), datetime.now(UTC)
        if limiter.is_due(now):
            await run_in_threadpool(limiter.meet, now)
        limiter.count(caller, permission, now)
        enter(session, request, caller, door="api")
        return caller

    return check


def host_of(request: Request) -> str:
    """The address that a request comes from; "" where none is known."""
    return "" if request.client is None else request.client.host


def enter(session: Session, request: Request, who: Principal, *, door: str) -> None:
    """Let a transaction be theirs: it sees as far as they do, and the audit is told of them."""
    session.info[transactions.WHO] = who
    sight.narrow(session, sight.of(who))
    origin = Origin(door, host_of(request), who.facility or who.scheme or "")
    audit.comes_from(session, origin)
    limiter = limiter_of(request)
    audit.guard(
        session, lambda access: limiter.count_purpose(who, access.purpose, datetime.now(UTC))
    )


@dataclass(frozen=True)
class Call:
    """One call of somebody who may make it: the transaction, who they are, the time."""

    session: Session
    caller: Principal
    now: datetime

    @property
    def whole(self) -> tuple[Session, Principal, datetime]:
        """The transaction, who calls, and the time."""
        return self.session, self.caller, self.now

    def reader(self, purpose: str) -> Reader:
        """Who reads people's data, and why."""
        return Reader(self.caller.name, purpose, self.now)


def calling(permission: Permission) -> Callable[[Session, Principal, datetime], Awaitable[Call]]:
    """A dependency that gives the call, when who calls may do this; it raises as `allowed` does."""

    async def call(
        session: DatabaseSession,
        caller: Annotated[Principal, Depends(allowed(permission))],
        now: Now,
    ) -> Call:
        return Call(session, caller, now)

    return call


async def rules(request: Request) -> Rules:
    """The rules of coverage, read once where the process started."""
    read: Rules = request.app.state.rules
    return read


async def settings(request: Request) -> Settings:
    """What the installation is set to."""
    chosen: Settings = request.app.state.settings
    return chosen


Chosen = Annotated[Settings, Depends(settings)]
CoverageRules = Annotated[Rules, Depends(rules)]


def anybody(request: Request, session: DatabaseSession, now: Now) -> Principal | None:
    """Who is signed in, whatever they may do; None where nobody is."""
    opened = web_sessions.find(session, browser_sessions.token_of(request), now)
    if opened is None or opened.stage != Stage.SIGNED_IN:
        return None
    return opened.officer.principal


def signed_in(
    permission: Permission,
) -> Callable[[Request, DatabaseSession, Now], Principal]:
    """A dependency of pages that gives who is signed in, when they may do this.

    Pages, refusals too, are rendered for them: their name, the places where they may go.

    It raises SignInNeeded, which leads to the sign-in page, and Forbidden without the permission or
    when a page of another site made the request.
    """

    def check(request: Request, session: DatabaseSession, now: Now) -> Principal:
        request.state.principal = officer = anybody(request, session, now)
        browser_sessions.check_origin(request)
        if officer is None:
            raise SignInNeeded
        if not officer.may(permission):
            raise Forbidden
        limiter = limiter_of(request)
        if limiter.is_due(now):
            limiter.meet(now)
        limiter.count(officer, permission, now)
        enter(session, request, officer, door="pages")
        return officer

    return check


Purpose = Annotated[
    str,
    Query(
        min_length=3,
        max_length=200,
        pattern=WITHOUT_NUL,
        examples=["treatment"],
        description="Why the data is read; it is recorded.",
    ),
]
