"""What is asked at one moment is asked in one transaction, and each is told what is theirs."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry import gathering
from registry.access import sight
from registry.access.sight import Narrowing
from registry.errors import RegistryError
from registry.gathering import Gathering
from registry.lines import Lines
from registry.turns import Conversation, Said

SEEN: Narrowing = ("SET LOCAL role = %s", ("registry_people",))
KEPT = "SELECT who FROM use_count WHERE what = 'gathered' ORDER BY who"
KEEP = "INSERT INTO use_count (who, what, ends_at, count) VALUES (%s, 'gathered', now(), 1)"
TOLD = "SELECT said, pg_current_xact_id()::text AS work FROM unnest(%s::text[]) AS said"


class Refused(RegistryError):
    """One question is refused."""


def together(asked: Sequence[str]) -> Conversation[list[str | Exception]]:
    """Tell each in which transaction it was asked, and keep who asked."""
    rows = yield Said(TOLD, (list(asked),))
    told: list[str | Exception] = [
        Refused(row.said) if row.said == "refused" else row.work for row in rows
    ]
    kept = [each for each in asked if each != "refused"]
    yield Said(";".join([KEEP] * len(kept)), kept, is_last=True)
    return told


def gathered(
    engine: Engine, *asked: str, seen: Sequence[Narrowing] = ()
) -> list[str | BaseException]:
    """What each is told when all ask at once."""

    async def all_asked() -> list[str | BaseException]:
        lines = Lines(engine)
        counter = Gathering(lines, together)
        each: list[Coroutine[Any, Any, str]] = [
            counter.ask(seen[at] if seen else SEEN, one) for at, one in enumerate(asked)
        ]
        try:
            return await asyncio.gather(*each, return_exceptions=True)
        finally:
            lines.close()

    return asyncio.run(all_asked())


def kept(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(KEPT)))


def test_who_asks_at_once_is_answered_in_one_transaction(engine: Engine) -> None:
    works = gathered(engine, "a", "b", "c")
    assert len(set(works)) == 1
    assert kept(engine) == ["a", "b", "c"]


def test_who_asks_soon_after_another_is_asked_with_whoever_asks_till_then(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "APART", 0.5)

    async def asked() -> tuple[list[str], float]:
        lines = Lines(engine)
        counter = Gathering(lines, together)
        clock = asyncio.get_running_loop().time
        began = clock()
        first = await counter.ask(SEEN, "a")
        at_once = clock() - began
        second = asyncio.create_task(counter.ask(SEEN, "b"))
        await asyncio.sleep(0.1)
        third = await counter.ask(SEEN, "c")
        lines.close()
        return [first, await second, third], at_once

    (a, b, c), at_once = asyncio.run(asked())
    assert a != b == c
    assert at_once < 0.5
    assert kept(engine) == ["a", "b", "c"]


def test_only_who_sees_as_far_is_asked_with(engine: Engine) -> None:
    other: Narrowing = ("SET LOCAL role = %s", ("registry_api",))
    a, b, c = gathered(engine, "a", "b", "c", seen=[SEEN, other, SEEN])
    assert a == c != b
    assert kept(engine) == ["a", "b", "c"]


def test_a_refusal_is_told_to_whom_it_concerns_alone(engine: Engine) -> None:
    a, refused, b = gathered(engine, "a", "refused", "b")
    assert isinstance(refused, Refused)
    assert a == b
    assert kept(engine) == ["a", "b"]


@pytest.mark.parametrize("bad", ["\0", "\ud800"])
def test_what_nobody_can_ask_spoils_no_other_question(engine: Engine, bad: str) -> None:
    a, failed, b = gathered(engine, "a", bad, "b")
    assert isinstance(failed, ValueError)
    assert a != b
    assert kept(engine) == ["a", "b"]


def test_a_failing_database_is_told_to_all(engine: Engine) -> None:
    nobody: Narrowing = ("SET LOCAL role = %s", ("nobody_at_all",))
    told = gathered(engine, "a", "b", seen=[nobody, nobody])
    assert [isinstance(each, DBAPIError) for each in told] == [True, True]
    assert kept(engine) == []


def test_the_end_of_a_conversation_keeps_nobody_waiting(engine: Engine) -> None:
    is_begun = asyncio.Event()

    def ended(asked: Sequence[str]) -> Conversation[list[str]]:
        """Tell each what was asked; the end of "late" waits for a lock."""
        is_begun.set()
        yield Said("SELECT 1", ())
        lock = "SELECT pg_advisory_xact_lock(7)" if "late" in asked else "SELECT 1"
        yield Said(lock, (), is_last=True)
        return list(asked)

    async def asked() -> str:
        lines = Lines(engine)
        counter = Gathering(lines, ended)
        with engine.begin() as holder:
            holder.execute(text("SELECT pg_advisory_xact_lock(7)"))
            late = asyncio.create_task(counter.ask(SEEN, "late"))
            await is_begun.wait()
            async with asyncio.timeout(20):
                assert await counter.ask(SEEN, "soon") == "soon"
            assert not late.done()
        try:
            return await late
        finally:
            lines.close()

    assert asyncio.run(asked()) == "late"


def test_who_went_away_is_not_waited_for(engine: Engine) -> None:
    async def asked() -> str:
        lines = Lines(engine)
        counter = Gathering(lines, together)
        gone = asyncio.create_task(counter.ask(SEEN, "gone"))
        await asyncio.sleep(0)
        left = asyncio.create_task(counter.ask(SEEN, "left"))
        await asyncio.sleep(0)
        gone.cancel()
        left.cancel()
        try:
            return await counter.ask(SEEN, "stays")
        finally:
            lines.close()

    assert asyncio.run(asked()).isdecimal()
    assert "stays" in kept(engine)
    assert "left" not in kept(engine)


def test_those_who_see_alike_differ_only_in_what_is_theirs() -> None:
    sessions = [Session(), Session(), Session()]
    seen = [
        sight.Sight("registry_people", who="1"), sight.Sight("registry_people", who="2"),
        sight.Sight("registry_people", provinces="01", who="2"),
    ]  # fmt: skip
    for session, one in zip(sessions, seen, strict=True):
        sight.narrow(session, one)
    a, b, c = map(sight.narrowing_alike, sessions)
    assert a == b != c
    assert sight.narrowing(sessions[0]) != sight.narrowing(sessions[1])
