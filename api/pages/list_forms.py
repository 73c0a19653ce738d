"""What an administrator sends: a file, or how a draft is laid out."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Self

from fastapi import Depends, Form, UploadFile
from pydantic import BaseModel, BeforeValidator, field_validator, model_validator
from pydantic import Field as Bounded

from registry.lists.batches import Mode
from registry.lists.uploads import plain_name
from registry.schemes.fields import Field
from registry.schemes.layout import Layout
from registry.tables.table import HEAD

PIECE = 1 << 20
MOST_COLUMNS = 256
Word = Annotated[str, Bounded(max_length=32_767)]
Meaning = Annotated[Field | None, BeforeValidator(lambda value: value or None)]


class LayoutForm(BaseModel):
    """How a draft is laid out; `shown_...` are what the page showed before any change.

    Columns come as three lists of one length: the heading, what it was shown as, what it is.
    """

    sheet: Word
    shown_sheet: Word
    heading_row: Annotated[int, Bounded(ge=1, le=HEAD)]
    shown_heading_row: Annotated[int, Bounded(ge=0)]
    encoding: Annotated[str, Bounded(max_length=40)] = ""
    heading: Annotated[list[Word], Bounded(max_length=MOST_COLUMNS)] = []
    shown_meaning: Annotated[list[Meaning], Bounded(max_length=MOST_COLUMNS)] = []
    meaning: Annotated[list[Meaning], Bounded(max_length=MOST_COLUMNS)] = []
    form_token: str = ""

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value:
            try:
                codecs.lookup(value)
            except LookupError as error:
                message = "There is no such encoding."
                raise ValueError(message) from error
        return value

    @model_validator(mode="after")
    def _are_columns(self) -> Self:
        if not len(self.heading) == len(self.shown_meaning) == len(self.meaning):
            message = "Each heading has one meaning."
            raise ValueError(message)
        return self

    def over(self, before: Layout) -> Layout:
        """What its sender says by now; headings of another sheet or row are forgotten."""
        is_sheet = self.sheet == self.shown_sheet
        is_row = self.heading_row == self.shown_heading_row
        headings: dict[str, Field | None] = {}
        if is_sheet and is_row:
            columns = zip(self.heading, self.shown_meaning, self.meaning, strict=True)
            headings = dict(before.headings)
            headings |= {name: now for name, shown, now in columns if now != shown}
        row = before.heading_row if is_sheet else None
        return Layout(
            encoding=self.encoding or before.encoding,
            sheet=before.sheet if is_sheet else self.sheet,
            heading_row=row if is_row else self.heading_row,
            headings=headings,
        )


def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="registry-upload-") as folder:
        yield Path(folder)


class SentFile:
    """A file that was chosen, under its own name, and how it is meant."""

    def __init__(
        self,
        file: UploadFile,
        folder: Annotated[Path, Depends(_folder)],
        mode: Annotated[Mode, Form()] = Mode.DELTA,
    ) -> None:
        self.mode = mode
        self.is_chosen = bool(file.filename)
        self.path = folder / plain_name(file.filename or "")
        with self.path.open("wb") as kept:
            while piece := file.file.read(PIECE):
                kept.write(piece)
