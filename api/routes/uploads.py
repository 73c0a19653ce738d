"""Uploads that go on where they were interrupted: the tus protocol, version 1.0.

https://tus.io/protocols/resumable-upload: its core, and the extensions creation, expiration and
termination. The metadata `filename`, `scheme` and `mode` say what is sent; `sheet`, `heading_row`,
`encoding` and `headings`, a JSON object of heading to field or null, how it is laid out. When the
last byte has come, `Upload-Batch` is the number of the batch.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, Json, ValidationError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.dependencies import Caller, DatabaseSession, Now, allowed, enter
from api.doing_once import Done, DoneOnce
from api.errors import described
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.database import transaction
from registry.errors import Forbidden
from registry.lists import uploads
from registry.lists.batches import Mode
from registry.lists.parsing import adapter_of
from registry.lists.uploads import Announced, Part, Upload
from registry.schemes.fields import Field as Meaning
from registry.schemes.layout import Layout
from registry.tables import LIMITS
from registry.tables.table import HEAD

VERSION = "1.0.0"
CONTENT = "application/offset+octet-stream"
PIECE = 1 << 20
"""Bytes that are held before they are kept."""
TUS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


def speaks_tus(tus_resumable: Annotated[str | None, Header()] = None) -> None:
    """Refuse who speaks another version of the protocol, or none."""
    if tus_resumable != VERSION:
        raise HTTPException(
            HTTPStatus.PRECONDITION_FAILED, f"Tus-Resumable must be {VERSION}.",
            {"Tus-Version": VERSION},
        )  # fmt: skip


def sender_of_parts(caller: Caller) -> Principal:
    """Who sends a part, when they may; holds no connection to the database while it comes.

    Raises:
        Forbidden: they may not send lists.
    """
    if not caller.may(Permission.UPLOAD_BATCHES):
        raise Forbidden
    return caller


router = APIRouter(prefix="/v1/uploads", tags=["uploads"])
Sender = Annotated[Principal, Depends(allowed(Permission.UPLOAD_BATCHES))]
Id = Annotated[str, Path(max_length=64, pattern="^[A-Za-z0-9_-]+$")]
SpeaksTus = Depends(speaks_tus)


@router.options("", summary="What of the tus protocol is spoken", status_code=204)
def describe() -> Response:
    """The version of tus, its extensions, and how large a file may be."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(LIMITS.file_bytes),
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=TUS | headers)


@dataclass(frozen=True)
class _Asking:
    """Who asks, when, and in which transaction."""

    session: Session
    sender: Principal
    now: datetime

    @property
    def owner(self) -> str:
        """Whose an upload is."""
        return owner(self.sender)


def _asking(session: DatabaseSession, sender: Sender, now: Now) -> _Asking:
    return _Asking(session, sender, now)


Asking = Annotated[_Asking, Depends(_asking)]


@router.post(
    "",
    summary="Begin to send a list in parts",
    status_code=201,
    response_class=Response,
    dependencies=[SpeaksTus],
    responses=described(400, 401, 403, 409, 412, 413, 422),
)
def create(
    request: Request,
    asking: Asking,
    once: DoneOnce,
    upload_length: Annotated[int, Header(ge=1)],
    upload_metadata: Annotated[str, Header(max_length=4000)] = "",
) -> Response:
    """Announce a file; its parts are sent to the address in `Location`."""
    asked = (str(upload_length), upload_metadata)
    call = (asking.session, asking.sender, asking.now)
    return once.run(call, asked, lambda: _begun(request, asking, upload_length, upload_metadata))


def _begun(request: Request, asking: _Asking, upload_length: int, upload_metadata: str) -> Done:
    if upload_length > LIMITS.file_bytes:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The file is too large.")
    said, own = metadata(upload_metadata), asking.sender.scheme
    scheme = said.get("scheme") or own or ""
    if own is not None and scheme != own:
        raise Forbidden
    adapter_of(scheme, request.app.state.settings.schemes)
    mode = said.get("mode") or Mode.DELTA.value
    if mode not in set(Mode):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, f"There is no mode {mode}.")
    file = Announced(
        asking.owner, scheme, Mode(mode), said.get("filename", ""), upload_length, _layout(said)
    )
    upload = uploads.begin(asking.session, file, asking.now)
    place = request.app.url_path_for("upload_offset", upload=upload.id)
    headers = {**_state(upload), "Location": str(place)}
    return Done(None, HTTPStatus.CREATED, tuple(headers.items()))


@router.head(
    "/{upload}",
    name="upload_offset",
    summary="Where an upload goes on",
    response_class=Response,
    dependencies=[SpeaksTus],
    responses=described(401, 403, 404, 412),
)
def offset(upload: Id, asking: Asking) -> Response:
    """How much has come by now."""
    found = uploads.find(asking.session, upload, asking.owner, asking.now)
    return Response(headers={**_state(found), "Upload-Length": str(found.size)})


@router.patch(
    "/{upload}",
    summary="Send the next part",
    status_code=204,
    dependencies=[SpeaksTus],
    responses=described(401, 403, 404, 409, 412, 415, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {CONTENT: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def go_on(
    upload: Id,
    request: Request,
    sender: Annotated[Principal, Depends(sender_of_parts)],
    now: Now,
    upload_offset: Annotated[int, Header(ge=0)],
) -> Response:
    """Keep bytes from an offset on, piece by piece; what came before an interruption is kept."""
    if request.headers.get("content-type") != CONTENT:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send it as {CONTENT}.")
    start = upload_offset
    headers: dict[str, str] = {}
    async for piece in _pieces(request):
        part = Part(upload, owner(sender), start, piece)
        headers = await run_in_threadpool(_keep, request, part, now, sender)
        start += len(piece)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


@router.delete(
    "/{upload}",
    summary="End an upload",
    status_code=204,
    dependencies=[SpeaksTus],
    responses=described(401, 403, 404, 412),
)
def end(upload: Id, asking: Asking) -> Response:
    """Forget an upload and its bytes."""
    uploads.end(asking.session, upload, asking.owner, asking.now)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=TUS)


def owner(sender: Principal) -> str:
    """Whose an upload is: the kind and the number of who sends it, and their name."""
    return f"{sender.number} {sender.name}"


def metadata(header: str) -> Mapping[str, str]:
    """What `Upload-Metadata` says: pairs of a key and a text in base 64.

    Raises:
        HTTPException: it is not of that form.
    """
    found: dict[str, str] = {}
    for pair in filter(None, (pair.strip() for pair in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            message = f"Upload-Metadata: {key} is not text in base 64."
            raise HTTPException(HTTPStatus.BAD_REQUEST, message) from error
    return found


class _LaidOut(BaseModel):
    """What metadata say of a list's layout."""

    encoding: Annotated[str, Field(max_length=40)] | None = None
    sheet: Annotated[str, Field(max_length=200)] | None = None
    heading_row: Annotated[int, Field(ge=1, le=HEAD)] | None = None
    headings: Json[dict[str, Meaning | None]] = {}


def _layout(said: Mapping[str, str]) -> Layout:
    """How a list is laid out, as far as its metadata say.

    Raises:
        HTTPException: what they say is not possible.
    """
    try:
        found = _LaidOut.model_validate(dict(said))
    except ValidationError as error:
        wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors()}))
        message = f"Upload-Metadata: {wrong} is not as described."
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message) from error
    return Layout(found.encoding, found.sheet, found.heading_row, found.headings)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of a bounded size; where the sender is gone, what came before is last."""
    waiting = bytearray()
    try:
        async for block in request.stream():
            waiting += block
            while len(waiting) >= PIECE:
                yield bytes(waiting[:PIECE])
                del waiting[:PIECE]
    except ClientDisconnect:
        pass
    yield bytes(waiting)


def _keep(request: Request, part: Part, now: datetime, sender: Principal) -> dict[str, str]:
    with transaction(request.app.state.engine) as session:
        enter(session, request, sender, door="api")
        return _state(uploads.append(session, part, now))


def _state(upload: Upload) -> dict[str, str]:
    """Where an upload is."""
    headers = {
        **TUS,
        "Upload-Offset": str(upload.received),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }
    if upload.batch_id is not None:
        headers["Upload-Batch"] = str(upload.batch_id)
    return headers
