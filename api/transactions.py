"""One transaction a request, worked and ended in one thread.

A route that waits for a thread holds no connection, and one that holds a connection has its thread:
however many requests come at once, none waits for what another one keeps from it. Ending the
transaction where its work was done also spares the way through a second thread.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from registry.access import sight
from registry.access.principals import Principal
from registry.auditing import audit, signs
from registry.database import transaction

if TYPE_CHECKING:
    from registry.access.limits import Limiter

WHO = "who asks in this transaction"
"""Where a session notes the principal whose it is."""


class Plain(Protocol):
    """An answer that says itself how it is sent."""

    def json(self) -> bytes:
        """As it is sent."""
        ...


async def opened(request: Request) -> AsyncIterator[Session]:
    """A session that asks for no connection before it is used, and sees nobody's data yet.

    What the route left open is kept when it returned, and undone when it raised. What was refused,
    or asked in vain, is recorded all the same.
    """
    session = Session(request.app.state.engine, expire_on_commit=False)
    sight.narrow(session, sight.NOTHING)
    try:
        yield session
    except BaseException as error:
        if session.in_transaction():
            await run_in_threadpool(session.close)
        if _is_refusal(error) and audit.recorded(session):
            await run_in_threadpool(_record_refusal, request, session, error)
        raise
    finally:
        _heed(request, session)
    if session.in_transaction():
        await run_in_threadpool(_keep, session)


def _is_refusal(error: BaseException) -> bool:
    """Whether a door refused; where the database failed, or the caller is gone, nothing is told."""
    return isinstance(error, Exception) and not isinstance(error, SQLAlchemyError)


def _record_refusal(request: Request, undone: Session, error: BaseException) -> None:
    """Record once more what was undone with a transaction that was refused."""
    with transaction(request.app.state.engine) as session:
        sight.narrow(session, sight.NOTHING)
        for entry, at in audit.recorded(undone):
            outcome = f"{entry.outcome}; refused: {type(error).__name__}"
            audit.record(session, replace(entry, outcome=outcome), at)


def _heed(request: Request, session: Session) -> None:
    """Tell the limiter of signs that somebody tries out who is here."""
    who = session.info.get(WHO)
    if isinstance(who, Principal):
        limiter: Limiter = request.app.state.limiter
        limiter.heed(who, signs.of(session), datetime.now(UTC))


class InOneThread(APIRoute):
    """A route whose transaction ends in the thread that did its work."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _ending(endpoint, _as_it_is), **more)


class WrittenInThread(APIRoute):
    """The same, and the answer is written there as well, as JSON: status 200, no more headers.

    It is of the described form by its type, and is not validated again in a second thread.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _ending(endpoint, written), **more)


def _ending(endpoint: Callable[..., Any], finish: Callable[[Any], Any]) -> Callable[..., Any]:
    """The endpoint, which ends the transactions that it is handed."""
    if hasattr(endpoint, "__wrapped__"):
        return endpoint

    @wraps(endpoint)
    def ended(**values: Any) -> Any:
        sessions = [found for value in values.values() if (found := _session(value)) is not None]
        try:
            answer = finish(endpoint(**values))
        except BaseException:
            for session in sessions:
                session.close()
            raise
        for session in sessions:
            _keep(session)
        return answer

    return ended


def _as_it_is(answer: Any) -> Any:
    return answer


def written(answer: BaseModel | Plain) -> Response:
    """An answer as JSON."""
    body = answer.model_dump_json() if isinstance(answer, BaseModel) else answer.json()
    return Response(body, media_type="application/json")


def _session(value: object) -> Session | None:
    found = value if isinstance(value, Session) else getattr(value, "session", None)
    return found if isinstance(found, Session) else None


def _keep(session: Session) -> None:
    """Commit, and give the connection back however that ended."""
    with session:
        session.commit()
