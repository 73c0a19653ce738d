"""Taking a list from its file to links: receive, parse, link, each step kept when it is done.

A step that was kept is not done again: the same file sent after a crash goes on where it stopped.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from registry import batches, findings, matching
from registry.batches import Batch, BatchStatus
from registry.database import transaction
from registry.errors import RegistryError
from registry.matching import Linked


@dataclass(frozen=True)
class Parsed:
    """A batch whose rows are taken; `is_known` when an earlier import had taken them already."""

    batch: Batch
    is_known: bool


def parse_file(engine: Engine, scheme: str, path: Path) -> Parsed:
    """Receive a file and take its rows.

    Raises:
        UnknownScheme: there is no such scheme; nothing is kept.
        UnreadableFile: the file is not a table of this scheme; a failed batch says so.
    """
    with transaction(engine) as session:
        received = batches.receive(session, scheme, path)
    if received.status != BatchStatus.RECEIVED:
        return Parsed(received, is_known=True)
    try:
        with transaction(engine) as session:
            batch = session.get_one(Batch, received.id, with_for_update=True)
            if batch.status != BatchStatus.RECEIVED:
                return Parsed(batch, is_known=True)
            batches.parse(session, batch, path)
    except RegistryError as error:
        with transaction(engine) as session:
            batches.fail(session, session.get_one(Batch, received.id), str(error))
        raise
    return Parsed(batch, is_known=False)


def link(engine: Engine) -> Linked:
    """Link the records of all parsed batches and say that they are linked."""
    with transaction(engine) as session:
        now = datetime.now(UTC)
        waiting = batches.waiting(session)
        linked = matching.link_all(session, now)
        for batch in waiting:
            batches.finish(session, batch, now)
        findings.settle(session, now)
    return linked
