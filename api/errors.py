"""What goes wrong, as problem documents of RFC 9457."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from registry.errors import Conflict, Forbidden, NotAllowed, NotFound, RegistryError

STATUS = {
    NotAllowed: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    RegistryError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
MEDIA_TYPE = "application/problem+json"


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem document."""
    app.add_exception_handler(RegistryError, _registry_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)


def problem(status: HTTPStatus, detail: str, **members: object) -> JSONResponse:
    """A problem document; the code in its type is stable."""
    return JSONResponse(
        {"type": f"urn:registry:problem:{status.name.lower().replace('_', '-')}",
         "title": status.phrase, "status": status.value, "detail": detail, **members},
        status_code=status, media_type=MEDIA_TYPE,
        headers={"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None,
    )  # fmt: skip


async def _registry_error(_: Request, error: Exception) -> JSONResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return problem(status, str(error))


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    """Which members are wrong and how; what was sent is not repeated."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = [
        {"pointer": "/" + "/".join(map(str, one["loc"])), "detail": one["msg"]} for one in found
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not of the described form.", errors=wrong
    )


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return problem(status, error.detail if isinstance(error, HTTPException) else status.phrase)
