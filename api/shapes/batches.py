"""Batches: a scheme's uploaded lists, how far they are, and what is wrong with their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from registry.lists.batches import Batch, BatchStatus, Mode, RejectedRowEntry
from registry.lists.progress import Progress
from registry.lists.tallies import Tally


class BatchOut(BaseModel):
    """One uploaded list of one scheme."""

    id: int
    scheme: Annotated[str, Field(examples=["hef"])]
    mode: Mode
    file_name: str
    sha256: str
    size: int
    status: BatchStatus
    error: str | None
    received_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    records_new: int
    records_changed: int
    records_unchanged: int
    records_ending: int

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Rendered from the registry's batch."""
        return cls(**{name: getattr(batch, name) for name in BatchOut.model_fields})


class ProgressOut(BaseModel):
    """How far a batch is; `rows_expected` and `seconds_left` are guesses."""

    rows_expected: int | None
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    records_linked: int
    seconds_left: float | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """Rendered from the registry's progress."""
        return cls(**{name: getattr(progress, name) for name in cls.model_fields})


class WatchedBatchOut(BatchOut):
    """A batch with how far it is."""

    progress: ProgressOut

    @classmethod
    def watched(cls, batch: Batch, progress: Progress) -> Self:
        """Rendered from the registry's batch and its progress."""
        return cls(**BatchOut.of(batch).model_dump(), progress=ProgressOut.of(progress))


class ExampleOut(BaseModel):
    """One cell that has a problem."""

    row: int
    column: str
    value: str
    message: str
    message_km: str


class TallyOut(BaseModel):
    """How often one problem was met; an error rejects its row, anything else is a warning."""

    code: Annotated[str, Field(examples=["birth_date.future"])]
    is_error: bool
    cells: int
    examples: list[ExampleOut]


class TalliesOut(BaseModel):
    """What is wrong with the rows of a batch, counted by what it is."""

    problems: list[TallyOut]

    @classmethod
    def of(cls, tallies: Sequence[Tally]) -> Self:
        """Rendered from the registry's tallies."""
        return cls(
            problems=[
                TallyOut(
                    code=tally.code, is_error=tally.is_error, cells=tally.cells,
                    examples=[ExampleOut(**vars(example)) for example in tally.examples],
                )
                for tally in tallies
            ]
        )  # fmt: skip


class RejectedRowOut(BaseModel):
    """A row that was not taken, as it was sent, with what is wrong in each cell."""

    row: int
    as_sent: dict[str, str]
    problems: list[dict[str, Any]]

    @classmethod
    def of(cls, row: RejectedRowEntry) -> Self:
        """Rendered from the registry's entry."""
        return cls(row=row.row, as_sent=row.as_sent, problems=row.problems)
