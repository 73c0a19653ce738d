"""The choice of a language."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from api.pages.forms import FormFromHere
from api.pages.rendering import PageRoute

OUR_PATH: Final = re.compile(r"/(?![/\\])[\w/.~-]*")

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/language", dependencies=[FormFromHere])
def choose(to: Annotated[str, Form(max_length=200)] = "/") -> RedirectResponse:
    """Lead back to where the choice was made, never to another site; the form keeps the choice."""
    target = to if OUR_PATH.fullmatch(to) else "/"
    return RedirectResponse(target, 303)
