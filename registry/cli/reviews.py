"""Commands on reviews: the officers' queue for who has no browser at hand."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from registry.access import officers
from registry.access.roles import Permission
from registry.auditing import audit
from registry.auditing.audit import Origin
from registry.cli.opening import open_database
from registry.cli.terminal import output
from registry.database import transaction
from registry.errors import Conflict, Forbidden
from registry.lookups.lookup import Reader
from registry.matching import evidence
from registry.people.decisions import Verdict
from registry.people.reviews import Review
from registry.reviewing import review_desk, review_queue, review_work
from registry.reviewing.review_desk import Desk
from registry.reviewing.review_pairs import PairView, RecordView
from registry.reviewing.review_queue import Statement

commands = typer.Typer(help="Possible links that wait for officers.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="Number of the review.")]
Login = Annotated[
    str, typer.Option("--officer", envvar="REGISTRY_OFFICER", help="Login of the officer.")
]
Note = Annotated[str, typer.Option(help="Why.")]
Most = Annotated[int, typer.Option("--most", min=1, help="How many to show.")]

_SHOWN = (
    ("Khmer", "name_khmer"), ("Latin", "name_latin"), ("sex", "sex"), ("born", "birth_date"),
    ("village", "village"), ("national ID", "national_id"), ("equity card", "equity_card"),
    ("phone", "phone"), ("household", "household"),
)  # fmt: skip


@commands.command("list")
def list_waiting(most: Most = 20) -> None:
    """Show what waits, in the order in which officers are shown it; nobody's data."""
    table = Table()
    for heading in ("review", "why", "weight", "priority", "status", "held by", "records"):
        table.add_column(heading)
    now = datetime.now(UTC)
    with transaction(open_database()) as session:
        for entry in review_queue.waiting(session, most):
            review = entry.review
            holder = review.claimed_by if review.is_held(now) else ""
            table.add_row(
                str(review.id), review.reason, f"{review.weight:.1f}", str(review.priority),
                review.status, holder, "  ".join(entry.records),
            )  # fmt: skip
    output.print(table)


@commands.command("next")
def claim_next(officer: Login) -> None:
    """Claim the pair that comes next for an officer, for a quarter of an hour, and show it."""
    with _desk(officer) as (session, desk):
        _show_claimed(session, review_desk.take_next(session, desk))


@commands.command("claim")
def claim(number: Number, officer: Login) -> None:
    """Claim one review, in place of the one that the officer holds, and show it."""
    with _desk(officer) as (session, desk):
        if not review_queue.claim_this(session, number, desk.officer, desk.now):
            raise Conflict(f"Review {number} is not to be had: `registry review list` shows all.")
        _show_claimed(session, review_desk.look(session, number, desk))


@commands.command("release")
def release(number: Number, officer: Login) -> None:
    """Give a claimed review back to the queue."""
    with _desk(officer) as (session, desk):
        review_desk.release(session, number, desk)
    output.print(f"Review {number} waits again.")


@commands.command("decide")
def decide(
    number: Number,
    verdict: Annotated[Verdict, typer.Argument(help="What the officer says.")],
    *,
    officer: Login,
    version: Annotated[int, typer.Option(help="Version of the review that the officer saw.")],
    note: Note = "",
) -> None:
    """Say of a claimed review whether both records are of one person."""
    if verdict == Verdict.UNSURE and not note.strip():
        raise typer.BadParameter("A doubt needs its reason: --note")
    with _desk(officer) as (session, desk):
        said = Statement(number, version, desk.officer, verdict, note.strip())
        review = review_desk.speak(session, said, desk)
        output.print(_outcome(review), markup=False)


@commands.command("said")
def list_said(officer: Login, most: Most = 20) -> None:
    """Show what an officer said, the latest first, and what may still be undone."""
    table = Table()
    for heading in ("word", "review", "said", "when", "decision", "note", ""):
        table.add_column(heading)
    with _desk(officer) as (session, desk):
        for one in review_work.said_by(session, desk.officer, most=most):
            decision = "" if one.decision is None else str(one.decision.id)
            table.add_row(
                str(one.opinion.id), str(one.review.id), one.opinion.verdict,
                f"{one.opinion.given_at:%Y-%m-%d %H:%M}", decision, one.opinion.note,
                "can be undone" if one.can_be_undone else "",
            )  # fmt: skip
    output.print(table)


@commands.command("undo")
def undo(
    word: Annotated[int, typer.Argument(help="Number of the word, as `review said` shows it.")],
    officer: Login,
    note: Note = "",
) -> None:
    """Undo what an officer said: persons are again who they would be without it."""
    with _desk(officer) as (session, desk):
        again = review_desk.take_back(session, word, note.strip(), desk)
        waits = "" if again is None else f" Review {again.id} waits."
    output.print(f"Word {word} is undone.{waits}")


@contextmanager
def _desk(login: str) -> Iterator[tuple[Session, Desk]]:
    """A transaction in which an officer works, whoever types for them.

    Raises:
        NotFound: there is no such officer.
        Forbidden: the account is closed, or may not decide reviews.
    """
    with transaction(open_database()) as session:
        audit.comes_from(session, Origin("cli"))
        officer = officers.find(session, login)
        if officer.closed_at is not None or not officer.principal.may(Permission.DECIDE_REVIEWS):
            raise Forbidden
        reader = Reader(
            officer.login, f"reviews, typed by {getpass.getuser()}", datetime.now(UTC)
        )  # fmt: skip
        yield session, Desk(reader, officer.principal.may(Permission.SUPERVISE_REVIEWS))


def _show_claimed(session: Session, view: PairView | None) -> None:
    if view is None:
        output.print("Nothing waits.")
        return
    review = view.review
    output.print(_pair_table(view))
    why = evidence.of_pair(session, review.left_record_id, review.right_record_id)
    if why is not None:
        output.print(_evidence_table(why))
    output.print(
        f"registry review decide {review.id} same|different|unsure --version {review.version}",
        markup=False,
    )


def _pair_table(view: PairView) -> Table:
    review = view.review
    records = [side.record for side in view.sides]
    title = f"Review {review.id}: {review.reason}, {review.weight:.1f} bits"
    table = Table("", *map(_named, records), title=title, title_justify="left")
    for heading, field in _SHOWN:
        values = [_value(record, field) for record in records]
        if any(values):
            table.add_row(heading, *values)
    for heading, others in (("with them", _members), ("may also be", _candidates)):
        told = [others(view, at) for at in range(len(records))]
        if any(told):
            table.add_row(heading, *told)
    return table


def _named(record: RecordView) -> str:
    return f"{record.scheme} {record.number}"


def _value(record: RecordView, field: str) -> str:
    own = getattr(record, field) if field.startswith("name_") else getattr(record.version, field)
    return own or ""


def _members(view: PairView, at: int) -> str:
    return "\n".join(
        f"{one.record.name_khmer or one.record.name_latin or ''} {one.record.version.birth_date}"
        for one in view.sides[at].members
    )


def _candidates(view: PairView, at: int) -> str:
    return "\n".join(
        f"{_named(one.record)} ({one.weight:.1f})" for one in view.sides[at].candidates
    )


def _evidence_table(why: evidence.Evidence) -> Table:
    table = Table("evidence", "bits")
    for one in why.contributions:
        table.add_row(one.name, f"{one.bits:+.2f}")
    table.add_row("weight", f"{why.weight:+.2f}")
    return table


def _outcome(review: Review) -> str:
    if review.decision_id is not None:
        return f"Review {review.id} is decided: decision {review.decision_id}."
    return f"Review {review.id} is {review.status}: another officer speaks on it too."
