"""The short way to an answer at the point of care.

Most of the processor's time of a question went into what is laid around a route for whatever it may
do. Where all is as usual, the caller known and the question of the described form, one by a number,
it is answered before all that, through the same checks. Everything else goes the long way, which
says what is wrong; so does what fails on the short way: it is raised again where the route stands.
"""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    from registry.lookups.identification import Who

    Counter = Gathering[Asked, Answer]

PATH: Final = "/v1/eligibility"
ROUTE: Final = SimpleNamespace(path_format=PATH)
"""What stands in the scope for the route, which is not looked for."""
JSON: Final = b"application/json"
BEARER: Final = b"bearer "
FAILURE: Final = "registry.failure"
"""Where the scope of a request holds what failed on the short way."""
QUESTION: TypeAdapter[QuestionIn] = TypeAdapter(QuestionIn)
_check = allowed(Permission.ASK_ELIGIBILITY)
_session = asynccontextmanager(transactions.opened)


class Failing(WrittenInThread):
    """A route that raises what failed on the short way to it, so that it is told as always."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or fail."""
        if FAILURE in scope:
            raise scope[FAILURE]
        await super().handle(scope, receive, send)


class Straight:
    """The application, with a short way to one of its routes (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, the short way where all is as usual."""
        caller = _caller(scope)
        if caller is None:
            await self._app(scope, receive, send)
            return
        read: list[Message] = []
        try:
            told = await _told(scope, caller, await _body(receive, read))
        except Exception as error:  # noqa: BLE001 - it is raised again
            scope[FAILURE], told = error, None
        if told is None:
            await self._app(scope, _again(read, receive), send)
            return
        scope["route"] = ROUTE
        length = b"%d" % len(told)
        headers = [(b"content-length", length), (b"content-type", JSON)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


def _caller(scope: Scope) -> Principal | None:
    """Who asks a question in JSON, when they were let in a moment ago."""
    if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
        return None
    sent = dict(reversed(scope["headers"]))
    token, is_json = sent.get(b"authorization", b""), sent.get(b"content-type") == JSON
    if not is_json or token[: len(BEARER)].lower() != BEARER:
        return None
    found: Principal | None = scope["app"].state.doorkeeper.remembered(
        token[len(BEARER) :].decode("latin-1").strip(), datetime.now(UTC)
    )
    return found


async def _body(receive: Receive, read: list[Message]) -> bytes:
    """The body of a request; what was read of it is kept as well, as it came."""
    read.append(await receive())
    while read[-1].get("more_body", False):
        read.append(await receive())
    return b"".join(message.get("body", b"") for message in read)


def _again(read: list[Message], receive: Receive) -> Receive:
    """What was read, and then whatever else comes."""
    rest = iter(read)

    async def received() -> Message:
        return next(rest, None) or await receive()

    return received


async def _told(scope: Scope, caller: Principal, body: bytes) -> bytes | None:
    """The answer as JSON; None to a question that is not of the described form, or by a name."""
    try:
        question = QUESTION.validate_json(body)
    except ValidationError:
        return None
    who: Who = question.who()
    if isinstance(who, NameQuestion):
        return None
    request = Request(scope)
    app = request.app
    asking = Asking(Reader(caller.name, question.purpose, datetime.now(UTC)), app.state.rules)
    async with _session(request) as session:
        await _check(request, session, caller)
        counter: Counter = app.state.counter
        told = await counter.ask(
            sight.narrowing_alike(session), Asked(session, who, question.date, asking)
        )
    return EligibilityOut.of(told).json()
