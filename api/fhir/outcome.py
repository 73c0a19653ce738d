"""What goes wrong, as an OperationOutcome; and answers in FHIR's media type."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.responses import Response
from fhir.resources.R4B.operationoutcome import OperationOutcome

from api.fhir.wire import encoded

MEDIA_TYPE = "application/fhir+json"
CODES = {
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.GONE: "deleted",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.INTERNAL_SERVER_ERROR: "exception",
}


@dataclass
class Refused(Exception):
    """The request is not answered; `text` repeats nothing that was sent."""

    status: HTTPStatus
    code: str
    text: str


def outcome(error: Refused) -> Response:
    """The answer to a request that is refused."""
    issue = {"severity": "error", "code": error.code, "diagnostics": error.text}
    body = {"resourceType": "OperationOutcome", "issue": [issue]}
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    OperationOutcome.model_validate(body)
    return answer(body, error.status, headers)


def answer(
    body: Mapping[str, Any], status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """A resource, as FHIR JSON."""
    return Response(
        encoded(body), status, media_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers
    )
