"""What goes wrong, as problem documents of RFC 9457."""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException

from api.problem_words import KHMER, prefers_khmer
from api.schemas import Problem, WrongMember
from registry.errors import (
    Conflict,
    Forbidden,
    NotAllowed,
    NotFound,
    Outdated,
    RegistryError,
    SignInNeeded,
    TooMany,
)

STATUS = {
    NotAllowed: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    Outdated: HTTPStatus.PRECONDITION_FAILED,
    Conflict: HTTPStatus.CONFLICT,
    RegistryError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
MEDIA_TYPE = "application/problem+json"
MALFORMED = "The request is not of the described form."
SIGN_IN = "/sign-in"
WAIT_SECONDS = "5"


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem document."""
    app.add_exception_handler(RegistryError, _registry_error)
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OperationalError, _unavailable)
    app.add_exception_handler(NoConnection, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def described(*codes: int) -> dict[int | str, dict[str, Any]]:
    """How a route says in the description of the API which problems it answers with."""
    return {code: {"model": Problem, "content": {MEDIA_TYPE: {}}} for code in codes}


def problem(status: HTTPStatus, detail: str, **members: object) -> JSONResponse:
    """A problem document; the code in its type is stable."""
    return JSONResponse(
        {"type": _type(status),
         "title": status.phrase, "status": status.value, "detail": detail, **members},
        status_code=status, media_type=MEDIA_TYPE,
        headers={"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None,
    )  # fmt: skip


def malformed_question(error: ValidationError) -> Problem:
    """What is wrong with one of several questions; what was sent is not repeated."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return Problem(
        type=_type(status), title=status.phrase, status=status.value, detail=MALFORMED,
        errors=[_wrong(one) for one in error.errors(include_input=False)],
    )  # fmt: skip


def _told(request: Request, status: HTTPStatus, detail: str, **members: object) -> JSONResponse:
    """A problem in the language that the caller prefers; beside Khmer, the detail in English."""
    khmer = KHMER.get(status)
    if khmer is None or not prefers_khmer(request.headers.get("accept-language", "")):
        return problem(status, detail, **members)
    title, said = khmer
    answer = problem(status, said, title=title, detail_en=detail, **members)
    answer.headers["Content-Language"] = "km"
    return answer


async def _registry_error(request: Request, error: Exception) -> JSONResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    answer = _told(request, status, str(error))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(ceil(error.wait.total_seconds()))
    return answer


async def _unavailable(request: Request, _: Exception) -> JSONResponse:
    """The database does not answer, or has no connection to give: nothing was changed."""
    answer = _told(request, HTTPStatus.SERVICE_UNAVAILABLE, "The service cannot answer now: wait.")
    answer.headers["Retry-After"] = WAIT_SECONDS
    return answer


async def _unexpected(request: Request, _: Exception) -> JSONResponse:
    """What nobody foresaw; what it was stands in the log, not here."""
    return _told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong: try again.")


async def _sign_in_needed(request: Request, error: Exception) -> Response:
    """Lead a browser's window to where one signs in, and from there back; tell a script so."""
    accepted = request.headers.get("accept", "")
    if "application/json" in accepted or "text/event-stream" in accepted:
        return problem(HTTPStatus.UNAUTHORIZED, str(error))
    back = f"?{urlencode({'next': request.url.path})}" if request.method == "GET" else ""
    return RedirectResponse(SIGN_IN + back, HTTPStatus.SEE_OTHER)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    """Which members are wrong and how; what was sent is not repeated."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = [_wrong(one).model_dump() for one in found]
    return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED, errors=wrong)


def _wrong(error: Mapping[str, Any]) -> WrongMember:
    """What is wrong with a member, without a word of what was sent."""
    place, message = error["loc"], error["msg"]
    if error["type"] == "extra_forbidden":
        place, message = place[:-1], "There is a member here that is not described."
    elif error["type"] == "union_tag_invalid":
        message = f"The member {error['ctx']['discriminator']} is none of those described."
    return WrongMember(pointer="/" + "/".join(map(str, place)), detail=message)


def _type(status: HTTPStatus) -> str:
    return f"urn:registry:problem:{status.name.lower().replace('_', '-')}"


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    detail = error.detail if isinstance(error, HTTPException) else status.phrase
    answer = _told(request, status, detail)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer
