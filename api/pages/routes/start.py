"""The first page."""

from fastapi import APIRouter, Request, Response

from api.pages.rendering import Page, PageRoute, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
def start(request: Request) -> Response:
    """What the registry is, for whoever comes by."""
    return render(request, Page("welcome.html"))
