"""The application of the FHIR door, mounted at `/fhir`."""

from http import HTTPStatus

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.errors import STATUS
from api.fhir import bulk, coverage, feed, match, metadata, pdqm, pixm
from api.fhir.calls import spoken
from api.fhir.outcome import CODES, Refused, outcome
from api.tracing import NOTHING_ELSE
from registry.errors import InvalidSearch, RegistryError, TooManyFound

DESCRIPTION = """
FHIR R4 with the IHE profiles PIXm and PDQm, `$match`, CoverageEligibilityRequest and bulk export.
"""


def create() -> FastAPI:
    """The FHIR door; its state is that of the application it is mounted in."""
    app = FastAPI(
        title="Social protection registry: FHIR", version="4.0.1", description=DESCRIPTION,
        dependencies=[Depends(spoken)], telemetry=NOTHING_ELSE,
    )  # fmt: skip
    for routes in (metadata, pixm, match, bulk, pdqm, coverage, feed):
        app.include_router(routes.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RegistryError, _registry_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _of_status(status: HTTPStatus, text: str, code: str | None = None) -> Response:
    return outcome(Refused(status, code or CODES.get(status, "invalid"), text))


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return outcome(error)


async def _registry_error(_: Request, error: Exception) -> Response:
    if isinstance(error, TooManyFound):
        return _of_status(HTTPStatus.BAD_REQUEST, str(error), "too-costly")
    if isinstance(error, InvalidSearch):
        return _of_status(HTTPStatus.BAD_REQUEST, str(error), "invalid")
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return _of_status(status, str(error))


async def _malformed(_: Request, error: Exception) -> Response:
    """Which parameters are wrong; what was sent is not repeated."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
    return _of_status(HTTPStatus.BAD_REQUEST, wrong or "The request is not in order.", "invalid")


async def _unexpected(_: Request, __: Exception) -> Response:
    return _of_status(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong: try again later.")


async def _http_error(_: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return _of_status(status, status.phrase)
