"""How far a list is, in words; as server-sent events while it is being taken."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from math import ceil
from typing import Final

import orjson
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.pages.languages import Language, chosen, message
from api.pages.list_words import STATUSES
from registry.access import sight
from registry.access.principals import Principal
from registry.database import transaction
from registry.lists import batch_work
from registry.lists.batches import BatchStatus
from registry.lists.progress import Progress

MOVING: Final = frozenset({BatchStatus.RECEIVED, BatchStatus.PARSED})
STEPS: Final = (
    message("Its rows are read"),
    message("They are compared with what the registry has"),
    message("They are linked with the records of all schemes"),
)
WAITS: Final = message("waits for its turn")
STATES: Final = (message("done"), message("goes on"), message("comes later"))
EVERY: Final = 1.0
AT_MOST: Final = 30
"""Events of one answer; the browser asks again, and who it is is looked at again."""
RETRY: Final = b"retry: 1000\n\n"
END: Final = b"event: end\ndata: {}\n\n"


def told(progress: Progress, language: Language) -> dict[str, str]:
    """Progress as the page shows it; `share` is of hundred, "" while nothing is known."""
    expected, moves = progress.rows_expected, progress.status in MOVING
    share = ""
    if progress.status == BatchStatus.RECEIVED and expected:
        share = str(min(100, 100 * progress.rows_read // expected))
    return {
        "status": language.words.gettext(STATUSES[progress.status]),
        "share": share,
        "rows_expected": "–" if expected is None else language.number(expected),
        "rows_read": language.number(progress.rows_read),
        "rows_accepted": language.number(progress.rows_accepted),
        "rows_rejected": language.number(progress.rows_rejected),
        "records_linked": "–" if moves else language.number(progress.records_linked),
        "left": _left(progress.seconds_left, language),
        **{f"step_{number}": language.words.gettext(state) for number, state in _steps(progress)},
    }


def _steps(progress: Progress) -> Iterator[tuple[int, str]]:
    """Where each of `STEPS` stands: a list is read, compared, linked, one after the other."""
    at = {BatchStatus.RECEIVED: int(progress.is_read), BatchStatus.PARSED: 2}
    now = at.get(progress.status, len(STEPS))
    for number in range(len(STEPS)):
        waits = number == now == 0 and progress.rows_expected is None
        yield number, WAITS if waits else STATES[(number >= now) + (number > now)]


async def events(request: Request, number: int, reader: Principal) -> AsyncIterator[bytes]:
    """Progress once a second until the batch moves no more; no connection is held in between."""
    language = chosen(request)
    yield RETRY
    for _ in range(AT_MOST):
        progress = await run_in_threadpool(_read, request, number, reader)
        yield b"data: " + orjson.dumps(told(progress, language)) + b"\n\n"
        if progress.status not in MOVING:
            yield END
            return
        await asyncio.sleep(EVERY)


def _read(request: Request, number: int, reader: Principal) -> Progress:
    with transaction(request.app.state.engine) as session:
        sight.narrow(session, sight.of(reader))
        _, progress = batch_work.watch(session, number, reader.scheme)
    return progress


def _left(seconds: float | None, language: Language) -> str:
    if seconds is None:
        return language.words.gettext("not known yet")
    minutes = ceil(seconds / 60)
    if minutes <= 1:
        return language.words.gettext("less than a minute")
    shown = language.words.ngettext("about %(count)s minute", "about %(count)s minutes", minutes)
    return shown % {"count": language.number(minutes)}
