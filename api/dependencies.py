"""What a route is handed: a transaction, the caller, the time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from registry import access
from registry.access import Client
from registry.database import transaction
from registry.errors import NotAllowed

_bearer = HTTPBearer(auto_error=False, description="A token from `registry client add`.")


def session(request: Request) -> Iterator[Session]:
    """One transaction a request, kept when the route returns and undone when it raises."""
    with transaction(request.app.state.engine) as opened:
        yield opened


DatabaseSession = Annotated[Session, Depends(session, scope="function")]


def client(
    session: DatabaseSession,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Client:
    """The client that calls.

    Raises:
        NotAllowed: no token, or one that is not valid.
    """
    if credentials is None:
        raise NotAllowed("A bearer token is needed: `registry client add` makes one.")
    return access.authenticate(session, credentials.credentials)


def now() -> datetime:
    """The time of the request."""
    return datetime.now(UTC)


Caller = Annotated[Client, Depends(client)]
Now = Annotated[datetime, Depends(now)]
Purpose = Annotated[
    str,
    Query(min_length=3, max_length=200, description="Why the data is read; it is recorded."),
]
