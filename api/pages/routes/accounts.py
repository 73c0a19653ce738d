"""Accounts of officers and of clients, for system administrators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from api.pages.account_forms import ClientForm, OfficerForm
from api.pages.figures.labels import provinces, scheme
from api.pages.forms import FormFromHere
from api.pages.languages import chosen
from api.pages.readers import Desk, desk_of
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import ROLES
from registry.access import accounts, officer_identities, officers, principals
from registry.access.accounts import Steward
from registry.access.provider import Identity, Provider
from registry.access.roles import Permission
from registry.errors import RegistryError
from registry.schemes import codes
from registry.schemes.mapped import load_schemes

Name = Annotated[str, Form(min_length=1, max_length=100)]

router = APIRouter(prefix="/accounts", route_class=PageRoute, include_in_schema=False)


AdministratorsDesk = Annotated[Desk, Depends(desk_of(Permission.MANAGE_ACCOUNTS))]


@router.get("")
def everybody(at: AdministratorsDesk) -> Response:
    """All accounts, with what can be done to each."""
    return _all(at)


@router.post("/officers/add", dependencies=[FormFromHere])
def add_officer(at: AdministratorsDesk, form: Annotated[OfficerForm, Form()]) -> Response:
    """Make an account and show its password, this once."""
    try:
        with at.session.begin_nested():
            password = accounts.add_officer(at.session, form.officer(), _steward(at))
    except RegistryError as error:
        return _all(at, str(error))
    return _told(at, form.login, password)


@router.post("/officers/connect", dependencies=[FormFromHere])
def connect_officer(
    at: AdministratorsDesk, login: Name, subject: Annotated[str, Form(max_length=255)] = ""
) -> Response:
    """Let a subject of the provider sign in as an officer."""
    provider: Provider | None = at.request.app.state.provider
    if provider is None:
        return _all(at, "Officers do not sign in with a provider here.")
    identity = Identity(provider.issuer, subject.strip())
    try:
        with at.session.begin_nested():
            accounts.connect_officer(at.session, login, identity, _steward(at))
    except RegistryError as error:
        return _all(at, str(error))
    return RedirectResponse("/accounts", 303)


@router.post("/officers/{act}", dependencies=[FormFromHere])
def change_officer(
    at: AdministratorsDesk, login: Name, act: Literal["reset", "disconnect", "unlock", "close"]
) -> Response:
    """Reset, disconnect from the provider, unlock or close an officer's account."""
    if act == "disconnect":
        return _told(at, login, accounts.disconnect_officer(at.session, login, _steward(at)))
    if act == "reset":
        password = accounts.reset_officer(at.session, login, _steward(at))
        return (
            RedirectResponse("/accounts", 303) if password is None else _told(at, login, password)
        )
    change = accounts.unlock_officer if act == "unlock" else accounts.close_officer
    change(at.session, login, _steward(at))
    return RedirectResponse("/accounts", 303)


@router.post("/clients/add", dependencies=[FormFromHere])
def add_client(at: AdministratorsDesk, form: Annotated[ClientForm, Form()]) -> Response:
    """Add a client and show its secret, this once."""
    try:
        with at.session.begin_nested():
            secret = accounts.add_client(at.session, form.client(), _steward(at))
    except RegistryError as error:
        return _all(at, str(error))
    return _told(at, form.name, secret.token, secret.client)


@router.post("/clients/{act}", dependencies=[FormFromHere])
def change_client(at: AdministratorsDesk, name: Name, act: Literal["renew", "revoke"]) -> Response:
    """Give a client a new secret, or none any more."""
    if act == "revoke":
        accounts.revoke_client(at.session, name, _steward(at))
        return RedirectResponse("/accounts", 303)
    secret = accounts.renew_client(at.session, name, _steward(at))
    return _told(at, name, secret.token, secret.client)


def _steward(at: Desk) -> Steward:
    return Steward(at.reader.name, at.now)


def _all(at: Desk, wrong: str | None = None) -> Response:
    """All accounts; `wrong` says why nothing was changed."""
    folder = at.request.app.state.schemes
    language = chosen(at.request)
    known = codes({} if folder is None else load_schemes(folder))
    provider: Provider | None = at.request.app.state.provider
    values = {
        "officers": officers.everybody(at.session),
        "clients": principals.clients(at.session),
        "roles": ROLES,
        "schemes": {code: scheme(code, language) for code in known},
        "provinces": provinces(language.code),
        "now": at.now,
        "provider": None if provider is None else provider.name,
        "subjects": officer_identities.subjects(at.session),
        "wrong": wrong,
    }
    return render(at.request, Page("accounts/all.html", values, 422 if wrong else 200))


def _told(at: Desk, name: str, secret: str | None, number: int | None = None) -> Response:
    """A secret, this once."""
    values = {"name": name, "secret": secret, "number": number}
    return render(at.request, Page("accounts/secret.html", values))
