"""Head and body of an answer leave in one write, in order, before the line is closed."""

import asyncio

from api.one_write import Gathered


class Line(asyncio.Transport):
    """Notes what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done


def test_what_is_written_in_one_turn_leaves_together() -> None:
    async def written() -> list[bytes | str]:
        line = Line()
        gathered = Gathered(line, asyncio.get_running_loop())
        gathered.write(b"head ")
        gathered.write(b"body")
        assert line.done == []
        await asyncio.sleep(0)
        gathered.write(b"more")
        await asyncio.sleep(0)
        return line.done

    assert asyncio.run(written()) == [b"head body", b"more"]


def test_nothing_is_lost_when_the_line_is_closed() -> None:
    async def written() -> list[bytes | str]:
        line = Line()
        gathered = Gathered(line, asyncio.get_running_loop())
        gathered.write(b"last")
        gathered.close()
        await asyncio.sleep(0)
        assert gathered.is_closing()
        return line.done

    assert asyncio.run(written()) == [b"last", "closed"]
