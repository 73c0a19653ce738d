"""An officer's work on reviews: claims renewed, words taken back, decisions undone, progress."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.errors import Conflict, Forbidden
from registry.people.decisions import Verdict
from registry.people.guards import Reason
from registry.people.reviews import Review, ReviewStatus
from registry.reviewing import review_pairs, review_queue, review_work
from registry.reviewing.review_queue import LEASE
from tests.registry.reviewing.test_review_queue import NOW, said, take, undrawn, with_reviews
from tests.registry.small_world import START

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def review(session: Session) -> Review:
    with_reviews(session, 3)
    return undrawn(session)


def speak(session: Session, officer: str, verdict: Verdict = Verdict.SAME) -> Review:
    return review_queue.speak(session, said(take(session, officer), officer, verdict), NOW)


def latest(session: Session, officer: str) -> review_work.Said:
    return review_work.said_by(session, officer)[0]


def test_renewed_claim_holds_from_now_and_is_still_the_version_seen(
    session: Session, review: Review
) -> None:
    take(session, "Dara")
    seen = said(review, "Dara", Verdict.SAME)
    assert review_queue.renew(session, review.id, "Dara", LATER) == LATER + LEASE
    assert review_queue.renew(session, review.id, "Bopha", LATER) is None
    assert review_queue.claim(session, "Bopha", NOW + LEASE) is None
    review_queue.speak(session, seen, LATER)
    assert review_queue.renew(session, review.id, "Dara", LATER) is None


def test_review_that_another_holds_cannot_be_chosen(session: Session, review: Review) -> None:
    take(session, "Dara")
    assert not review_queue.claim_this(session, review.id, "Bopha", NOW)
    assert review_queue.claim_this(session, review.id, "Bopha", NOW + LEASE)


def test_undone_decision_waits_again_and_may_be_chosen(session: Session, review: Review) -> None:
    speak(session, "Dara")
    word = latest(session, "Dara")
    assert word.can_be_undone
    with pytest.raises(Forbidden):
        review_work.undo(session, word.opinion.id, "Bopha", "not mine", LATER)
    again = review_work.undo(session, word.opinion.id, "Dara", "a slip", LATER)
    assert again is not None
    assert again.id != review.id
    assert review_queue.claim_this(session, again.id, "Dara", LATER)
    assert not latest(session, "Dara").can_be_undone
    with pytest.raises(Conflict):
        review_work.undo(session, word.opinion.id, "Dara", "twice", LATER)


def test_word_that_waits_for_another_officer_is_taken_back_and_may_be_said_anew(
    session: Session, review: Review
) -> None:
    review.reason = Reason.TWINS
    assert speak(session, "Dara", Verdict.SAME).status == ReviewStatus.SECOND
    again = review_work.undo(session, latest(session, "Dara").opinion.id, "Dara", "", LATER)
    assert again is not None
    assert again.status == ReviewStatus.OPEN
    speak(session, "Dara", Verdict.DIFFERENT)
    assert speak(session, "Bopha", Verdict.DIFFERENT).status == ReviewStatus.DECIDED


def test_word_stands_once_another_officer_has_spoken(session: Session, review: Review) -> None:
    review.reason = Reason.TWINS
    speak(session, "Dara", Verdict.SAME)
    speak(session, "Bopha", Verdict.DIFFERENT)
    assert review.status == ReviewStatus.DISPUTED
    with pytest.raises(Conflict):
        review_work.undo(session, latest(session, "Dara").opinion.id, "Dara", "", LATER)


def test_what_waits_is_counted_so_far_only(
    session: Session, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert review.status == ReviewStatus.OPEN
    assert not review_work.progress(session, "Dara", NOW, START).has_more
    monkeypatch.setattr(review_work, "MOST_COUNTED", 1)
    assert review_work.progress(session, "Dara", NOW, START).has_more


def test_progress_counts_own_words_and_how_often_others_agree(
    session: Session, review: Review
) -> None:
    review.reason = Reason.TWINS
    assert review_work.progress(session, "Dara", NOW, START).waiting == 1
    speak(session, "Dara", Verdict.SAME)
    alone = review_work.progress(session, "Dara", LATER, START)
    assert (alone.waiting, alone.today) == (0, 1)
    assert review_work.agreement(session, "Dara", LATER) is None
    speak(session, "Bopha", Verdict.SAME)
    assert review_work.agreement(session, "Dara", LATER) == 1.0


def test_pair_shows_both_households_and_who_is_in_both(session: Session) -> None:
    world = with_reviews(session, 3)
    records = [world.numbers["hef", str(at)] for at in range(6)]
    for household, at in (("A", 0), ("B", 1), ("A", 2), ("B", 3), ("A", 4)):
        session.execute(
            text("UPDATE record_version SET household = :household WHERE record_id = :record"),
            {"household": household, "record": records[at]},
        )
    person = session.scalar(
        text("SELECT person_id FROM link WHERE record_id = :id"), {"id": records[2]}
    )
    session.execute(
        text("UPDATE link SET person_id = :person WHERE record_id = :id"),
        {"person": person, "id": records[3]},
    )
    review = session.query(Review).filter_by(left_record_id=records[0]).one()
    view = review_pairs.of_review(session, review)
    assert view is not None
    here, there = view.sides
    assert {(one.record.id, one.is_on_both) for one in here.members} == {
        (records[2], True), (records[4], False),
    }  # fmt: skip
    assert [one.record.id for one in there.members] == [records[3]]
    assert person in view.persons
