"""One transaction a request, worked and ended in one thread.

A route that waits for a thread holds no connection, and one that holds a connection has its thread:
however many requests come at once, none waits for what another one keeps from it. Ending the
transaction where its work was done also spares the way through a second thread.
"""

from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool


async def opened(request: Request) -> AsyncIterator[Session]:
    """A session that asks for no connection before it is used.

    What the route left open is kept when it returned, and undone when it raised.
    """
    session = Session(request.app.state.engine, expire_on_commit=False)
    try:
        yield session
    except BaseException:
        if session.in_transaction():
            await run_in_threadpool(session.close)
        raise
    if session.in_transaction():
        await run_in_threadpool(_keep, session)


class InOneThread(APIRoute):
    """A route whose transaction ends in the thread that did its work."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _ending(endpoint), **more)


def _ending(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, which ends the transactions that it is handed."""
    if hasattr(endpoint, "__wrapped__"):
        return endpoint

    @wraps(endpoint)
    def ended(**values: Any) -> Any:
        sessions = [found for value in values.values() if (found := _session(value)) is not None]
        try:
            answer = endpoint(**values)
        except BaseException:
            for session in sessions:
                session.close()
            raise
        for session in sessions:
            _keep(session)
        return answer

    return ended


def _session(value: object) -> Session | None:
    found = value if isinstance(value, Session) else getattr(value, "session", None)
    return found if isinstance(found, Session) else None


def _keep(session: Session) -> None:
    """Commit, and give the connection back however that ended."""
    with session:
        session.commit()
