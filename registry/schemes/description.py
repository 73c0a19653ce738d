"""What the description of a scheme may say, and whether it is in order."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Bounded

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme, Unit
from registry.schemes.values.coded import RELATIONSHIPS, SEXES, Codebook
from registry.schemes.values.identifiers import NumberForm
from registry.schemes.values.plain import fold

CODED: Final = frozenset({Field.SEX, Field.RELATIONSHIP, Field.CATEGORY})
GROUPING: Final = frozenset({Field.HOUSEHOLD, Field.EQUITY_CARD, Field.MOTHER, Field.RECORD_NUMBER})
NUMBERED: Final = frozenset(
    {Field.NATIONAL_ID, Field.BIRTH_CERTIFICATE, Field.EQUITY_CARD, Field.HOUSEHOLD, Field.MOTHER}
)
SEX_VALUES: Final = frozenset({"male", "female"})
RELATIONSHIP_VALUES: Final = frozenset(
    {"head", "spouse", "child", "parent", "sibling", "grandchild", "other", "mother"}
)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return pattern


def _as_text(value: object) -> object:
    """Numbers that stand for words, as YAML reads `1`, are the words."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Pattern = Annotated[str, AfterValidator(_compiles)]
Word = Annotated[str, BeforeValidator(_as_text), Bounded(min_length=1, max_length=200)]
Code = Annotated[str, BeforeValidator(_as_text), Bounded(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NumberDescription(_Part):
    """What the record numbers of a list look like."""

    pattern: Pattern = r".+"
    digits: int = Bounded(default=0, ge=0, le=40)


class SchemeDescription(_Part):
    """The content of a description file."""

    code: str = Bounded(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: str = Bounded(min_length=1, max_length=200)
    name_km: str = Bounded(min_length=1, max_length=200)
    unit: Unit = Unit.PERSON
    stale_after_days: int = Bounded(default=365, ge=1, le=36_500)
    record_number: NumberDescription = NumberDescription()
    headings: dict[Field, list[Word]]
    values: dict[Field, dict[Code, list[Word]]] = {}
    patterns: dict[Field, Pattern] = {}
    household: list[Field] = []
    relationships: dict[Code, Code] = {}

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for check in (_check_headings, _check_words, _check_fields):
            check(self)
        return self

    def scheme(self) -> Scheme:
        """The scheme that is described."""
        words = {field: _joined(values) for field, values in self.values.items()}
        categories = words.get(Field.CATEGORY)
        return Scheme(
            code=self.code,
            name=self.name,
            name_km=self.name_km,
            unit=self.unit,
            stale_after_days=self.stale_after_days,
            number=NumberForm(re.compile(self.record_number.pattern), self.record_number.digits),
            headings=_joined(self.headings),
            patterns={field: re.compile(text) for field, text in self.patterns.items()},
            sexes=SEXES.knowing(words.get(Field.SEX, {})),
            relations=RELATIONSHIPS.knowing(words.get(Field.RELATIONSHIP, {})),
            categories=Codebook(categories, "category.unknown") if categories else None,
            household=tuple(self.household),
            relationships=self.relationships,
        )


def _joined(lists: Mapping[Any, list[str]]) -> dict[Any, str]:
    return {key: "|".join(word.replace("|", " ") for word in row) for key, row in lists.items()}


def _check_headings(described: SchemeDescription) -> None:
    if not described.headings.get(Field.RECORD_NUMBER):
        raise ValueError("headings: record_number needs a heading")
    meanings: dict[str, Field] = {}
    for field, row in described.headings.items():
        for heading in row:
            other = meanings.setdefault(fold(heading), field)
            if other is not field:
                raise ValueError(f"headings: {heading} stands for {other} and for {field}")


def _check_words(described: SchemeDescription) -> None:
    allowed = {Field.SEX: SEX_VALUES, Field.RELATIONSHIP: RELATIONSHIP_VALUES}
    for field, values in described.values.items():
        if field not in CODED:
            raise ValueError(f"values: {field} has no words, only {_list(CODED)} have")
        unknown = values.keys() - allowed.get(field, values.keys())
        if unknown:
            raise ValueError(f"values: {field} cannot be {_list(unknown)}")
        meanings: dict[str, str] = {}
        for value, words in values.items():
            for word in words:
                other = meanings.setdefault(fold(word), value)
                if other != value:
                    raise ValueError(f"values: {word} stands for {other} and for {value}")


def _check_fields(described: SchemeDescription) -> None:
    if stray := set(described.household) - GROUPING:
        raise ValueError(f"household: rows cannot be grouped by {_list(stray)}")
    if stray := described.patterns.keys() - NUMBERED:
        raise ValueError(f"patterns: {_list(stray)} cannot have one")
    if unknown := set(described.relationships.values()) - RELATIONSHIP_VALUES:
        raise ValueError(f"relationships: {_list(unknown)} is no relationship")
    categories = described.values.get(Field.CATEGORY, {})
    if unknown := described.relationships.keys() - categories.keys():
        raise ValueError(f"relationships: {_list(unknown)} is not among the categories")


def _list(names: "frozenset[Any] | set[Any]") -> str:
    return ", ".join(sorted(map(str, names)))
