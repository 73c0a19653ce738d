"""What goes wrong, as a page for whoever reads pages; everybody else gets a problem document."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.pages.forms import StrangeForm
from api.pages.languages import message
from api.pages.rendering import Page, guard, render
from registry.errors import RegistryError

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]
SAYS: Final = {
    HTTPStatus.UNAUTHORIZED: (
        message("Sign in first"),
        message("This page is for people who have signed in."),
    ),
    HTTPStatus.FORBIDDEN: (
        message("This is not for your account"),
        message("Your account may not open this page. Ask your administrator if you need it."),
    ),
    HTTPStatus.NOT_FOUND: (
        message("There is no such page"),
        message("The address may be mistyped, or what it led to is no longer there."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        message("There is no such page"),
        message("The address may be mistyped, or what it led to is no longer there."),
    ),
    HTTPStatus.CONFLICT: (
        message("This has changed meanwhile"),
        message("Somebody else was quicker, or the page was open for long. Look at it again."),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        message("This could not be understood"),
        message("Go back, look at what you entered, and send it again."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        message("Too many questions"),
        message("Wait a minute, then try again."),
    ),
}
OTHERWISE: Final = (
    message("Something went wrong"),
    message("Nothing was changed. Try again; if it happens again, tell your administrator."),
)
STRANGE: Final = (
    message("This form is too old"),
    message(
        "It was opened too long ago, or in another window. Go back, reload, and send it again."
    ),
)


def install(app: FastAPI) -> None:
    """Let every error that has an answer be a page for those who read pages."""
    for kind in (RegistryError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _paged(app.exception_handlers[kind]))


def reads_pages(request: Request) -> bool:
    """Whether the answer is for a browser's window rather than for a program."""
    return "text/html" in request.headers.get("accept", "")


def _paged(otherwise: Handler) -> Handler:
    """A handler that shows a page to those who read pages, of the same status."""

    async def handle(request: Request, error: Exception) -> Response:
        answer = otherwise(request, error)
        response = answer if isinstance(answer, Response) else await answer
        if not reads_pages(request) or response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        status = HTTPStatus(response.status_code)
        title, advice = STRANGE if isinstance(error, StrangeForm) else SAYS.get(status, OTHERWISE)
        values = {"title": title, "advice": advice}
        return guard(request, render(request, Page("failure.html", values, status.value)))

    return handle
