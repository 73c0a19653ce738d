"""The choice of a language."""

import re
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from api.pages.forms import FormFromHere
from api.pages.languages import COOKIE
from api.pages.rendering import PageRoute

A_YEAR: Final = 365 * 24 * 60 * 60
OUR_PATH: Final = re.compile(r"/(?![/\\])[\w/.~-]*")

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/language", dependencies=[FormFromHere])
def choose(
    language: Annotated[Literal["km", "en"], Form()], to: Annotated[str, Form(max_length=200)] = "/"
) -> RedirectResponse:
    """Keep the choice, and lead back to where it was made; never to another site."""
    target = to if OUR_PATH.fullmatch(to) else "/"
    response = RedirectResponse(target, 303)
    response.set_cookie(COOKIE, language, max_age=A_YEAR, httponly=True, samesite="lax")
    return response
