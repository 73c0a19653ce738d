"""Who reads a page, and what a page works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api import dependencies
from api.dependencies import DatabaseSession, Now
from registry.access.principals import Principal
from registry.access.roles import Permission


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
        reader: Annotated[Principal, Depends(dependencies.signed_in(permission))],
        now: Now,
    ) -> Desk:
        return Desk(request, session, reader, now)

    return desk
