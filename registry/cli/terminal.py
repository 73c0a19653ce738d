"""What a command shows: results on the output, progress and errors on the error stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console

output = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show that a step goes on; where nobody watches, say when it is done and how long it took."""
    started = monotonic()
    with errors.status(what):
        yield
    errors.print(f"{what}: {monotonic() - started:.1f} s", style="dim")
