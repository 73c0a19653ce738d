"""Forms that only the registry's own pages can send.

Each form holds a random token that the browser also keeps as a cookie, which pages of other sites
can neither read nor set; a browser that says where a request comes from is listened to as well.
"""

import secrets
from typing import Annotated, Final

from fastapi import Depends, Form, Request, Response

from api.pages.languages import LANGUAGES
from registry.errors import RegistryError

COOKIE: Final = "form_token"
FIELD: Final = "form_token"
LENGTH: Final = 43


class StrangeForm(RegistryError):
    """The form was not sent from one of the registry's pages, or was opened too long ago."""


def token_of(request: Request) -> str:
    """The token of this browser; a new one where it holds none."""
    held = request.cookies.get(COOKIE, "")
    made: str | None = getattr(request.state, FIELD, None)
    if len(held) != LENGTH and made is None:
        made = request.state.form_token = secrets.token_urlsafe(32)
    return made or held


def keep_token(request: Request, response: Response) -> None:
    """Let the browser hold the token that a page was rendered with."""
    made: str | None = getattr(request.state, FIELD, None)
    if made is not None:
        is_secure = request.app.state.settings.public_url.startswith("https:")
        response.set_cookie(COOKIE, made, httponly=True, samesite="strict", secure=is_secure)


def check_form(
    request: Request,
    form_token: Annotated[str, Form(max_length=100)] = "",
    language: Annotated[str, Form(max_length=10)] = "",
) -> None:
    """Refuse a form that is not from here; one that is sent again for its language changes it.

    Raises:
        StrangeForm: its token is not that of the browser, or it comes from another site.
    """
    held = request.cookies.get(COOKIE, "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    fits = len(held) == LENGTH and secrets.compare_digest(held.encode(), form_token.encode())
    if not fits or site not in {"same-origin", "none"}:
        raise StrangeForm
    if language in LANGUAGES:
        request.state.language = language


FormFromHere = Depends(check_form)
