"""Idempotency-Key: what creates or changes something is done once, however often it is sent.

The form is that of the IETF draft "The Idempotency-Key HTTP Header Field"; a key is of its caller.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from registry.access import idempotence
from registry.access.idempotence import Answer, Sent
from registry.access.principals import Principal


@dataclass(frozen=True)
class Done:
    """What came of a request; without a body when nothing did."""

    body: BaseModel | None
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> Answer:
        """As it is answered."""
        body = {} if self.body is None else self.body.model_dump(mode="json")
        return Answer(self.status.value, dict(self.headers), body)


@dataclass(frozen=True)
class Once:
    """The key of a request and where it was sent; with no key it is done as often as it is sent."""

    place: str
    key: str | None

    def run(
        self,
        call: tuple[Session, Principal, datetime],
        asked: tuple[str, ...],
        act: Callable[[], Done],
    ) -> Response:
        """Do what is asked and answer, or answer as before.

        Raises:
            KeyReused: the key was used for something else.
        """
        session, caller, now = call
        if self.key is None:
            return _response(act().plain)
        sent = Sent(caller.number, self.key, (self.place, *asked))
        before = idempotence.begin(session, sent, now)
        if before is not None:
            return _response(before, {"Idempotency-Replayed": "true"})
        answer = act().plain
        idempotence.end(session, sent, answer)
        return _response(answer)


def once(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$",
            description="The same key with the same request is done once, and answered alike.",
        ),
    ] = None,
) -> Once:  # fmt: skip
    """The key that a caller chose."""
    return Once(f"{request.method} {request.url.path}", key)


DoneOnce = Annotated[Once, Depends(once)]


def _response(answer: Answer, more: dict[str, str] | None = None) -> Response:
    headers = {**answer.headers, **(more or {})}
    if not answer.body:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.body, answer.status, headers)
