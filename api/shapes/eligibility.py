"""Questions at the point of care, and the little that is answered.

Answers are plain dataclasses: nothing is to be checked of what the registry itself says, and this
is the answer that is given most.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.schemas import WITHOUT_NUL, Problem, Purpose
from registry.entitlements import eligibility
from registry.entitlements.coverage import Coverage, Reason, SchemeAnswer, Words
from registry.entitlements.coverage_words import REASONS
from registry.entitlements.eligibility import MOST_QUESTIONS, Resolver
from registry.lookups import identification, lookup

BIRTH_DATE = r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
Day = Annotated[
    date,
    Field(
        ge=date(2000, 1, 1), le=date(2100, 1, 1), description="Day of the service.",
        examples=["2026-06-01"],
    ),
]  # fmt: skip
BirthDate = Annotated[
    str, Field(pattern=BIRTH_DATE, description="As far as it is known.", examples=["2002-09-22"])
]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
Name = Annotated[Text, Field(description="In either script.", examples=["Phal Rotana", "ផល រតនា"])]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    date: Day

    def parsed(self) -> eligibility.Question:
        """As the registry asks it."""
        return eligibility.Question(self.who(), self.date)

    def who(self) -> identification.Who:
        """Who is meant."""
        raise NotImplementedError


class AskedBySpId(_Asked):
    """Who holds this SP ID."""

    by: Literal["sp_id"]
    sp_id: Annotated[Text, Field(examples=["2345 6789 0124"])]

    def who(self) -> identification.Who:
        """Who is meant."""
        return lookup.SpIdQuestion(self.sp_id)


class AskedBySchemeNumber(_Asked):
    """Whose record has this number in a scheme."""

    by: Literal["scheme_number"]
    scheme: Annotated[Text, Field(examples=["nssf"])]
    scheme_record_id: Annotated[Text, Field(examples=["000164890"])]

    def who(self) -> identification.Who:
        """Who is meant."""
        return lookup.SchemeNumberQuestion(self.scheme, self.scheme_record_id)


class AskedByNationalId(_Asked):
    """On whose records this national ID stands."""

    by: Literal["national_id"]
    national_id: Annotated[Text, Field(examples=["096371764"])]

    def who(self) -> identification.Who:
        """Who is meant."""
        return lookup.NationalIdQuestion(self.national_id)


class AskedByEquityCard(_Asked):
    """Who of a household; all share its card, so that a name or a birth date is needed too."""

    by: Literal["equity_card"]
    equity_card: Annotated[Text, Field(examples=["05090203-8107"])]
    name: Name | None = None
    birth_date: BirthDate | None = None

    def who(self) -> identification.Who:
        """Who is meant."""
        return identification.EquityCardQuestion(self.equity_card, self.name, self.birth_date)


class AskedByName(_Asked):
    """Who has this name and birth date; sex and place tell namesakes apart."""

    by: Literal["name"]
    name: Name
    birth_date: BirthDate
    sex: Literal["male", "female"] | None = None
    village: Annotated[str | None, Field(pattern=r"^\d{2}(\d{2}){0,3}$", examples=["25050408"])] = (
        None
    )

    def who(self) -> identification.Who:
        """Who is meant."""
        return lookup.NameQuestion(
            lookup.described(
                self.name, birth_date=self.birth_date, sex=self.sex, village=self.village
            )
        )


Asked = Annotated[
    AskedBySpId | AskedBySchemeNumber | AskedByNationalId | AskedByEquityCard | AskedByName,
    Field(discriminator="by"),
]
ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


class _WithPurpose(BaseModel):
    purpose: Purpose


class SpIdAsked(AskedBySpId, _WithPurpose):
    """Whether who holds this SP ID is covered."""


class SchemeNumberAsked(AskedBySchemeNumber, _WithPurpose):
    """Whether whose record has this number in a scheme is covered."""


class NationalIdAsked(AskedByNationalId, _WithPurpose):
    """Whether on whose records this national ID stands is covered."""


class EquityCardAsked(AskedByEquityCard, _WithPurpose):
    """Whether a member of a household is covered."""


class NameAsked(AskedByName, _WithPurpose):
    """Whether who has this name and birth date is covered."""


QuestionIn = Annotated[
    SpIdAsked | SchemeNumberAsked | NationalIdAsked | EquityCardAsked | NameAsked,
    Field(discriminator="by"),
]


class QuestionsIn(BaseModel):
    """Questions by the caller's own keys.

    Each is a question as for one, without its purpose; one that is malformed has a problem of its
    own, and the others are answered.
    """

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose
    questions: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=100)], object],
        Field(min_length=1, max_length=MOST_QUESTIONS),
    ]

    def parsed(self) -> tuple[dict[str, eligibility.Question], dict[str, ValidationError]]:
        """As the registry asks them, and what is wrong with those that are malformed, by key."""
        questions: dict[str, eligibility.Question] = {}
        malformed: dict[str, ValidationError] = {}
        for key, value in self.questions.items():
            try:
                questions[key] = ASKED.validate_python(value).parsed()
            except ValidationError as error:
                malformed[key] = error
        return questions, malformed


@dataclass(frozen=True)
class WordsOut:
    """A sentence in English and Khmer."""

    en: str
    km: str

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, words: Words) -> Self:
        """Rendered from the registry's words."""
        return cls(en=words.english, km=words.khmer)


@dataclass(frozen=True)
class SchemeCoverageOut:
    """Whether one scheme covers the person, until when, and why."""

    scheme: str
    coverage: Coverage
    reason: Reason
    reason_text: WordsOut
    gives: WordsOut
    valid_from: date | None
    valid_until: date | None

    @classmethod
    def of(cls, answer: SchemeAnswer) -> Self:
        """Rendered from the registry's answer."""
        held = answer.enrolment
        return cls(
            scheme=answer.scheme,
            coverage=answer.coverage,
            reason=answer.reason,
            reason_text=WordsOut.of(REASONS[answer.reason]),
            gives=WordsOut.of(answer.gives),
            valid_from=None if held is None else held.valid_from,
            valid_until=None if held is None else held.valid_until,
        )


@dataclass(frozen=True)
class ConfirmationOut:
    """Initials, the family name's first, and year of birth, to confirm who was found."""

    initials_khmer: Annotated[str | None, Field(examples=["ផ. រ."])]
    initials_latin: Annotated[str | None, Field(examples=["P. R."])]
    birth_year: Annotated[int | None, Field(examples=[2002])]


@dataclass(frozen=True)
class EligibilityOut:
    """Whether a person is covered on a day.

    `unknown` never means no: `fallback` says what to do. Where nobody was found with certainty,
    `person` is null and `resolved_by` names what to ask for; the answer is the same whether there
    is no such person or several.
    """

    date: date
    coverage: Coverage
    payer: Annotated[
        str | None, Field(description="Of the schemes that cover, the one that pays for care.")
    ]
    schemes: list[SchemeCoverageOut]
    fallback: WordsOut
    person: ConfirmationOut | None
    resolved_by: list[Resolver]

    @classmethod
    def of(cls, answer: eligibility.Answer) -> Self:
        """Rendered from the registry's answer."""
        person = answer.person
        return cls(
            date=answer.day,
            coverage=answer.coverage,
            payer=answer.payer,
            schemes=[SchemeCoverageOut.of(each) for each in answer.schemes],
            fallback=WordsOut.of(answer.fallback),
            person=None if person is None else ConfirmationOut(
                initials_khmer=person.initials_khmer, initials_latin=person.initials_latin,
                birth_year=person.birth_year,
            ),
            resolved_by=list(answer.resolved_by),
        )  # fmt: skip

    def json(self) -> bytes:
        """As it is sent."""
        return orjson.dumps(self)


class EligibilitiesOut(BaseModel):
    """Answers and problems, by the caller's keys: each question has one or the other."""

    answers: dict[str, EligibilityOut]
    problems: dict[str, Problem]
