"""What a run of the engine may take."""

import os
from dataclasses import dataclass, field
from typing import Final

from linkage.cambodia.blocking import LARGEST_BLOCK

MEGABYTE: Final = 1 << 20


@dataclass(frozen=True)
class Options:
    """How a run uses the machine, and how far it looks.

    `threads` and `memory_mb` change nothing of the result. `memory_mb` bounds what the pairs in
    work take, all threads together, however many pairs there are; the records, their blocks and
    the pairs kept come on top. A block above `largest_block` records is divided, and what stays
    above it is left to the other rules. Training sees about `training_pairs` candidates.
    """

    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory_mb: int = 64
    largest_block: int = LARGEST_BLOCK
    training_pairs: int = 4_000_000

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: a number is below one.
        """
        if min(self.threads, self.memory_mb, self.largest_block, self.training_pairs) < 1:
            raise ValueError("threads, memory, block and training pairs are 1 at least")

    @property
    def bytes_a_thread(self) -> int:
        """What the pairs in one thread's work may take."""
        return self.memory_mb * MEGABYTE // self.threads
