"""A figure as its reader sees it: in their language, with what they may see."""

from dataclasses import dataclass
from functools import lru_cache

from api.pages.figures.labels import Label, labels
from api.pages.figures.pictures import PICTURES, Words, picture
from api.pages.languages import KHMER, Language
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.indicators import catalogue
from registry.indicators.figure import Figure, Mark, Value
from registry.indicators.population import Population
from registry.indicators.snapshot import Snapshot

PICTURES_KEPT = 200


@dataclass(frozen=True)
class Shown:
    """A figure with its words."""

    figure: Figure
    title: str
    definition: str
    label: Label
    language: Language

    @property
    def has_picture(self) -> bool:
        """Whether there is something to draw."""
        return self.figure.code in PICTURES and bool(self.figure.lines)

    def value(self, value: Value) -> str:
        """A value as the language writes it."""
        if value is None:
            return "–"
        if isinstance(value, Mark):
            return self.language.words.gettext("hidden")
        return (
            self.language.share(value) if isinstance(value, float) else self.language.number(value)
        )


def sees_small_counts(reader: Principal) -> bool:
    """Whether a reader is one of the registry's officers, who see people anyway."""
    return reader.may(Permission.READ_PERSONS)


def shown(
    code: str, snapshot: Snapshot, population: Population, reader: Principal, language: Language
) -> Shown:
    """One figure for a reader.

    Raises:
        NotFound: there is no figure of that name.
    """
    figure = catalogue.figure(
        code, snapshot, population, sees_small_counts=sees_small_counts(reader)
    )
    title, definition = (
        said.km if language == KHMER else said.en for said in (figure.title, figure.definition)
    )
    return Shown(figure, title, definition, labels(figure, language), language)


@lru_cache(PICTURES_KEPT)
def svg(figure: Figure, language: Language) -> bytes | None:
    """The picture of a figure, drawn once."""
    return picture(figure, Words(labels(figure, language), language.number))
