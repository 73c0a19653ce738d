"""The bytes of received files."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.lists import batch_files, batches
from tests.registry.small_lists import DARA, SOKHA, hef


def test_file_comes_back_as_it_was_received_or_not_at_all(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_files, "PIECE", 100)
    sent, back = hef(tmp_path, [SOKHA, DARA]), tmp_path / "back"
    batch = batches.receive(session, "hef", sent)
    batch_files.restore(session, batch.id, back)
    assert back.read_bytes() == sent.read_bytes()
    assert back.stat().st_size > 200
    session.execute(text("DELETE FROM batch_file WHERE piece = 1"))
    with pytest.raises(NotFound):
        batch_files.restore(session, batch.id, back)
