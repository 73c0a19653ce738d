"""Style, scripts and typeface, under addresses that change with their content."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.pages.compression import shrink
from api.pages.typeface import NAME, typeface
from registry.errors import NotFound

FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
TYPEFACE: Final = f"/static/{NAME}"

router = APIRouter(prefix="/static", include_in_schema=False)


@cache
def address(name: str) -> str:
    """Where a file of the folder `static`, or the typeface, is served."""
    if name == "typeface":
        return TYPEFACE
    return f"/static/{hashlib.sha256(_content(name)).hexdigest()[:12]}/{name}"


@router.get(f"/{NAME}")
def khmer_typeface(request: Request) -> FileResponse:
    """The Khmer typeface; made now if nobody has asked for it before."""
    made = typeface(request.app.state.home)
    return FileResponse(made, media_type="font/woff2", headers=_headers())


@router.get("/{version}/{name}")
def static_file(request: Request, version: str, name: str) -> Response:
    """A file as of one version."""
    if name not in _names() or address(name) != f"/static/{version}/{name}":
        raise NotFound("There is no such file.")
    kind = KINDS[name.rsplit(".", 1)[-1]]
    return shrink(request, Response(_content(name), media_type=kind, headers=_headers()))


def _headers() -> dict[str, str]:
    return {
        "Cache-Control": FOR_A_YEAR,
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }


@cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in (files("api.pages") / "static").iterdir())


@cache
def _content(name: str) -> bytes:
    content = (files("api.pages") / "static" / name).read_bytes()
    return content.replace(b"KHMER_TYPEFACE", TYPEFACE.encode())
