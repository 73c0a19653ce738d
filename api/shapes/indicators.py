"""The figures, with their definitions."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from registry.indicators.figure import Figure, Words


class SentenceOut(BaseModel):
    """A sentence in English and Khmer."""

    en: str
    km: str

    @classmethod
    def of(cls, words: Words) -> Self:
        """Rendered from the registry's words."""
        return cls(en=words.en, km=words.km)


class LineOut(BaseModel):
    """A row of a figure: what it is about, and its values."""

    about: dict[str, str]
    values: Annotated[
        dict[str, int | float | str | None],
        Field(description="A count, a share from 0 to 1, `hidden`, or null if not known."),
    ]


class FigureOut(BaseModel):
    """A table of counts; small ones are hidden from readers who are not officers."""

    code: str
    title: SentenceOut
    definition: SentenceOut
    counted_at: datetime
    lines: list[LineOut]

    @classmethod
    def of(cls, figure: Figure, counted_at: datetime) -> Self:
        """Rendered from the registry's figure."""
        return cls(
            code=figure.code,
            title=SentenceOut.of(figure.title),
            definition=SentenceOut.of(figure.definition),
            counted_at=counted_at,
            lines=[
                LineOut(
                    about=dict(zip(figure.about, line.about, strict=True)),
                    values=dict(zip(figure.columns, line.values, strict=True)),
                )
                for line in figure.lines
            ],
        )


class FiguresOut(BaseModel):
    """Codes of the figures there are."""

    codes: list[str]
