"""What several people ask at the same moment, asked of the database together.

A transaction costs more than what it reads: its beginning, its end on the disk, the way there and
back. While one conversation is under way, questions that come meanwhile wait for it, and are then
asked in one; only its end on the disk, which costs no processor, they do not wait for. Who asks
while nobody does is asked at once; conversations begin a little apart, so that under load there are
fewer of them, with more questions each.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from registry.access.sight import Narrowing
from registry.lines import Lines
from registry.turns import Conversation

Question = TypeVar("Question")
Answer = TypeVar("Answer")
MOST: Final = 32
"""Questions in one transaction."""
APART: Final = 0.012
"""Seconds from the beginning of a conversation to that of the next, at the least."""


@dataclass(frozen=True)
class _Waiting(Generic[Question, Answer]):
    question: Question
    answer: "asyncio.Future[Answer]"


class Gathering(Generic[Question, Answer]):
    """Questions of one kind, in one process; only those who see as far are asked together."""

    def __init__(
        self,
        lines: Lines,
        together: Callable[[Sequence[Question]], Conversation[Sequence[Answer | Exception]]],
    ) -> None:
        self._lines = lines
        self._together = together
        self._waiting: dict[Narrowing, deque[_Waiting[Question, Answer]]] = defaultdict(deque)
        self._asking: dict[Narrowing, asyncio.Task[None]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, narrowing: Narrowing, question: Question) -> Answer:
        """Ask a question, alone or with others.

        Raises:
            Exception: what the conversation tells in its place, or what made it fail.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[narrowing].append(_Waiting(question, answer))
        if narrowing not in self._asking:
            self._asking[narrowing] = asyncio.create_task(self._ask_waiting(narrowing))
        return await answer

    async def _ask_waiting(self, narrowing: Narrowing) -> None:
        waiting = self._waiting[narrowing]
        clock = asyncio.get_running_loop().time
        try:
            while waiting:
                next_begins = clock() + APART
                some = [waiting.popleft() for _ in range(min(MOST, len(waiting)))]
                if wanted := [one for one in some if not one.answer.done()]:
                    await self._say(narrowing, wanted)
                    await asyncio.sleep(next_begins - clock())
        finally:
            del self._asking[narrowing], self._waiting[narrowing]

    async def _say(self, narrowing: Narrowing, some: Sequence[_Waiting[Question, Answer]]) -> None:
        """Ask some together, until all is said; they are told when its end is on the disk."""
        is_said = asyncio.Event()
        task = asyncio.create_task(self._ask_all(narrowing, some, is_said.set))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: is_said.set())
        await is_said.wait()

    async def _ask_all(
        self,
        narrowing: Narrowing,
        some: Sequence[_Waiting[Question, Answer]],
        is_said: Callable[[], None],
    ) -> None:
        """Ask some together; where one of them may be what makes that fail, each by itself."""
        told: Sequence[Answer | Exception]
        try:
            conversation = self._together([one.question for one in some])
            told = await self._lines.hold(narrowing, conversation, is_said)
        except (OperationalError, NoConnection) as error:
            told = [error] * len(some)
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            if len(some) > 1:
                for one in some:
                    await self._ask_all(narrowing, [one], is_said)
                return
            told = [error]
        for one, answer in zip(some, told, strict=True):
            _tell(one.answer, answer)


def _tell(waiting: "asyncio.Future[Answer]", told: Answer | Exception) -> None:
    if waiting.done():
        return
    if isinstance(told, Exception):
        waiting.set_exception(told)
    else:
        waiting.set_result(told)
