"""The officers' queue as a door uses it: each look at a pair and each word on it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.auditing import audit
from registry.auditing.audit import Access
from registry.errors import NotFound
from registry.lookups.lookup import Reader
from registry.people import clusters, links
from registry.people.decisions import Decision
from registry.people.reviews import Opinion, Review
from registry.reviewing import review_pairs, review_queue, review_work
from registry.reviewing.review_pairs import PairView
from registry.reviewing.review_queue import Statement
from registry.reviewing.review_work import Said


@dataclass(frozen=True)
class Desk:
    """An officer at work: who they are to the audit, and whether they settle disputes."""

    reader: Reader
    is_supervisor: bool = False

    @property
    def officer(self) -> str:
        """The name under which they speak."""
        return self.reader.actor

    @property
    def now(self) -> datetime:
        """The time of their act."""
        return self.reader.now


def take_next(session: Session, desk: Desk) -> PairView | None:
    """Claim the review that waits first, with all that is to be seen of it; None if none waits."""
    review = review_queue.claim(session, desk.officer, desk.now, is_supervisor=desk.is_supervisor)
    if review is None:
        return None
    found = review_pairs.of_review(session, review)
    if found is None:
        review_queue.release(session, review.id, desk.officer)
        return None
    _record(session, "look at a review", found.persons, desk.reader)
    return found


def look(session: Session, number: int, desk: Desk) -> PairView:
    """A review with all that is to be seen of it.

    Raises:
        NotFound: there is no such review, or one of its records left its list.
    """
    review = session.get(Review, number)
    found = None if review is None else review_pairs.of_review(session, review)
    if found is None:
        raise NotFound(f"There is no review {number}.")
    _record(session, "look at a review", found.persons, desk.reader)
    return found


def release(session: Session, number: int, desk: Desk) -> None:
    """Give a review back to the queue.

    Raises:
        NotFound: there is no such review.
    """
    _find(session, number)
    review_queue.release(session, number, desk.officer)


def speak(session: Session, said: Statement, desk: Desk) -> Review:
    """Take the officer's word on a review.

    Raises:
        Outdated: the review has changed since the officer saw it.
        Conflict: it is not theirs to speak on now, or the word contradicts a decision.
        NotFound: there is no such review.
    """
    before = _holders(session, _find(session, said.review))
    review = review_queue.speak(session, said, desk.now, is_supervisor=desk.is_supervisor)
    persons = tuple(sorted({*before, *_holders(session, review)}))
    _record(session, f"say {said.verdict} on a review", persons, desk.reader)
    return review


def take_back(session: Session, opinion: int, note: str, desk: Desk) -> Review | None:
    """Undo what the officer said; the review that waits again on the same records, if one does.

    Raises:
        NotFound: there is no such word.
        Forbidden: it is another officer's.
        Conflict: there is nothing to undo.
    """
    review = review_work.undo(session, opinion, desk.officer, note, desk.now)
    said = session.get_one(Opinion, opinion)
    persons = _holders(session, session.get_one(Review, said.review_id))
    _record(session, "take back a word on a review", persons, desk.reader)
    return review


def words(session: Session, desk: Desk, behind: int | None) -> list[Said]:
    """What the officer said, the latest first, behind a word's number."""
    return review_work.said_by(session, desk.officer, before=behind)


def decisions(session: Session, limit: int, behind: int | None) -> Sequence[Decision]:
    """Decisions of all officers, the latest first; one more than `limit` where there is more."""
    query = select(Decision).order_by(Decision.id.desc()).limit(limit + 1)
    if behind is not None:
        query = query.where(Decision.id < behind)
    return session.scalars(query).all()


def undo(session: Session, decision: int, note: str, desk: Desk) -> Decision:
    """Undo anybody's decision; one undone before stays as it is.

    Raises:
        NotFound: there is no such decision.
    """
    undone = clusters.undo(session, decision, desk.officer, note, desk.now)
    ends = (undone.left_record_id, undone.right_record_id)
    persons = tuple(sorted(set(links.holders(session, ends).values())))
    _record(session, "undo a decision", persons, desk.reader)
    return undone


def _find(session: Session, number: int) -> Review:
    review = session.get(Review, number)
    if review is None:
        raise NotFound(f"There is no review {number}.")
    return review


def _holders(session: Session, review: Review) -> tuple[int, ...]:
    ends = (review.left_record_id, review.right_record_id)
    return tuple(sorted(set(links.holders(session, ends).values())))


def _record(session: Session, action: str, persons: tuple[int, ...], reader: Reader) -> None:
    access = Access(reader.actor, action, reader.purpose, persons, f"{len(persons)} persons")
    audit.record(session, access, reader.now)
