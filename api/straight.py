"""The short way to an answer at the point of care.

Most of the processor's time of a question went into solving the route's dependencies, the same each
time. Where all is as usual, the caller known and the question of the described form, it is handed
on directly, through the same checks. Everything else goes the long way, which says what is wrong.
"""

import json
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api import transactions
from api.dependencies import allowed
from api.shapes.eligibility import QuestionIn
from api.transactions import WrittenInThread
from registry.access.principals import Principal
from registry.access.roles import Permission

JSON: Final = "application/json"
SCHEME: Final = "bearer "
QUESTION: TypeAdapter[QuestionIn] = TypeAdapter(QuestionIn)
_check = allowed(Permission.ASK_ELIGIBILITY)
_session = asynccontextmanager(transactions.opened)


class Straight(WrittenInThread):
    """A route of one question, a session, who asks, the rules and the time."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The short way, and the long way behind it."""
        usual = super().get_route_handler()
        if "question" not in {field.name for field in self.dependant.body_params}:
            return usual

        async def handle(request: Request) -> Response:
            caller, question = _caller(request), await _question(request)
            if caller is None or question is None:
                return await usual(request)
            async with _session(request) as session:
                await _check(request, session, caller)
                work = partial(
                    self.endpoint, question=question, session=session, caller=caller,
                    rules=request.app.state.rules, now=datetime.now(UTC),
                )  # fmt: skip
                answer: Response = await run_in_threadpool(work)
            return answer

        return handle


def _caller(request: Request) -> Principal | None:
    """Who calls, when they were let in a moment ago."""
    sent = request.headers.get("authorization", "")
    if sent[: len(SCHEME)].lower() != SCHEME:
        return None
    found: Principal | None = request.app.state.doorkeeper.remembered(
        sent[len(SCHEME) :].strip(), datetime.now(UTC)
    )
    return found


async def _question(request: Request) -> QuestionIn | None:
    """The question, when it is of the described form."""
    if request.headers.get("content-type") != JSON:
        return None
    try:
        return QUESTION.validate_python(json.loads(await request.body()))
    except (ValidationError, ValueError, RecursionError):
        return None
