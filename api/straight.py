"""The short way to an answer at the point of care.

Most of the processor's time of a question went into solving the route's dependencies, the same each
time, and into what is laid around a route for whatever it may do. Where all is as usual, the caller
known and the question of the described form, it is handed on directly, through the same checks.
Everything else goes the long way, which says what is wrong.
"""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from api import transactions
from api.dependencies import allowed
from api.shapes.eligibility import EligibilityOut, QuestionIn
from api.transactions import WrittenInThread
from registry.access import sight
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.entitlements.eligibility import Answer, Asked, Asking
from registry.lookups.lookup import NameQuestion, Reader

if TYPE_CHECKING:
    from registry.gathering import Gathering

    Counter = Gathering[Asked, Answer]

JSON: Final = b"application/json"
SCHEME: Final = b"bearer "
QUESTION: TypeAdapter[QuestionIn] = TypeAdapter(QuestionIn)
_check = allowed(Permission.ASK_ELIGIBILITY)
_session = asynccontextmanager(transactions.opened)


class Straight(WrittenInThread):
    """A route of one question, a session, who asks, the rules and the time."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go the short way, or the long way, which is handed the body once more."""
        if scope["method"] not in (self.methods or ()) or not self._has_one_question:
            await super().handle(scope, receive, send)
            return
        request = Request(scope, receive, send)
        caller = _caller(request)
        if caller is None:
            await super().handle(scope, receive, send)
            return
        question = await _question(request)
        if question is None:
            await super().handle(scope, _again(await request.body(), receive), send)
            return
        answer = await self._answer(request, caller, question)
        await answer(scope, receive, send)

    @cached_property
    def _has_one_question(self) -> bool:
        return "question" in {field.name for field in self.dependant.body_params}

    async def _answer(
        self, request: Request, caller: Principal, question: QuestionIn
    ) -> Response:  # fmt: skip
        """By a number it is asked in this thread; by a name, which takes longer, in another."""
        rules, now = request.app.state.rules, datetime.now(UTC)
        async with _session(request) as session:
            await _check(request, session, caller)
            asked = question.parsed()
            if isinstance(asked.who, NameQuestion):
                work = partial(
                    self.endpoint, question=question, session=session, caller=caller, rules=rules,
                    now=now,
                )  # fmt: skip
                answer: Response = await run_in_threadpool(work)
                return answer
            asking = Asking(Reader(caller.name, question.purpose, now), rules)
            counter: Counter = request.app.state.counter
            told = await counter.ask(
                sight.narrowing_alike(session), Asked(session, asked.who, asked.day, asking)
            )
        return transactions.written(EligibilityOut.of(told))


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, and then whatever else comes."""
    rest = [body]

    async def received() -> Message:
        if rest:
            return {"type": "http.request", "body": rest.pop(), "more_body": False}
        return await receive()

    return received


def _caller(request: Request) -> Principal | None:
    """Who calls, when they were let in a moment ago."""
    sent = _header(request.scope, b"authorization")
    if sent[: len(SCHEME)].lower() != SCHEME:
        return None
    found: Principal | None = request.app.state.doorkeeper.remembered(
        sent[len(SCHEME) :].decode("latin-1").strip(), datetime.now(UTC)
    )
    return found


async def _question(request: Request) -> QuestionIn | None:
    """The question, when it is of the described form."""
    if _header(request.scope, b"content-type") != JSON:
        return None
    try:
        return QUESTION.validate_json(await request.body())
    except ValidationError:
        return None


def _header(scope: Scope, name: bytes) -> bytes:
    """The first header of this name, in small letters; empty where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")
