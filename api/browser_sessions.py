"""The cookie of a signed-in browser, and whether a request comes from the registry's own pages.

Cross-site requests are told by what browsers say of themselves (Sec-Fetch-Site, else Origin), and
the cookie is not sent with them either (SameSite); forms carry a token besides (`api.pages.forms`).
"""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from registry.errors import Forbidden
from registry.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
NAME: Final = "registry_session"


def cookie_name(settings: Settings) -> str:
    """The cookie's name; behind TLS one that only this host can set."""
    return f"__Host-{NAME}" if is_secure(settings) else NAME


def token_of(request: Request) -> str | None:
    """The token that the browser sent."""
    return request.cookies.get(cookie_name(request.app.state.settings))


def remember(request: Request, response: Response, token: str) -> None:
    """Let the browser hold a session's token until it is closed."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        cookie_name(settings), token, httponly=True, samesite="lax", path="/",
        secure=is_secure(settings),
    )  # fmt: skip


def forget(request: Request, response: Response) -> None:
    """Let the browser hold no token any more."""
    settings: Settings = request.app.state.settings
    response.delete_cookie(
        cookie_name(settings), httponly=True, samesite="lax", path="/", secure=is_secure(settings)
    )


def check_origin(request: Request) -> None:
    """Refuse a request that changes something and was made by a page of another site.

    Raises:
        Forbidden: it was.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        origin = request.headers.get("origin")
        is_ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours:
        raise Forbidden("This was sent from another site: open the registry's own page.")


def is_secure(settings: Settings) -> bool:
    """Whether the registry is reached behind TLS only."""
    return settings.public_url.startswith("https:")
