"""Taking a list from its file to links: receive, parse, link, each step kept when it is done.

A step that was kept is not done again: who takes up a batch after a crash goes on where it stopped.
One batch of a scheme is taken at a time, those of different schemes side by side.
"""

import gc
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from registry import key_holder
from registry.database import transaction
from registry.deferral import holding, list_of
from registry.errors import Conflict, RegistryError
from registry.lists import batch_files, batches, layouts, ledger, settling, staging
from registry.lists.batches import Batch, BatchStatus, Mode, Sending
from registry.lists.estimates import rows_expected
from registry.lists.ledger import Kept
from registry.lists.opening_lists import Guide, OpenList, Understanding, opened, opened_again
from registry.lists.parsing import ALLOCATIONS, ListHead, ListParser, ParsedRows, adapter_of
from registry.lists.reading import Pace, parsed_chunks, parsers, read_ahead
from registry.lists.settling import Ending
from registry.lists.taking import ListTaking
from registry.lists.tallies import Tally
from registry.reviewing import findings
from registry.schemes.headings import Headings
from registry.schemes.layout import Layout
from registry.settings import Settings

if TYPE_CHECKING:
    from registry.matching.linking import Linked

HOLD_SHARE = float(Settings.model_fields["snapshot_hold_share"].default)


@dataclass(frozen=True)
class Terms:
    """How a list is taken.

    Attributes:
        hold_share: share of a scheme's records that a whole list may end without confirmation.
        descriptions: folder of the descriptions of configured schemes.
        heard: called when rows are kept, with the number of the batch.
    """

    mode: Mode = Mode.DELTA
    sending: Sending = batches.USUAL
    hold_share: float = HOLD_SHARE
    descriptions: Path | None = None
    pace: Pace = field(default_factory=Pace.of_this_machine)
    heard: Callable[[int], None] = lambda _: None


@dataclass(frozen=True)
class Parsed:
    """A batch whose rows are taken; `is_known` when an earlier import had taken them already."""

    batch: Batch
    is_known: bool


@dataclass(frozen=True)
class Trial:
    """What would come of a list; the batch was not kept.

    `is_held` when it would wait to be confirmed.
    """

    batch: Batch
    problems: tuple[Tally, ...]
    is_held: bool


USUAL = Terms()


def receive(engine: Engine, scheme: str, path: Path, terms: Terms = USUAL) -> Batch:
    """Keep a file as a batch, or find the batch that it is already.

    Raises:
        UnknownScheme, UnreadableFile: nothing is kept.
    """
    adapter_of(scheme, terms.descriptions)
    with transaction(engine) as session:
        by, now = terms.sending.by, datetime.now(UTC)
        layouts.remember(session, scheme, terms.sending.layout, by, now)
        return batches.receive(session, scheme, path, terms.mode, terms.sending)


def parse_file(engine: Engine, scheme: str, path: Path, terms: Terms = USUAL) -> Parsed:
    """Receive a file and take its rows.

    Raises:
        UnknownScheme: there is no such scheme; nothing is kept.
        UnreadableFile: the file is not a table of this scheme; a failed batch says so.
        BatchInProgress: another list of the scheme is being taken.
        BatchCancelled: somebody cancelled the batch meanwhile.
    """
    received = receive(engine, scheme, path, terms)
    if received.status != BatchStatus.RECEIVED:
        return Parsed(received, is_known=True)
    return Parsed(parse_batch(engine, received.id, terms), is_known=False)


def parse_batch(engine: Engine, number: int, terms: Terms = USUAL) -> Batch:
    """Take the rows of a received batch, from where an earlier try stopped.

    Raises:
        NotFound: there is no such batch.
        UnreadableFile, BatchInProgress, BatchCancelled: as for `parse_file`.
    """
    with transaction(engine) as session:
        scheme = batches.find(session, number).scheme
    with holding(engine, list_of(scheme)):
        with transaction(engine) as session:
            batch = batches.find(session, number)
            if batch.status != BatchStatus.RECEIVED:
                return batch
            batch.taking_since = datetime.now(UTC)
        try:
            with _passing():
                batch = _take(engine, batch, terms)
        except Conflict:
            raise
        except RegistryError as error:
            with transaction(engine) as session:
                batches.fail(session, batches.find(session, number), str(error))
            raise
    terms.heard(number)
    return batch


def confirm(engine: Engine, number: int, terms: Terms = USUAL) -> Batch:
    """Confirm a held batch and take its rows.

    Raises:
        Conflict: it is not held.
    """
    with transaction(engine) as session:
        batches.confirm(session, batches.find(session, number), datetime.now(UTC))
    return parse_batch(engine, number, terms)


def try_out(engine: Engine, scheme: str, path: Path, terms: Terms = USUAL) -> Trial:
    """Say what would come of a list, and write nothing.

    Raises:
        UnknownScheme, UnreadableFile, BatchInProgress: as for `parse_file`.
    """
    with holding(engine, list_of(scheme)), Session(engine, expire_on_commit=False) as session:
        adapter_of(scheme, terms.descriptions)
        batch = batches.begin_trial(session, scheme, path, terms.mode, terms.sending)
        kept = ledger.kept(session, batch.id)
        with _opened(session, batch, path, terms) as listed:
            head = _head(session, batch, listed.understanding.headings, terms)
            taking = ListTaking(session, batch.id, scheme, head.headings)
            with closing(parsed_chunks(head, listed.sheet, terms.pace)) as chunks:
                for rows in chunks:
                    kept = batches.keep(session, batch, kept, taking.take(rows), 0.0)
        is_held = settling.count_ending(session, batch, taking) > terms.hold_share
        settling.settle(session, batch, taking, datetime.now(UTC))
        problems = batches.problems(session, batch)
        session.refresh(batch)
        session.expunge(batch)
        session.rollback()
    return Trial(batch, problems, is_held)


def link(engine: Engine) -> "Linked":
    """Link the records of all parsed batches and say that they are linked.

    The engine is loaded by who links: whoever takes lists alone does without it.
    """
    from registry.matching import linking  # noqa: PLC0415 - see above

    with transaction(engine) as session:
        now = datetime.now(UTC)
        waiting = batches.waiting(session)
        linked = linking.link(session, now)
        for batch in waiting:
            batches.finish(session, batch, now)
        findings.settle(session, now)
    return linked


def _take(engine: Engine, batch: Batch, terms: Terms) -> Batch:
    """Take what is kept of a batch, and then the rest of its file; all of it is seen at once."""
    with Session(engine, expire_on_commit=False) as session:
        taking = _take_kept(engine, session, batch, terms)
        if taking is None or batch.read_at is None:
            taking = _read(engine, session, batch, terms, taking)
        found = batches.find(session, batch.id)
        share = settling.count_ending(session, found, taking)
        if found.confirmed_at is None and share > terms.hold_share:
            ending = Ending(taking.remarks(), found.records_ending)
            session.rollback()
            with transaction(engine) as other:
                found = batches.find(other, batch.id)
                settling.hold(other, found, ending, datetime.now(UTC))
        else:
            settling.settle(session, found, taking, datetime.now(UTC))
            session.commit()
    return found


@contextmanager
def _passing() -> Iterator[None]:
    """Let the many objects of rows pass without looking through all others again and again."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _take_kept(engine: Engine, taker: Session, batch: Batch, terms: Terms) -> ListTaking | None:
    """Take what is kept of a batch, in a transaction that goes on; None if nothing can be.

    Rows are kept as they were read. Should they be understood otherwise by now (after an upgrade,
    or because their scheme is described anew), so that the ledger is not of them, all is let go.
    """
    if batch.understanding is None:
        return None
    headings = Understanding.from_json(batch.understanding).headings
    head = _head(taker, batch, headings, terms)
    taking, parser = ListTaking(taker, batch.id, batch.scheme, headings), ListParser(head)
    with transaction(engine) as session:
        kept = ledger.kept(session, batch.id)
        chunks = staging.chunks(session, batch.id)
        parsed = (parser.parse_packed(packs, after) for after, packs in chunks)
        with closing(read_ahead(parsed)) as parsed_ahead:
            for rows in parsed_ahead:
                taking.take_kept(rows)
    if taking.taken.statements == kept.accepted:
        return taking
    taker.rollback()
    with transaction(engine) as session:
        found = batches.find(session, batch.id)
        batches.keep_nothing(session, found)
    return None


def _read(
    engine: Engine, taker: Session, batch: Batch, terms: Terms, taking: ListTaking | None
) -> ListTaking:
    """Take the rows of a batch's file that are not kept yet, and keep them."""
    with (
        parsers(terms.pace, batch.size) as started,
        TemporaryDirectory(prefix="registry-batch-") as folder,
    ):
        path = Path(folder) / (Path(batch.file_name).name or "list")
        with transaction(engine) as session:
            batch_files.restore(session, batch.id, path)
            kept = ledger.kept(session, batch.id)
            opening = _opened(session, batch, path, terms)
        with opening as listed:
            with transaction(engine) as session:
                found = batches.find(session, batch.id)
                found.rows_expected = rows_expected(path)
                found.understanding = listed.understanding.as_json()
            headings = listed.understanding.headings
            taking = taking or ListTaking(taker, batch.id, batch.scheme, headings)
            head = _head(taker, batch, headings, terms)
            behind = replace(head, after=max(head.after, kept.last_row))
            parsed = parsed_chunks(behind, listed.sheet, terms.pace, started)
            with closing(parsed) as chunks:
                _keep(engine, kept, read_ahead(map(taking.take, chunks)), (batch.id, terms))
    return taking


def _keep(engine: Engine, kept: Kept, chunks: Generator[ParsedRows], of: tuple[int, Terms]) -> None:
    """Keep rows chunk by chunk; while one is kept, the next is taken."""
    number, terms = of
    before = monotonic()
    with closing(chunks):
        for rows in chunks:
            now = monotonic()
            with transaction(engine) as session:
                found = batches.find(session, number)
                kept = batches.keep(session, found, kept, rows, now - before)
            before = now
            terms.heard(number)


def _opened(
    session: Session, batch: Batch, path: Path, terms: Terms
) -> AbstractContextManager[OpenList]:
    """A batch's file to be opened, as it was understood before if it was."""
    if batch.understanding is not None:
        return opened_again(path, Understanding.from_json(batch.understanding))
    said = Layout.from_json(batch.layout)
    guide = Guide(said, layouts.remembered(session, batch.scheme))
    return opened(path, adapter_of(batch.scheme, terms.descriptions), guide)


def _head(session: Session, batch: Batch, headings: Headings, terms: Terms) -> ListHead:
    """What to know of a list; everybody born until its batch was received may be on it."""
    plain = replace(headings, columns=dict(headings.columns))
    today = batch.received_at.astimezone(UTC).date()
    keys = key_holder.of(session).sealing().keys
    return ListHead(batch.id, batch.scheme, plain, today, keys, terms.descriptions, headings.row)
