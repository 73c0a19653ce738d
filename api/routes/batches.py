"""Batches: send a list, watch it, correct what was rejected, confirm or cancel it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response, UploadFile
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.dependencies import Call, Chosen, calling
from api.doing_once import Done, DoneOnce
from api.errors import described
from api.matching_versions import IfMatch, entity_tag, require
from api.paging import AskedPage, Page
from api.schemas import WITHOUT_NUL
from api.shapes.batches import BatchOut, RejectedRowOut, TalliesOut, WatchedBatchOut
from api.transactions import InOneThread
from registry.access.roles import Permission
from registry.lists import batch_work, list_desk
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.lists.list_desk import Desk

router = APIRouter(prefix="/v1/batches", tags=["batches"], route_class=InOneThread)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAIT_SECONDS = 2
LONGEST_NAME = 150
PIECE = 1 << 20
Administrator = Annotated[Call, Depends(calling(Permission.UPLOAD_BATCHES))]
Watcher = Annotated[Call, Depends(calling(Permission.READ_BATCHES))]
Number = Annotated[int, InPath(ge=1, le=2**63 - 1, description="Number of the batch.")]


@dataclass(frozen=True)
class _Uploaded:
    sent: Sent
    sha256: str


def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="registry-upload-") as folder:
        yield Path(folder)


def _uploaded(
    scheme: Annotated[str, Form(min_length=1, max_length=40, pattern=WITHOUT_NUL)],
    file: UploadFile,
    folder: Annotated[Path, Depends(_folder)],
    settings: Chosen,
    mode: Annotated[Mode, Form(description="snapshot: records that are not on it end.")] = (
        Mode.DELTA
    ),
) -> _Uploaded:
    """Write an uploaded file under its own name, without any path or sign a system refuses."""
    name = "".join(sign for sign in Path(file.filename or "").name if sign.isprintable())
    path = folder / (name[-LONGEST_NAME:] or "list")
    digest = sha256()
    with path.open("wb") as kept:
        while piece := file.file.read(PIECE):
            kept.write(piece)
            digest.update(piece)
    return _Uploaded(Sent(scheme, mode, path, settings.schemes), digest.hexdigest())


@router.post(
    "", summary="Send a list", status_code=201, response_model=BatchOut,
    responses={**described(401, 403, 413, 422), 200: {"model": BatchOut}},
)  # fmt: skip
def send(
    call: Administrator, uploaded: Annotated[_Uploaded, Depends(_uploaded)], once: DoneOnce
) -> Response:
    """Keep a list; a worker takes it. The same bytes again are the same batch, answered 200."""
    sent = replace(uploaded.sent, by=call.caller.name)

    def act() -> Done:
        batch, is_new = list_desk.send(call.session, sent, _desk(call))
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        headers = (("Location", f"/v1/batches/{batch.id}"), ("ETag", _tag(batch)))
        return Done(BatchOut.of(batch), status, headers)

    return once.run(call.whole, (sent.scheme, sent.mode, sent.path.name, uploaded.sha256), act)


@router.get("", summary="Lists that were sent", responses=described(400, 401, 403, 422))
def read_many(call: Watcher, page: AskedPage) -> Page[BatchOut]:
    """Batches, the latest first."""
    found = batch_work.page(call.session, call.caller.scheme, page.limit, page.behind)
    return page.page(found, BatchOut.of, lambda batch: batch.id)


@router.get("/{number}", summary="How far a list is", responses=described(401, 403, 404, 422))
def read(number: Number, call: Watcher, response: Response) -> WatchedBatchOut:
    """A batch with its progress; `Retry-After` says when to ask again while it is being taken."""
    batch, progress = batch_work.watch(call.session, number, call.caller.scheme)
    response.headers["ETag"] = _tag(batch)
    if batch.status in {BatchStatus.RECEIVED, BatchStatus.PARSED}:
        response.headers["Retry-After"] = str(WAIT_SECONDS)
    return WatchedBatchOut.watched(batch, progress)


@router.get(
    "/{number}/problems", summary="What is wrong with it", responses=described(401, 403, 404, 422)
)
def read_problems(number: Number, call: Watcher) -> TalliesOut:
    """What is wrong with the rows, counted by what it is, with examples."""
    return TalliesOut.of(batch_work.problems(call.session, number, call.caller.scheme))


@router.get(
    "/{number}/rejected-rows", summary="Rows that were not taken",
    responses=described(400, 401, 403, 404, 422),
)  # fmt: skip
def read_rejected(number: Number, call: Watcher, page: AskedPage) -> Page[RejectedRowOut]:
    """Rejected rows in the order of the file."""
    found = list_desk.rejected_page(call.session, number, _desk(call), page.limit, page.behind)
    return page.page(found, RejectedRowOut.of, lambda row: row.row)


@router.get(
    "/{number}/corrections", summary="Rows that were not taken, as a workbook",
    response_class=FileResponse,
    responses={200: {"content": {WORKBOOK: {}}}, **described(401, 403, 404, 422)},
)  # fmt: skip
def read_corrections(number: Number, call: Watcher) -> FileResponse:
    """The rejected rows with what is wrong beside each, to be corrected and sent again."""
    batch = batch_work.find(call.session, number, call.caller.scheme)
    folder = TemporaryDirectory(prefix="registry-corrections-")
    path = Path(folder.name) / f"batch-{number}-corrections.xlsx"
    list_desk.write_rejected(call.session, batch, path, _desk(call))
    return FileResponse(
        path, media_type=WORKBOOK, filename=path.name, background=BackgroundTask(folder.cleanup)
    )


@router.post(
    "/{number}/confirm", summary="Let a held list end what it does not have",
    response_model=BatchOut, responses=described(401, 403, 404, 409, 412, 422, 428),
)  # fmt: skip
def confirm(
    number: Number, call: Administrator, once: DoneOnce, if_match: IfMatch = None
) -> Response:
    """Confirm a held batch; a worker goes on with it."""

    def act() -> Done:
        batch = batch_work.find(call.session, number, call.caller.scheme)
        require(if_match, _tag(batch))
        list_desk.confirm(call.session, batch, _desk(call))
        return Done(BatchOut.of(batch), headers=(("ETag", _tag(batch)),))

    return once.run(call.whole, (if_match or "",), act)


@router.post(
    "/{number}/cancel", summary="Give up a list whose rows are not taken",
    response_model=BatchOut, responses=described(401, 403, 404, 409, 412, 422, 428),
)  # fmt: skip
def cancel(
    number: Number, call: Administrator, once: DoneOnce, if_match: IfMatch = None
) -> Response:
    """Cancel a batch: nothing of it is taken."""

    def act() -> Done:
        batch = batch_work.find(call.session, number, call.caller.scheme)
        require(if_match, _tag(batch))
        list_desk.cancel(call.session, batch, _desk(call))
        return Done(BatchOut.of(batch), headers=(("ETag", _tag(batch)),))

    return once.run(call.whole, (if_match or "",), act)


def _desk(call: Call) -> Desk:
    return Desk(call.caller.name, call.caller.scheme, call.now)


def _tag(batch: Batch) -> str:
    return entity_tag(batch.id, batch.status.value, int(batch.confirmed_at is not None))
