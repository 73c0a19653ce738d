"""Signing in with a provider of OpenID Connect: there, back, and out."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api import browser_sessions, observing
from api.pages.rendering import PageRoute
from api.pages.routes.sign_in import AtTheDoor, Door, attempt, provider_of
from registry.access import provider_sign_in, web_sessions
from registry.access.provider import CALLBACK, Asked, Identity, Provider
from registry.errors import NotFound, ProviderRefused

NAME: Final = "sign_in_attempt"
NOTHING_SET: Final = "Officers do not sign in with a provider here."
log = logging.getLogger("registry.sign_in")
router = APIRouter(route_class=PageRoute, include_in_schema=False)
Sent = Annotated[str, Query(max_length=4000)]


@router.get("/sign-in/provider", dependencies=[Depends(attempt)])
def leave(door: AtTheDoor) -> Response:
    """Send a browser to the provider, with an attempt that it alone can end."""
    provider = _provider(door.request)
    attempt = provider_sign_in.draw()
    try:
        address = provider.address(attempt.asked, door.now)
    except ProviderRefused as error:
        return _failed(door, error)
    provider_sign_in.keep(door.session, attempt, door.now)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        _cookie(door.request), attempt.secret, httponly=True, samesite="lax", path="/",
        max_age=int(provider_sign_in.LASTS.total_seconds()),
        secure=browser_sessions.is_secure(door.request.app.state.settings),
    )  # fmt: skip
    return response


@router.get(CALLBACK, dependencies=[Depends(attempt)])
def come_back(
    door: AtTheDoor,
    code: Sent = "",
    state: Sent = "",
    issuer: Annotated[str | None, Query(alias="iss", max_length=1000)] = None,
) -> Response:
    """Sign in whom the provider's word is of; no connection is held while the provider is asked."""
    provider = _provider(door.request)
    asked = provider_sign_in.take(
        door.session, door.request.cookies.get(_cookie(door.request)), state, door.now
    )
    web_sessions.end(door.session, door.token)
    door.session.commit()
    try:
        identity = _identity(door, provider, asked, (code, issuer))
    except ProviderRefused as error:
        return _failed(door, error)
    opened = provider_sign_in.admit(door.session, identity, door.now)
    if opened is None:
        return _ended(door, door.page("provider.html", refused=True, subject=identity.subject))
    return _ended(door, door.on(opened))


@router.get("/signed-out")
def show_signed_out(door: AtTheDoor) -> Response:
    """Say that the provider still knows this browser."""
    return door.page("signed_out.html")


@router.get("/sign-out/provider")
def sign_out_there(door: AtTheDoor) -> Response:
    """Send a browser to where it signs out of the provider too."""
    try:
        return RedirectResponse(_provider(door.request).leave(door.now), 303)
    except ProviderRefused as error:
        return _failed(door, error)


def _identity(
    door: Door, provider: Provider, asked: Asked | None, sent: tuple[str, str | None]
) -> Identity:
    code, issuer = sent
    if asked is None:
        raise ProviderRefused("The attempt is not of this browser, was taken, or has ended.")
    if not code:
        raise ProviderRefused("The provider signed nobody in.")
    return provider.identify(code, issuer, asked, door.now)


def _failed(door: Door, error: ProviderRefused) -> Response:
    """The page that says that it did not work; why stands in the log."""
    observing.tell(log, logging.WARNING, "provider refused", reason=str(error))
    return _ended(door, door.page("provider.html", refused=True, subject=None))


def _ended(door: Door, response: Response) -> Response:
    response.delete_cookie(
        _cookie(door.request), httponly=True, samesite="lax", path="/",
        secure=browser_sessions.is_secure(door.request.app.state.settings),
    )  # fmt: skip
    return response


def _provider(request: Request) -> Provider:
    found = provider_of(request)
    if found is None:
        raise NotFound(NOTHING_SET)
    return found


def _cookie(request: Request) -> str:
    is_secure = browser_sessions.is_secure(request.app.state.settings)
    return f"__Host-{NAME}" if is_secure else NAME
