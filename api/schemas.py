"""The shapes of requests and answers."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from registry.lookups.lookup import (
    Answer,
    NameQuestion,
    NationalIdQuestion,
    PersonView,
    SchemeNumberQuestion,
    SpIdQuestion,
    described,
)
from registry.sp_id import printed

WITHOUT_NUL = r"^[^\x00]*$"
"""What a text may be that the database keeps, or is asked for."""
Text = Annotated[str, Field(pattern=WITHOUT_NUL)]

Purpose = Annotated[
    str,
    Field(
        min_length=3, max_length=200, pattern=WITHOUT_NUL, examples=["treatment"],
        description="Why the data is read; it is recorded.",
    ),
]  # fmt: skip


def _in_utc(moment: datetime) -> datetime:
    """The same moment; zones may be further from it than the database takes them."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is before or after all times that there are") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    purpose: Purpose


class BySpId(_Question):
    """Who holds this SP ID; a retired one leads to its survivor."""

    by: Literal["sp_id"]
    sp_id: Annotated[Text, Field(examples=["2345 6789 0124"], max_length=40)]

    def parsed(self) -> SpIdQuestion:
        """As the registry asks it."""
        return SpIdQuestion(self.sp_id)


class BySchemeNumber(_Question):
    """Whose record has this number in a scheme."""

    by: Literal["scheme_number"]
    scheme: Annotated[Text, Field(examples=["nssf"], max_length=40)]
    scheme_record_id: Annotated[Text, Field(examples=["000164890"], max_length=200)]

    def parsed(self) -> SchemeNumberQuestion:
        """As the registry asks it."""
        return SchemeNumberQuestion(self.scheme, self.scheme_record_id)


class ByNationalId(_Question):
    """On whose records this national ID stands."""

    by: Literal["national_id"]
    national_id: Annotated[Text, Field(examples=["096371764"], max_length=40)]

    def parsed(self) -> NationalIdQuestion:
        """As the registry asks it."""
        return NationalIdQuestion(self.national_id)


class ByName(_Question):
    """Who may be the person of this name and birth date: candidates with their match weights."""

    by: Literal["name"]
    name: Annotated[Text, Field(examples=["Phal Rotana", "ផល រតនា"], min_length=2, max_length=200)]
    birth_date: Annotated[
        str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", examples=["2002-09-22", "2002"])
    ]
    sex: Literal["male", "female"] | None = None
    village: Annotated[str | None, Field(pattern=r"^\d{2}(\d{2}){0,3}$", examples=["25050408"])] = (
        None
    )

    def parsed(self) -> NameQuestion:
        """As the registry asks it."""
        return NameQuestion(
            described(self.name, birth_date=self.birth_date, sex=self.sex, village=self.village)
        )


Lookup = Annotated[BySpId | BySchemeNumber | ByNationalId | ByName, Field(discriminator="by")]


class Match(BaseModel):
    """A person who answers a question.

    `match_weight` is log2 odds (0 is one to one); absent where a number was asked for.
    """

    sp_id: Annotated[str, Field(examples=["234567890124"])]
    sp_id_printed: Annotated[str, Field(examples=["2345 6789 0124"])]
    match_class: Literal["link", "possible link"]
    match_weight: float | None = None

    @classmethod
    def of(cls, answer: Answer) -> "Match":
        """Rendered from the registry's answer."""
        return cls(
            sp_id=answer.sp_id,
            sp_id_printed=printed(answer.sp_id),
            match_class="link" if answer.is_certain else "possible link",
            match_weight=answer.weight,
        )


class Matches(BaseModel):
    """Persons who answer a question, the likeliest first."""

    matches: list[Match]


class EnrolmentOut(BaseModel):
    """A person's place in a scheme."""

    scheme: str
    number: str | None
    household: str | None
    category: str | None
    valid_from: date | None
    valid_until: date | None
    status: str | None


class LinkOut(BaseModel):
    """A source record of a person, and why it is theirs."""

    scheme: str
    scheme_record_id: str
    kind: str
    match_weight: float | None
    model: str
    linked_at: datetime
    name_khmer: str | None
    name_latin: str | None
    sex: str | None
    birth_date: str | None


class PersonOut(BaseModel):
    """A person with links and enrolments across schemes."""

    sp_id: str
    sp_id_printed: str
    asked_as: str
    registered_at: datetime
    links: list[LinkOut]
    enrolments: list[EnrolmentOut]

    @classmethod
    def of(cls, view: PersonView) -> "PersonOut":
        """Rendered from the registry's view."""
        return cls(
            sp_id=view.sp_id,
            sp_id_printed=printed(view.sp_id),
            asked_as=view.asked_as,
            registered_at=view.registered_at,
            links=[
                LinkOut(match_weight=record.weight, **_shared(LinkOut, record))
                for record in view.records
            ],
            enrolments=[
                EnrolmentOut(**_shared(EnrolmentOut, record.enrolment)) for record in view.records
            ],
        )


class Health(BaseModel):
    """Whether the service answers."""

    status: Literal["ok"] = "ok"


class WrongMember(BaseModel):
    """A member of a request that is not as described; what was sent is not repeated."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """A problem document of RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongMember] = []


def _shared(shape: type[BaseModel], value: object) -> dict[str, object]:
    """The members of a shape that a value has under the same names."""
    return {name: getattr(value, name) for name in shape.model_fields if hasattr(value, name)}
