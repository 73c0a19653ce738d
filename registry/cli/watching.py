"""Showing how far a batch is while it is taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, Progress, TaskID, TextColumn
from sqlalchemy import Engine

from registry.cli.terminal import errors
from registry.database import transaction
from registry.lists import ledger, progress
from registry.lists.tallies import Tally

UNKNOWN = "--:--"


@contextmanager
def watching(engine: Engine, name: str) -> Iterator[Callable[[int], None]]:
    """A bar on the error stream, moved by the function given: call it with the batch's number.

    What is wrong with the rows is said as soon as it is met the first time, above the bar.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows, {task.fields[rejected]:,} rejected"),
        TextColumn("{task.fields[left]} left"),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(f"Reading {name}", total=None, rejected=0, left=UNKNOWN)
        yield _Watcher(engine, bar, task, set()).look


@dataclass(frozen=True)
class _Watcher:
    engine: Engine
    bar: Progress
    task: TaskID
    said: set[str]

    def look(self, batch: int) -> None:
        """Read how far the batch is, and show it."""
        with transaction(self.engine) as session:
            now = progress.read(session, batch)
            problems = ledger.problems(session, batch)
        for tally in problems:
            if tally.is_error and tally.code not in self.said:
                self.said.add(tally.code)
                self.bar.console.print(first_example(tally), style="yellow", markup=False)
        self.bar.update(
            self.task, completed=now.rows_read, total=now.rows_expected,
            rejected=now.rows_rejected, left=_clock(now.seconds_left),
        )  # fmt: skip


def first_example(tally: Tally) -> str:
    """The first cell that has a problem, in both languages."""
    example = tally.examples[0]
    return f"row {example.row}: {example.message} {example.message_km}"


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return UNKNOWN
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
