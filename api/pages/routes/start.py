"""The first page: what the registry is, or, for who is signed in, what they may do."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import DatabaseSession, Now, anybody
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import ROLES
from registry.access import officers, sight
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.reviewing import review_work

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Anybody = Annotated[Principal | None, Depends(anybody)]


@router.get("/")
def start(request: Request, session: DatabaseSession, reader: Anybody, now: Now) -> Response:
    """Welcome whoever comes by; show an officer where they may go, and how much waits there."""
    if reader is None:
        return render(request, Page("welcome.html"))
    request.state.principal = reader
    officer = officers.by_login(session, reader.name)
    sight.narrow(session, sight.of(reader))
    waiting = {}
    if reader.may(Permission.DECIDE_REVIEWS):
        progress = review_work.progress(session, reader.name, now, now)
        waiting["/reviews"] = progress.waiting
    values = {
        "name": reader.name if officer is None else officer.name,
        "roles": [ROLES[role] for role in sorted(reader.roles)],
        "waiting": waiting,
        "most": review_work.MOST_COUNTED,
    }
    return render(request, Page("start.html", values))
