"""The application of the DCI door, mounted where the standard's paths begin."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.dci import beneficiaries, searching, status, subscribing
from api.dci.codes import TransportCode
from api.dci.refusal import Asked, Refused, refusal
from api.errors import STATUS
from api.tracing import NOTHING_ELSE
from registry.errors import RegistryError

DESCRIPTION = """
Messages of the Digital Convergence Initiative, version 1.0.0, of a Social Registry and of an
Integrated Beneficiary Registry.
"""
_CODES = {
    HTTPStatus.UNAUTHORIZED: TransportCode.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN: TransportCode.FORBIDDEN,
    HTTPStatus.NOT_FOUND: TransportCode.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT: TransportCode.TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS: TransportCode.TOO_MANY,
    HTTPStatus.INTERNAL_SERVER_ERROR: TransportCode.UNAVAILABLE,
    HTTPStatus.SERVICE_UNAVAILABLE: TransportCode.UNAVAILABLE,
}


def create() -> FastAPI:
    """The DCI door; its state is that of the application it is mounted in."""
    app = FastAPI(
        title="Social protection registry: DCI", version="1.0.0", description=DESCRIPTION,
        telemetry=NOTHING_ELSE,
    )  # fmt: skip
    for routes in (searching, status, subscribing, beneficiaries):
        app.include_router(routes.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RegistryError, _registry_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _answer(request: Request, error: Refused) -> JSONResponse:
    asked = getattr(request.state, "asked", None) or Asked()
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(refusal(error, asked), status_code=error.status, headers=headers)


def _of_status(status: HTTPStatus, text: str) -> Refused:
    return Refused(_CODES.get(status, TransportCode.BAD), text, status)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Refused):
        raise error
    return _answer(request, error)


async def _registry_error(request: Request, error: Exception) -> JSONResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return _answer(request, _of_status(status, str(error)))


async def _malformed(request: Request, _: Exception) -> JSONResponse:
    return _answer(request, _of_status(HTTPStatus.BAD_REQUEST, "The request is not in order."))


async def _unexpected(request: Request, _: Exception) -> JSONResponse:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(request, _of_status(status, "Something went wrong: try again later."))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return _answer(request, _of_status(status, status.phrase))
