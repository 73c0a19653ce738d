"""Connections over which an event loop holds conversations, without a thread for each.

Handing a question to a thread and taking its answer back costs more than asking it, and threads of
one process keep each other waiting. A line is the same kind of connection as those of the engine.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, TRANSACTION_STATUS_IDLE, connection
from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as NoConnection

from registry import turns
from registry.access.sight import Narrowing
from registry.database import IDLE_SECONDS, THREADS
from registry.turns import Conversation, Told

PATIENCE: Final = 5.0
"""Seconds to wait for a line."""


class Lines:
    """The lines of one process, all used by one event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[tuple[connection, float]] = []
        self._room = asyncio.Semaphore(THREADS)

    async def hold(
        self,
        narrowing: Narrowing,
        conversation: Conversation[Told],
        is_said: Callable[[], None] = lambda: None,
    ) -> Told:
        """Hold a conversation that sees so far, as `turns.hold` does.

        Args:
            narrowing: how far it sees.
            conversation: what is said and heard.
            is_said: called once the last is said, whose end on the disk is then waited for.

        Raises:
            DBAPIError: the database fails or refuses.
            TimeoutError: of SQLAlchemy: there is no line for it.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._room.acquire()
        except TimeoutError as error:
            raise NoConnection("No line to the database became free.") from error
        try:
            return await self._hold(narrowing, conversation, is_said)
        finally:
            self._room.release()

    def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop()[0].close()

    async def _hold(
        self, narrowing: Narrowing, conversation: Conversation[Told], is_said: Callable[[], None]
    ) -> Told:
        with turns.as_of_sqlalchemy(lambda _: None):
            line = await self._line()
        try:
            with turns.as_of_sqlalchemy(lambda _: line.close()):
                told = await _held(line, narrowing, conversation, is_said)
        except Exception:
            await self._put_back(line)
            raise
        except BaseException:
            line.close()
            raise
        await self._put_back(line)
        return told

    async def _put_back(self, line: connection) -> None:
        """Undo what was not kept, and keep the line if it still is one."""
        if line.closed:
            return
        try:
            if line.info.transaction_status != TRANSACTION_STATUS_IDLE:
                await _say(line, turns.ROLLBACK)
        except psycopg2.Error:
            line.close()
        else:
            self._idle.append((line, monotonic()))

    async def _line(self) -> connection:
        """A line that is open; one that was idle for a while is asked whether it still is."""
        while self._idle:
            line, since = self._idle.pop()
            if monotonic() - since < IDLE_SECONDS:
                return line
            try:
                await _say(line, "SELECT 1")
            except psycopg2.Error:
                line.close()
            else:
                return line
        args, options = self._engine.dialect.create_connect_args(self._engine.url)
        opened: connection = psycopg2.connect(*args, **options, async_=1)
        await _answered(opened)
        return opened


async def _held(
    line: connection,
    narrowing: Narrowing,
    conversation: Conversation[Told],
    is_said: Callable[[], None],
) -> Told:
    with turns.cursor_of(line) as opened:
        begun = turns.begun_for(opened, narrowing)
        try:
            said = next(conversation)
            while True:
                opened.execute(begun + turns.words(opened, said))
                if said.is_last:
                    is_said()
                await _answered(line)
                begun = b""
                said = conversation.send(turns.rows(opened))
        except StopIteration as end:
            told: Told = end.value
            return told


async def _say(line: connection, statement: str) -> None:
    with line.cursor() as opened:
        opened.execute(statement)
        await _answered(line)


async def _answered(line: connection) -> None:
    """Wait until the other side has said all."""
    loop = asyncio.get_running_loop()
    while (state := line.poll()) != POLL_OK:
        ready: asyncio.Future[None] = loop.create_future()
        add, remove = _watching(loop, reads=state == POLL_READ)
        number = line.fileno()
        add(number, _tell, ready)
        try:
            await ready
        finally:
            remove(number)


def _watching(
    loop: asyncio.AbstractEventLoop, *, reads: bool
) -> tuple[Callable[..., Any], Callable[[int], bool]]:
    if reads:
        return loop.add_reader, loop.remove_reader
    return loop.add_writer, loop.remove_writer


def _tell(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
