"""An officer's own account: password, phone, recovery codes, browsers that are signed in."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from api import browser_sessions
from api.dependencies import DatabaseSession, Now, host_of
from api.pages.forms import FormFromHere
from api.pages.languages import message
from api.pages.qr_codes import of_phone, spaced
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import ROLES
from registry import sealing
from registry.access import own_account
from registry.access.own_account import Offer, Own, Proof
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.errors import NotAllowed, RegistryError, SignInNeeded

WRONG: Final = 422
UNPROVEN: Final = message(
    "Password or code is wrong, or the account is locked for a while. Nothing was changed."
)
NOT_ALIKE: Final = message("The new password was not the same twice. Nothing was changed.")
WRONG_CODE: Final = message("This code is wrong or was used already. Wait for the next one.")
CHANGED: Final = message("Your password is changed. Your other browsers are signed out.")

router = APIRouter(prefix="/account", route_class=PageRoute, include_in_schema=False)
Typed = Annotated[str, Form(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=300)]


def at_desk(request: Request, session: DatabaseSession, now: Now) -> Own:
    """The account that this browser is signed in to, whatever its role; nobody's data is seen.

    Raises:
        SignInNeeded: nobody is.
        Forbidden: a page of another site made the request.
    """
    browser_sessions.check_origin(request)
    token = browser_sessions.token_of(request)
    keyring = sealing.keyring(request.app.state.settings)
    try:
        own = own_account.opened(session, token, keyring, now)
    except NotAllowed as error:
        raise SignInNeeded from error
    request.state.principal = own.officer.principal
    audit.comes_from(session, Origin("pages", host_of(request)))
    return own


OwnDesk = Annotated[Own, Depends(at_desk)]


class ProofForm(BaseModel):
    """What proves that it is the officer."""

    password: Text = ""
    code: Text = ""
    form_token: str = ""

    @property
    def proof(self) -> Proof:
        """As the registry takes it."""
        return Proof(self.password, self.code)


class PasswordForm(ProofForm):
    """A new password, typed twice."""

    newer: Text = ""
    again: Text = ""


Proven = Annotated[ProofForm, Form()]


@router.get("")
def account(request: Request, own: OwnDesk) -> Response:
    """The account as it stands."""
    return _page(request, own)


@router.post("/password", dependencies=[FormFromHere])
def change_password(
    request: Request, own: OwnDesk, form: Annotated[PasswordForm, Form()]
) -> Response:
    """Change the password; this browser stays signed in, all others do not."""
    if form.newer != form.again:
        return _page(request, own, wrong=NOT_ALIKE)
    try:
        with own.session.begin_nested():
            opened = own_account.change_password(own, form.proof, form.newer)
    except RegistryError as error:
        return _page(request, own, refusal=str(error))
    if opened is None:
        return _page(request, own, wrong=UNPROVEN)
    page = _page(request, own_account.anew(own, opened), done=CHANGED)
    browser_sessions.remember(request, page, opened.token)
    return page


@router.post("/phone", dependencies=[FormFromHere])
def offer_phone(request: Request, own: OwnDesk, proven: Proven) -> Response:
    """Show what a new phone is to be told."""
    offer = own_account.offer_phone(own, proven.proof)
    return _page(request, own, wrong=UNPROVEN) if offer is None else _phone(request, offer)


@router.post("/phone/code", dependencies=[FormFromHere])
def take_phone(
    request: Request, own: OwnDesk, offer: Annotated[str, Form(max_length=1000)], code: Typed = ""
) -> Response:
    """Let a first code put the new phone in the place of the former; show recovery codes."""
    offered = own_account.offered(own, offer)
    taken = own_account.take_phone(own, offered, code)
    if taken is None:
        return _phone(request, offered, wrong=WRONG_CODE)
    opened, codes = taken
    page = _codes(request, codes)
    browser_sessions.remember(request, page, opened.token)
    return page


@router.post("/recovery", dependencies=[FormFromHere])
def renew_recovery_codes(request: Request, own: OwnDesk, proven: Proven) -> Response:
    """New recovery codes, shown this once."""
    codes = own_account.renew_recovery_codes(own, proven.proof)
    return _page(request, own, wrong=UNPROVEN) if codes is None else _codes(request, codes)


@router.post("/browsers/end", dependencies=[FormFromHere])
def end_browsers(own: OwnDesk, handle: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Sign out another browser, or all others."""
    own_account.end_others(own, handle or None)
    return RedirectResponse("/account#browsers", 303)


def _page(
    request: Request, own: Own, *, wrong: str = "", refusal: str = "", done: str = ""
) -> Response:
    """The account; `wrong` and `done` are texts of the pages, `refusal` is the registry's."""
    values = {
        "officer": own.officer,
        "roles": [ROLES[role] for role in sorted(own.officer.principal.roles)],
        "browsers": own_account.browsers(own),
        "wrong": wrong,
        "refusal": refusal,
        "done": done,
    }
    status = WRONG if wrong or refusal else 200
    return render(request, Page("account/own.html", values, status))


def _phone(request: Request, offer: Offer, *, wrong: str | None = None) -> Response:
    values = {
        "offer": offer.sealed,
        "picture": of_phone(offer.enrolment.address),
        "secret": spaced(offer.enrolment.secret),
        "wrong": wrong,
    }
    return render(request, Page("account/phone.html", values, WRONG if wrong else 200))


def _codes(request: Request, codes: list[str]) -> Response:
    return render(request, Page("account/codes.html", {"codes": codes, "on": "/account"}))
