"""Signing in step by step, and out: a password, a code, a password of one's own, a phone.

What is refused is shown on the step's page, so that the count of failures is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api import browser_sessions
from api.dependencies import DatabaseSession, Now, host_of, limiter_of
from api.pages.forms import FormFromHere
from api.pages.qr_codes import of_phone, spaced
from api.pages.rendering import Page, PageRoute, render
from api.pages.routes.language import OUR_PATH
from registry import sealing
from registry.access import officer_identities, sign_in, web_sessions
from registry.access.provider import Provider
from registry.access.sign_in import Credentials
from registry.access.web_sessions import Opened, Stage
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.errors import NotAllowed, RegistryError
from registry.sealing import Keyring

AFTER: Final = "after_sign_in"
PLACES: Final = {
    Stage.SECOND_FACTOR: "/sign-in/code",
    Stage.CHOOSE_PASSWORD: "/sign-in/password",
    Stage.ENROL: "/sign-in/phone",
    Stage.SIGNED_IN: "/",
}
WRONG: Final = 422

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Typed = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True)
class Door:
    """What a step works with; `token` is that of the browser."""

    request: Request
    session: Session
    now: datetime

    @property
    def token(self) -> str | None:
        """The token of the browser's session."""
        return browser_sessions.token_of(self.request)

    @property
    def keyring(self) -> Keyring:
        """What secrets are sealed with."""
        return sealing.keyring(self.request.app.state.settings)

    def page(self, template: str, *, refused: bool = False, **values: object) -> Response:
        """The page of a step."""
        provider = provider_of(self.request)
        name = None if provider is None else provider.name
        shown = {**values, "refused": refused, "provider": name}
        if refused:
            limiter_of(self.request).fail(address_of(self.request), self.now)
        return render(self.request, Page(f"sign_in/{template}", shown, WRONG if refused else 200))

    def on(self, opened: Opened) -> Response:
        """Lead to the next step, or to where the officer wanted to go."""
        after = self.request.cookies.get(AFTER, "")
        is_in = opened.stage == Stage.SIGNED_IN
        to = after if is_in and OUR_PATH.fullmatch(after) else PLACES[opened.stage]
        response = RedirectResponse(to, 303)
        browser_sessions.remember(self.request, response, opened.token)
        if is_in:
            response.delete_cookie(AFTER)
        return response

    def stands_at(self, stage: Stage) -> bool:
        """Whether the browser is at a step."""
        opened = web_sessions.find(self.session, self.token, self.now)
        return opened is not None and opened.stage == stage


def provider_of(request: Request) -> Provider | None:
    """The provider that officers may sign in with; None where none is set."""
    found: Provider | None = request.app.state.provider
    return found


def address_of(request: Request) -> str:
    """Where somebody signs in from, as the limits know it."""
    return f"address {host_of(request)}"


def attempt(request: Request, now: Now) -> None:
    """Count an attempt to sign in from an address.

    Raises:
        TooMany: there were too many, or too many failed.
    """
    limiter = limiter_of(request)
    if limiter.is_due(now):
        limiter.meet(now)
    limiter.attempt(address_of(request), now)


def door(request: Request, session: DatabaseSession, now: Now) -> Door:
    """What a step works with."""
    audit.comes_from(session, Origin("pages", host_of(request)))
    return Door(request, session, now)


AtTheDoor = Annotated[Door, Depends(door)]
FROM_HERE: Final = [FormFromHere]
ATTEMPT: Final = [Depends(attempt), FormFromHere]


@router.get("/sign-in")
def ask(
    door: AtTheDoor, after: Annotated[str, Query(alias="next", max_length=200)] = ""
) -> Response:
    """Ask for login and password."""
    page = door.page("password.html", login="")
    if OUR_PATH.fullmatch(after):
        page.set_cookie(AFTER, after, max_age=900, httponly=True, samesite="lax")
    return page


@router.post("/sign-in", dependencies=ATTEMPT)
def begin(door: AtTheDoor, login: Typed = "", password: Typed = "") -> Response:
    """Check login and password."""
    opened = sign_in.begin(door.session, Credentials(login, password), door.now)
    return door.page("password.html", login=login, refused=True) if not opened else door.on(opened)


@router.get("/sign-in/code")
def ask_code(door: AtTheDoor) -> Response:
    """Ask for a code of the phone."""
    return _at(door, Stage.SECOND_FACTOR, "code.html")


@router.post("/sign-in/code", dependencies=ATTEMPT)
def check_code(door: AtTheDoor, code: Typed = "") -> Response:
    """Check a code of the phone, or one on paper."""
    opened = sign_in.check_code(door.session, door.token, code, door.keyring, door.now)
    return door.page("code.html", refused=True) if opened is None else door.on(opened)


@router.get("/sign-in/password")
def ask_own_password(door: AtTheDoor) -> Response:
    """Ask for a password of the officer's own."""
    return _at(door, Stage.CHOOSE_PASSWORD, "own_password.html")


@router.post("/sign-in/password", dependencies=FROM_HERE)
def choose_password(door: AtTheDoor, password: Typed = "", again: Typed = "") -> Response:
    """Take a password of the officer's own."""
    if password != again:
        return door.page("own_password.html", refused=True)
    try:
        opened = sign_in.choose_password(door.session, door.token, password, door.now)
    except NotAllowed:
        raise
    except RegistryError:
        return door.page("own_password.html", refused=True)
    return door.on(opened)


@router.get("/sign-in/phone")
def show_phone(door: AtTheDoor) -> Response:
    """Show what the phone is to be told."""
    return _phone(door)


@router.post("/sign-in/phone", dependencies=ATTEMPT)
def enrol(door: AtTheDoor, code: Typed = "") -> Response:
    """Let a first code confirm the phone, and show the recovery codes."""
    enrolled = sign_in.enrol(door.session, door.token, code, door.keyring, door.now)
    if enrolled is None:
        return _phone(door, refused=True)
    shown = Page("account/codes.html", {"codes": enrolled.recovery_codes, "on": "/"})
    page = render(door.request, shown)
    browser_sessions.remember(door.request, page, enrolled.opened.token)
    return page


@router.post("/sign-out", dependencies=FROM_HERE)
def sign_out(door: AtTheDoor) -> Response:
    """End the session of this browser; who came by a provider may end it there too."""
    opened = web_sessions.find(door.session, door.token, door.now)
    is_known = opened is not None and officer_identities.is_connected(door.session, opened.officer)
    web_sessions.end(door.session, door.token)
    response = RedirectResponse("/signed-out" if is_known else "/", 303)
    browser_sessions.forget(door.request, response)
    return response


def _at(door: Door, stage: Stage, template: str) -> Response:
    return door.page(template) if door.stands_at(stage) else RedirectResponse("/sign-in", 303)


def _phone(door: Door, *, refused: bool = False) -> Response:
    if not door.stands_at(Stage.ENROL):
        return RedirectResponse("/sign-in", 303)
    told = sign_in.enrolment(door.session, door.token, door.keyring, door.now)
    values = {"picture": of_phone(told.address), "secret": spaced(told.secret)}
    return door.page("phone.html", refused=refused, **values)
