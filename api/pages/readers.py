"""Who reads a page, and what a page works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api import browser_sessions, dependencies
from api.dependencies import DatabaseSession, Now
from registry.access import web_sessions
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.access.web_sessions import Stage


def signed_in(permission: Permission) -> Callable[..., Principal]:
    """A dependency that gives the officer who is signed in, when they may do this.

    The page is rendered for them: their name, the places where they may go.
    """
    checked = dependencies.signed_in(permission)

    def check(request: Request, session: DatabaseSession, now: Now) -> Principal:
        request.state.principal = anybody(request, session, now)
        return checked(request, session, now)

    return check


def anybody(request: Request, session: DatabaseSession, now: Now) -> Principal | None:
    """Who is signed in, whatever they may do; None where nobody is."""
    opened = web_sessions.find(session, browser_sessions.token_of(request), now)
    if opened is None or opened.stage != Stage.SIGNED_IN:
        return None
    return opened.officer.principal


@dataclass(frozen=True)
class Desk:
    """What a page works with: the request, one transaction, who reads, and the time."""

    request: Request
    session: Session
    reader: Principal
    now: datetime


def desk_of(permission: Permission) -> Callable[..., Desk]:
    """A dependency that gives the desk of an officer who may do this."""

    def desk(
        request: Request,
        session: DatabaseSession,
        reader: Annotated[Principal, Depends(signed_in(permission))],
        now: Now,
    ) -> Desk:
        return Desk(request, session, reader, now)

    return desk
