"""What officers read of one person: best values with their sources, history, households."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from registry.lookups.history import Event, Happening
from registry.lookups.person_file import History, Households, Values
from registry.records.households import Membership
from registry.records.survivorship import Stated


class StatedOut(BaseModel):
    """A value as one list states it."""

    value: str
    scheme: str
    scheme_record_id: str
    stated_on: str | None

    @classmethod
    def of(cls, stated: Stated) -> Self:
        """Rendered from the registry's value."""
        return cls(
            value=stated.value, scheme=stated.scheme, scheme_record_id=stated.number,
            stated_on=stated.stated_on,
        )  # fmt: skip


class BestValueOut(BaseModel):
    """The value to show, where it came from, and what other lists say instead."""

    best: StatedOut
    variants: list[StatedOut]


class ValuesOut(BaseModel):
    """The best value of each kind that any list states."""

    sp_id: str
    values: Annotated[dict[str, BestValueOut], Field(description="By name, as `birth_date`.")]

    @classmethod
    def of(cls, found: Values) -> Self:
        """Rendered from the registry's values."""
        return cls(
            sp_id=found.sp_id,
            values={
                name: BestValueOut(
                    best=StatedOut.of(chosen.best),
                    variants=[StatedOut.of(each) for each in chosen.variants],
                )
                for name, chosen in found.values.items()
            },
        )


class EventOut(BaseModel):
    """One thing that happened to a person; `actor` is an officer, or `engine`."""

    at: datetime
    what: Happening
    actor: str
    decision: int | None
    scheme: str | None
    scheme_record_id: str | None
    other_sp_id: str | None
    match_weight: float | None
    model: str | None

    @classmethod
    def of(cls, event: Event) -> Self:
        """Rendered from the registry's event."""
        scheme, number = event.record or (None, None)
        return cls(
            at=event.at, what=event.what, actor=event.actor, decision=event.decision,
            scheme=scheme, scheme_record_id=number, other_sp_id=event.other,
            match_weight=event.weight, model=event.model,
        )  # fmt: skip


class HistoryOut(BaseModel):
    """What happened to a person, the oldest first."""

    sp_id: str
    events: list[EventOut]

    @classmethod
    def of(cls, found: History) -> Self:
        """Rendered from the registry's history."""
        return cls(sp_id=found.sp_id, events=[EventOut.of(event) for event in found.events])


class MembershipOut(BaseModel):
    """A person's time in a household of a scheme, as the registry heard of it."""

    scheme: str
    household: str
    relationship: str | None
    since: datetime
    until: datetime | None

    @classmethod
    def of(cls, stay: Membership) -> Self:
        """Rendered from the registry's membership."""
        return cls(**{name: getattr(stay, name) for name in cls.model_fields})


class HouseholdsOut(BaseModel):
    """The households that schemes put a person into, scheme by scheme, the oldest first."""

    sp_id: str
    memberships: list[MembershipOut]

    @classmethod
    def of(cls, found: Households) -> Self:
        """Rendered from the registry's households."""
        return cls(
            sp_id=found.sp_id,
            memberships=[MembershipOut.of(stay) for stay in found.memberships],
        )
