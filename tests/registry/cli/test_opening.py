"""Who opens the database for work that gives way."""

import os

import pytest

from registry.cli.opening import open_behind
from registry.settings import Settings


@pytest.mark.parametrize(("now", "then"), [(0, 10), (15, 15)])
def test_work_that_nobody_waits_for_gives_way_and_never_comes_forward(
    database_url: str, monkeypatch: pytest.MonkeyPatch, now: int, then: int
) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(os, "getpriority", lambda *_: now)
    monkeypatch.setattr(os, "setpriority", lambda *said: chosen.append(said[-1]))
    open_behind(Settings(database_url=database_url)).dispose()
    assert chosen == [then]
