"""Reviews: the queue, one pair, a word on it, and what an officer said before."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse

from api.pages import pair_rows, readers
from api.pages.failures import reads_pages
from api.pages.forms import FormFromHere
from api.pages.languages import PLACE, chosen
from api.pages.rendering import Page, PageRoute, render
from api.pages.wording import REASONS, RELATIONSHIPS, SEXES, VALUES, VERDICTS
from registry.access.roles import Permission
from registry.auditing import audit
from registry.auditing.audit import Access
from registry.lookups.lookup import Reader
from registry.matching import evidence
from registry.people.decisions import Verdict
from registry.people.reviews import Review
from registry.reviewing import review_desk, review_pairs, review_queue, review_work
from registry.reviewing.review_queue import Statement

router = APIRouter(prefix="/reviews", route_class=PageRoute, include_in_schema=False)
Desk = Annotated[readers.Desk, Depends(readers.desk_of(Permission.DECIDE_REVIEWS))]
Note = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True)
class Spoken:
    """What an officer sends: the version that they saw, their word, a note."""

    version: Annotated[int, Form()]
    verdict: Annotated[Verdict, Form()]
    note: Note = ""

    @property
    def lacks_note(self) -> bool:
        """Whether a doubt comes without its reason."""
        return self.verdict == Verdict.UNSURE and not self.note.strip()


@router.get("")
def queue(desk: Desk) -> Response:
    """What waits, and how the officer gets on."""
    agreement = review_work.agreement(desk.session, desk.reader.name, desk.now)
    values = {**_work(desk), "agreement": agreement}
    return render(desk.request, Page("reviews/queue.html", values))


@router.post("/next", dependencies=[FormFromHere])
def claim_next(desk: Desk) -> Response:
    """Claim what comes next and lead to it."""
    return _next(desk)


@router.get("/said")
def said(desk: Desk, before: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """What the officer said, the latest first."""
    words = review_work.said_by(desk.session, desk.reader.name, before=before)
    values = {"said": words, "verdicts": VERDICTS, "most": review_work.A_PAGE}
    return render(desk.request, Page("reviews/said.html", values))


@router.post("/said/{opinion}/undo", dependencies=[FormFromHere])
def undo(opinion: int, desk: Desk, note: Note = "") -> Response:
    """Undo what the officer said, and lead to the pair again where it waits."""
    session, name, now = desk.session, desk.reader.name, desk.now
    review = review_desk.take_back(session, opinion, note.strip(), _officer(desk, "own word"))
    if review is None or not review_queue.claim_this(session, review.id, name, now):
        return RedirectResponse("/reviews/said", 303)
    return RedirectResponse(f"/reviews/{review.id}", 303)


@router.get("/{number}")
def pair(number: int, desk: Desk) -> Response:
    """A pair that the officer holds; the queue where they do not hold it."""
    review = _held(desk, number)
    return RedirectResponse("/reviews", 303) if review is None else _shown(desk, review)


@router.post("/{number}", dependencies=[FormFromHere])
def decide(number: int, desk: Desk, spoken: Annotated[Spoken, Depends()]) -> Response:
    """Take the officer's word and lead to the next pair; a doubt is taken with its reason only."""
    if spoken.lacks_note and (review := _held(desk, number)) is not None:
        return _shown(desk, review, lacks_note=True)
    statement = Statement(
        number, spoken.version, desk.reader.name, spoken.verdict, spoken.note.strip()
    )
    review_desk.speak(desk.session, statement, _officer(desk, f"review {number}"))
    return _next(desk)


@router.post("/{number}/renew", dependencies=[FormFromHere])
def renew(number: int, desk: Desk) -> Response:
    """Hold the pair for longer; a script is told until when, "" where it is lost."""
    until = review_queue.renew(desk.session, number, desk.reader.name, desk.now)
    if not reads_pages(desk.request):
        clock = chosen(desk.request).clock
        return JSONResponse({"until": "" if until is None else clock(until)})
    return RedirectResponse(f"/reviews/{number}", 303)


@router.post("/{number}/release", dependencies=[FormFromHere])
def release(number: int, desk: Desk) -> Response:
    """Give the pair back to the queue."""
    review_queue.release(desk.session, number, desk.reader.name)
    return RedirectResponse("/reviews", 303)


def _next(desk: readers.Desk) -> Response:
    review = review_queue.claim(
        desk.session, desk.reader.name, desk.now, is_supervisor=_supervises(desk)
    )
    return RedirectResponse("/reviews" if review is None else f"/reviews/{review.id}", 303)


def _shown(desk: readers.Desk, review: Review, *, lacks_note: bool = False) -> Response:
    view = review_pairs.of_review(desk.session, review)
    if view is None:
        review_queue.release(desk.session, review.id, desk.reader.name)
        return RedirectResponse("/reviews", 303)
    why = evidence.of_pair(desk.session, review.left_record_id, review.right_record_id)
    values = {
        **_work(desk),
        "view": view,
        "rows": pair_rows.rows(view, why),
        "households": pair_rows.household_evidence(why),
        "steps": pair_rows.steps_of(why),
        "titles": pair_rows.TITLES,
        "widest": pair_rows.WIDEST,
        "lacks_note": lacks_note,
        "reasons": REASONS,
        "relationships": RELATIONSHIPS,
        "sexes": SEXES,
        "names": VALUES,
    }
    purpose = f"review {review.id}"
    access = Access(desk.reader.name, "look at review", purpose, view.persons, "shown")
    audit.record(desk.session, access, desk.now)
    return render(desk.request, Page("reviews/pair.html", values, 422 if lacks_note else 200))


def _held(desk: readers.Desk, number: int) -> Review | None:
    """The review, where this officer holds it now."""
    review = desk.session.get(Review, number)
    if review is None or not review.is_waiting or review.claimed_by != desk.reader.name:
        return None
    until = review.claimed_until
    return review if until is not None and until > desk.now else None


def _officer(desk: readers.Desk, purpose: str) -> review_desk.Desk:
    """The officer at work, as the audit knows them."""
    reader = Reader(desk.reader.name, purpose, desk.now)
    return review_desk.Desk(reader, is_supervisor=_supervises(desk))


def _supervises(desk: readers.Desk) -> bool:
    return desk.reader.may(Permission.SUPERVISE_REVIEWS)


def _work(desk: readers.Desk) -> dict[str, object]:
    """How the queue stands and the officer gets on, and their latest word if it may be undone."""
    name = desk.reader.name
    day = datetime.combine(desk.now.astimezone(PLACE), time(), PLACE)
    words = review_work.said_by(desk.session, name, most=1)
    return {
        "progress": review_work.progress(desk.session, name, desk.now, day),
        "last": words[0] if words and words[0].can_be_undone else None,
        "verdicts": VERDICTS,
        "supervises": _supervises(desk),
    }
