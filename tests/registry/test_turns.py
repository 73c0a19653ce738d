"""A conversation is a transaction, as far as its session sees, held by a thread or by a loop."""

import asyncio
from collections.abc import Callable

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from registry import lines, turns
from registry.access import sight
from registry.access.sight import Sight
from registry.lines import Lines
from registry.turns import Conversation, Said

Hold = Callable[[Engine, Conversation[str], Sight], str]
KEEP = "INSERT INTO use_count (who, what, ends_at, count) VALUES (%(who)s, 'a turn', now(), 1)"
KEPT = "SELECT who FROM use_count WHERE what = 'a turn' ORDER BY who"
WHO_WORKS = Said("SELECT current_user AS role, %(said)s AS said", {"said": "it's 100%"})


def by_thread(engine: Engine, conversation: Conversation[str], seen: Sight) -> str:
    session = Session(engine)
    sight.narrow(session, seen)
    try:
        return turns.hold(session, conversation)
    finally:
        pooled = engine.raw_connection()
        driver = pooled.driver_connection
        assert driver is not None
        assert driver.info.transaction_status == TRANSACTION_STATUS_IDLE
        assert driver.autocommit is False
        pooled.close()


def by_loop(engine: Engine, conversation: Conversation[str], seen: Sight) -> str:
    async def held() -> str:
        session, opened = Session(engine), Lines(engine)
        sight.narrow(session, seen)
        try:
            return await opened.hold(sight.narrowing(session), conversation)
        finally:
            assert (
                await opened.hold(sight.narrowing(Session(engine)), talk("'; COMMIT; --"))
                != "registry_api"
            )
            opened.close()

    return asyncio.run(held())


@pytest.fixture(params=[by_thread, by_loop])
def hold(request: pytest.FixtureRequest) -> Hold:
    held: Hold = request.param
    return held


def talk(who: str, more: str = "") -> Conversation[str]:
    """Ask who works, keep a word, and tell who works."""
    rows = yield WHO_WORKS
    assert rows[0].said == "it's 100%"
    yield Said(KEEP + more, {"who": who}, is_last=True)
    role: str = rows[0].role
    return role


def refused() -> Conversation[str]:
    yield WHO_WORKS
    yield Said(KEEP, {"who": "refused"})
    raise LookupError


def alone() -> Conversation[str]:
    yield Said(KEEP, {"who": "alone"}, is_last=True)
    return "said"


def unended() -> Conversation[str]:
    yield Said(KEEP, {"who": "unended"})
    return "said"


def kept(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [who for who in connection.scalars(text(KEPT)) if who != "'; COMMIT; --"]


def test_a_conversation_is_kept_and_works_as_who_it_is_narrowed_to(
    engine: Engine, hold: Hold
) -> None:
    assert hold(engine, talk("kept"), sight.NOTHING) == "registry_api"
    assert hold(engine, talk("kept too"), sight.EVERYBODY) == "registry_people"
    assert kept(engine) == ["kept", "kept too"]


def test_a_word_may_be_kept_without_a_question(engine: Engine, hold: Hold) -> None:
    assert hold(engine, alone(), sight.NOTHING) == "said"
    assert kept(engine) == ["alone"]


def test_who_is_refused_leaves_nothing_behind(engine: Engine, hold: Hold) -> None:
    with pytest.raises(LookupError):
        hold(engine, refused(), sight.NOTHING)
    assert kept(engine) == []


def test_what_has_no_last_word_is_not_kept(engine: Engine, hold: Hold) -> None:
    assert hold(engine, unended(), sight.NOTHING) == "said"
    assert kept(engine) == []


@pytest.mark.parametrize(
    "more", ["; SELECT * FROM signing_key", "; DELETE FROM audit_entry", "; SELECT nothing()"]
)
def test_what_the_database_refuses_is_told_and_nothing_of_it_kept(
    engine: Engine, hold: Hold, more: str
) -> None:
    with pytest.raises(DBAPIError):
        hold(engine, talk("refused", more), sight.EVERYBODY)
    assert kept(engine) == []


def test_a_line_that_was_cut_is_opened_anew(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held() -> None:
        opened = Lines(engine)
        await opened.hold(sight.narrowing(Session(engine)), talk("before"))
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                    " WHERE pid <> pg_backend_pid() AND state = 'idle'"
                                    " AND datname = current_database()"))  # fmt: skip
        await opened.hold(sight.narrowing(Session(engine)), talk("after"))
        opened.close()

    monkeypatch.setattr(lines, "IDLE_SECONDS", 0.0)
    asyncio.run(held())
    assert kept(engine) == ["after", "before"]


def test_nobody_waits_for_ever_for_a_line(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def held() -> None:
        with pytest.raises(NoConnection):
            await Lines(engine).hold(sight.narrowing(Session(engine)), talk("in vain"))

    monkeypatch.setattr(lines, "THREADS", 0)
    monkeypatch.setattr(lines, "PATIENCE", 0.05)
    asyncio.run(held())
    assert kept(engine) == []


def test_a_database_that_does_not_answer_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise psycopg2.OperationalError

    monkeypatch.setattr(psycopg2, "connect", refuses)
    with pytest.raises(DBAPIError):
        asyncio.run(Lines(engine).hold(sight.narrowing(Session(engine)), talk("nobody")))
