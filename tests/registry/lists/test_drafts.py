"""Lists that wait for their sender."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import deferral
from registry.errors import Conflict, Forbidden
from registry.lists import batches, drafts, layouts
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.schemes.layout import PLAIN, Layout
from tests.registry.small_lists import SOKHA, hef

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROW = Layout(heading_row=1)


def keep(session: Session, folder: Path) -> Batch:
    return drafts.keep(session, Sent("hef", Mode.DELTA, hef(folder, [SOKHA])), "hef", "dara")


def test_draft_is_left_alone_until_it_is_submitted(session: Session, tmp_path: Path) -> None:
    batch = keep(session, tmp_path)
    assert batch.status == BatchStatus.DRAFT
    assert batch not in batches.unfinished(session)
    drafts.lay_out(session, batch, ROW)
    drafts.submit(session, batch, "dara", NOW)
    assert batch in batches.unfinished(session)
    assert deferral.has_import(session, batch.id)
    assert layouts.remembered(session, "hef") == ROW


def test_draft_that_is_sent_outright_waits_no_longer(session: Session, tmp_path: Path) -> None:
    batch = keep(session, tmp_path)
    assert keep(session, tmp_path).status == BatchStatus.DRAFT
    sent = batches.receive(session, "hef", tmp_path / "hef.csv")
    assert (sent.id, sent.status) == (batch.id, BatchStatus.RECEIVED)


def test_layout_of_a_draft_changes_until_it_is_submitted(session: Session, tmp_path: Path) -> None:
    batch = keep(session, tmp_path)
    drafts.lay_out(session, batch, ROW)
    other = keep(session, tmp_path)
    assert other.id != batch.id
    with pytest.raises(Conflict, match="read the same way"):
        drafts.lay_out(session, other, ROW)
    drafts.lay_out(session, other, PLAIN)
    batches.cancel(session, other, NOW)
    with pytest.raises(Conflict, match="cancelled"):
        drafts.lay_out(session, other, PLAIN)


def test_draft_waits_for_two_weeks_then_its_file_is_let_go(
    session: Session, tmp_path: Path
) -> None:
    batch = keep(session, tmp_path)
    until = drafts.ends_at(batch)
    assert drafts.expire(session, until - timedelta(seconds=1)) == 0
    assert drafts.expire(session, until) == 1
    assert batch.status == BatchStatus.CANCELLED
    assert batch.error == drafts.EXPIRED
    assert session.scalar(text("SELECT count(*) FROM batch_file")) == 0
    assert drafts.expire(session, until) == 0
    assert keep(session, tmp_path).id != batch.id


def test_submitted_list_never_expires(session: Session, tmp_path: Path) -> None:
    batch = keep(session, tmp_path)
    drafts.submit(session, batch, "dara", NOW)
    assert drafts.expire(session, NOW + 10 * drafts.LASTS) == 0
    assert batch.status == BatchStatus.RECEIVED


def test_draft_of_another_scheme_is_refused(session: Session, tmp_path: Path) -> None:
    sent = Sent("nssf", Mode.DELTA, hef(tmp_path, [SOKHA]))
    with pytest.raises(Forbidden):
        drafts.keep(session, sent, "hef", "dara")
