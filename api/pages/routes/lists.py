"""A scheme's lists: send one, look at it before it is taken, watch it, get rejected rows back."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse, RedirectResponse, StreamingResponse
from starlette.background import BackgroundTask

from api.pages import list_progress, list_words, readers
from api.pages.forms import FormFromHere
from api.pages.languages import chosen
from api.pages.list_forms import LayoutForm, SentFile
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import SEXES
from registry.access.roles import Permission
from registry.errors import BatchInProgress, Forbidden, UnreadableFile
from registry.lists import batch_work, batches, drafts, imports, list_desk
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, BatchStatus, Sending
from registry.lists.estimates import rows_expected
from registry.lists.imports import Terms
from registry.lists.previews import Preview
from registry.lists.reading import Pace
from registry.lists.tallies import Counter, Tally
from registry.schemes.layout import Layout
from registry.settings import Settings
from registry.tables.delimited import CONFIRMABLE
from registry.tables.table import HEAD

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_PAGE: Final = 25
MOST_TRIED: Final = 100_000
"""Rows of the longest list that is tried out while somebody waits."""

router = APIRouter(prefix="/lists", route_class=PageRoute, include_in_schema=False)
Desk = Annotated[readers.Desk, Depends(readers.desk_of(Permission.UPLOAD_BATCHES))]
Number = Annotated[int, InPath(ge=1, le=2**63 - 1)]


@router.get("")
def all_lists(
    desk: Desk, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """Lists that were sent, the latest first, and a form to send another."""
    return _all(desk, before)


@router.post("", dependencies=[FormFromHere])
def send(desk: Desk, sent: Annotated[SentFile, Depends()]) -> Response:
    """Keep a file as a draft and lead to it; the same bytes again lead to what they made before."""
    if not sent.is_chosen:
        return _all(desk, None, lacks_file=True)
    scheme, settings = _scheme(desk), _settings(desk)
    kept = Sent(scheme, sent.mode, sent.path, settings.schemes)
    batch = list_desk.keep(desk.session, kept, _administrator(desk))
    return _lead(batch)


@router.get("/{number}")
def one(number: Number, desk: Desk) -> Response:
    """One list: before it is taken, while it is, and afterwards."""
    batch = _found(desk, number)
    if batch.status == BatchStatus.DRAFT:
        return _draft(desk, batch)
    _, progress = batch_work.watch(desk.session, number, batch.scheme)
    values = {
        **_words(),
        "batch": batch,
        "is_moving": batch.status in list_progress.MOVING,
        "progress": list_progress.told(progress, chosen(desk.request)),
        "counts": progress,
        "steps": list_progress.STEPS,
        "problems": batches.problems(desk.session, batch),
    }
    return render(desk.request, Page("lists/batch.html", values))


@router.get("/{number}/check")
def check(number: Number, desk: Desk) -> Response:
    """Say what would come of a draft, and write nothing."""
    batch = _found(desk, number)
    if batch.status != BatchStatus.DRAFT:
        return _lead(batch)
    return _draft(desk, batch, is_tried=True)


@router.post("/{number}/layout", dependencies=[FormFromHere])
def lay_out(number: Number, desk: Desk, form: Annotated[LayoutForm, Form()]) -> Response:
    """Read a draft another way."""
    batch = _found(desk, number)
    drafts.lay_out(desk.session, batch, form.over(Layout.from_json(batch.layout)))
    return _lead(batch)


@router.post("/{number}/{act}", dependencies=[FormFromHere])
def decide(number: Number, desk: Desk, act: Literal["submit", "confirm", "cancel"]) -> Response:
    """Let a draft be taken, let a held list end what it does not have, or give either up."""
    batch = _found(desk, number)
    if act == "submit":
        list_desk.submit(desk.session, batch, _administrator(desk))
    elif act == "confirm":
        list_desk.confirm(desk.session, batch, _administrator(desk))
    else:
        list_desk.cancel(desk.session, batch, _administrator(desk))
    return _lead(batch)


@router.get("/{number}/progress")
def progress(number: Number, desk: Desk) -> Response:
    """How far a list is, as events, until it moves no more."""
    _found(desk, number)
    events = list_progress.events(desk.request, number, desk.reader)
    return StreamingResponse(events, media_type="text/event-stream")


@router.get("/{number}/corrections")
def corrections(
    number: Number, desk: Desk, rows: Literal["rejected", "all"] = "rejected"
) -> Response:
    """The rows as a workbook, with what is wrong beside each, to be corrected and sent again."""
    batch, administrator = _found(desk, number), _administrator(desk)
    folder = TemporaryDirectory(prefix="registry-corrections-")
    path = Path(folder.name) / f"batch-{number}-{rows}.xlsx"
    if rows == "all":
        list_desk.write_all(desk.session, batch, path, administrator, _settings(desk).schemes)
    else:
        list_desk.write_rejected(desk.session, batch, path, administrator)
    return FileResponse(
        path, media_type=WORKBOOK, filename=path.name, background=BackgroundTask(folder.cleanup)
    )


def _all(desk: readers.Desk, before: int | None, *, lacks_file: bool = False) -> Response:
    found = batch_work.page(desk.session, _scheme(desk), A_PAGE, before)
    values = {
        **_words(),
        "batches": found[:A_PAGE],
        "older": found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        "scheme": _scheme(desk),
        "modes": list_words.MODES,
        "lacks_file": lacks_file,
    }
    return render(desk.request, Page("lists/all.html", values, 422 if lacks_file else 200))


def _draft(desk: readers.Desk, batch: Batch, *, is_tried: bool = False) -> Response:
    """A draft as it would be read; why not, where it cannot be."""
    shown, refusal = None, None
    try:
        shown = drafts.look(desk.session, batch, _settings(desk).schemes)
    except UnreadableFile as error:
        refusal = str(error)
    values = {
        **_words(),
        "batch": batch,
        "shown": shown,
        "refusal": refusal,
        "encoding": Layout.from_json(batch.layout).encoding,
        "encodings": sorted(CONFIRMABLE),
        "fields": list_words.FIELDS,
        "sexes": SEXES,
        "heading_rows": range(1, HEAD + 1),
        "problems": () if shown is None else _problems(shown),
        "is_tried": is_tried,
        "ends_at": drafts.ends_at(batch),
        **(_tried(desk, batch) if is_tried else {"trial": None, "hindrance": None}),
    }
    return render(desk.request, Page("lists/draft.html", values))


def _problems(shown: Preview) -> tuple[Tally, ...]:
    """What is wrong with the rows that are shown."""
    counter = Counter()
    for row in shown.rows:
        counter.add(row.number, row.problems)
    return counter.tallies()


def _tried(desk: readers.Desk, batch: Batch) -> dict[str, object]:
    """What would come of a draft, or what hinders to say so; the desk's transaction is ended."""
    settings = _settings(desk)
    terms = Terms(
        mode=batch.mode, sending=Sending(Layout.from_json(batch.layout), desk.reader.name),
        hold_share=settings.snapshot_hold_share, descriptions=settings.schemes,
        pace=Pace(1, settings.chunk_rows),
    )  # fmt: skip
    with drafts.file_of(desk.session, batch) as path:
        desk.session.commit()
        if (rows_expected(path) or 0) > MOST_TRIED:
            return {"trial": None, "hindrance": "long"}
        try:
            trial = imports.try_out(desk.request.app.state.engine, batch.scheme, path, terms)
        except BatchInProgress:
            return {"trial": None, "hindrance": "busy"}
        except UnreadableFile:
            return {"trial": None, "hindrance": "unreadable"}
    return {"trial": trial, "hindrance": None}


def _words() -> dict[str, object]:
    return {"statuses": list_words.STATUSES, "signs": list_words.SIGNS}


def _found(desk: readers.Desk, number: int) -> Batch:
    return batch_work.find(desk.session, number, _scheme(desk))


def _administrator(desk: readers.Desk) -> list_desk.Desk:
    """The administrator at work, as the audit knows them."""
    return list_desk.Desk(desk.reader.name, _scheme(desk), desk.now)


def _scheme(desk: readers.Desk) -> str:
    if desk.reader.scheme is None:
        raise Forbidden
    return desk.reader.scheme


def _settings(desk: readers.Desk) -> Settings:
    found: Settings = desk.request.app.state.settings
    return found


def _lead(batch: Batch) -> Response:
    return RedirectResponse(f"/lists/{batch.id}", 303)
