"""OAuth 2: tokens for clients (RFC 6749, 4.4), and the keys they are signed with (RFC 7517)."""

from base64 import b64decode
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, Form, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.dependencies import DatabaseSession, Now
from api.errors import described
from registry.access import signing_keys, tokens
from registry.access.tokens import Desk, TokenRequest
from registry.errors import TokenRefused
from registry.partners import message_keys
from registry.sealing import keyring

router = APIRouter(tags=["access"])
TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
CLIENT_TOKEN_PATH = "/oauth2/client/token"  # noqa: S105 - a path
UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenForm(BaseModel):
    """The form of a token request."""

    grant_type: str = ""
    scope: str = ""
    client_id: str = ""
    client_secret: str = ""
    client_assertion_type: str = ""
    client_assertion: str = ""


class TokenOut(BaseModel):
    """A token that was given (RFC 6749, 5.1)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a kind
    expires_in: int
    scope: str


class TokenProblem(BaseModel):
    """Why no token was given (RFC 6749, 5.2)."""

    error: str
    error_description: str


REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    **{code: {"model": TokenProblem} for code in (400, 401)}, **described(422),
}  # fmt: skip


def token_request(
    form: Annotated[TokenForm, Form()], authorization: Annotated[str | None, Header()] = None
) -> TokenRequest:
    """What a client sent, its name and secret from the header where they are there."""
    values = form.model_dump()
    if authorization is not None and authorization.lower().startswith("basic "):
        try:
            name, _, secret = b64decode(authorization[6:], validate=True).decode().partition(":")
        except ValueError:
            name = secret = ""
        values |= {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
    return TokenRequest(**values)


def desk(request: Request) -> Desk:
    """What this installation's tokens are made with."""
    settings = request.app.state.settings
    issuer = settings.public_url
    return Desk(keyring(settings), issuer, (issuer.rstrip("/") + TOKEN_PATH,))


def refused(error: TokenRefused) -> JSONResponse:
    """The answer to a request that gets no token."""
    is_unknown = error.code == "invalid_client"
    problem = TokenProblem(error=error.code, error_description=str(error))
    return JSONResponse(
        problem.model_dump(), status_code=401 if is_unknown else 400,
        headers=UNCACHED | ({"WWW-Authenticate": "Basic"} if is_unknown else {}),
    )  # fmt: skip


def given(session: DatabaseSession, asked: TokenRequest, made_with: Desk, now: datetime) -> object:
    """A token, or why there is none; for every address that tokens are given at."""
    try:
        token = tokens.grant(session, asked, made_with, now)
    except TokenRefused as error:
        return refused(error)
    answer = TokenOut(
        access_token=token.token, expires_in=int(token.lasts.total_seconds()), scope=token.scope
    )
    return JSONResponse(answer.model_dump(), headers=UNCACHED)


@router.post(
    TOKEN_PATH,
    summary="A token for ten minutes",
    response_model=TokenOut,
    responses=REFUSALS,
)
def give_token(
    session: DatabaseSession,
    asked: Annotated[TokenRequest, Depends(token_request)],
    made_with: Annotated[Desk, Depends(desk)],
    now: Now,
) -> object:
    """Exchange a client's secret, or an assertion signed with its key, for a bearer token."""
    return given(session, asked, made_with, now)


@router.post(
    CLIENT_TOKEN_PATH,
    summary="A token for ten minutes, at the address of the DCI standard",
    response_model=TokenOut,
    responses=REFUSALS,
)
def give_client_token(
    session: DatabaseSession,
    asked: Annotated[TokenRequest, Depends(token_request)],
    made_with: Annotated[Desk, Depends(desk)],
    now: Now,
) -> object:
    """The same as at the first address; a scope may be written as in `registry/search`."""
    scopes = [each for each in asked.scope.replace(",", " ").split() if not _is_of_dci(each)]
    return given(session, replace(asked, scope=" ".join(scopes)), made_with, now)


def _is_of_dci(scope: str) -> bool:
    """Whether a scope is the standard's, which names paths: the role says what is allowed there."""
    return scope.startswith(("registry/", "registry."))


@router.get("/.well-known/jwks.json", summary="Keys that tokens and messages are signed with")
def read_keys(session: DatabaseSession, now: Now) -> dict[str, list[dict[str, Any]]]:
    """The public keys, as a JSON Web Key Set."""
    return {"keys": signing_keys.published(session, now) + message_keys.published(session)}


@router.get("/.well-known/oauth-authorization-server", summary="What this server can do")
def describe(request: Request) -> dict[str, object]:
    """Addresses and methods, as RFC 8414 describes them."""
    issuer = request.app.state.settings.public_url.rstrip("/")
    return {
        "issuer": request.app.state.settings.public_url,
        "token_endpoint": issuer + TOKEN_PATH,
        "jwks_uri": issuer + "/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "private_key_jwt",
        ],
    }  # fmt: skip
