"""Reviews, what officers say on them, and the decisions that come of it."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import WITHOUT_NUL, Purpose
from registry.people.decisions import Decision, Verdict
from registry.people.guards import Reason
from registry.people.reviews import Review, ReviewStatus
from registry.reviewing.review_pairs import PairView, RecordView, Side
from registry.reviewing.review_work import Said

STATED = (
    "sex", "birth_date", "village", "national_id", "birth_certificate", "equity_card", "phone",
    "household", "relationship", "mother", "stated_on",
)  # fmt: skip
Note = Annotated[str, Field(max_length=1000, pattern=WITHOUT_NUL, description="Why.")]


class WithPurpose(BaseModel):
    """Why people's data is read; it is recorded."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose


class VerdictIn(WithPurpose):
    """What an officer says of the two records of a review."""

    verdict: Verdict
    note: Note = ""


class NoteIn(WithPurpose):
    """Why something is undone or closed."""

    note: Note = ""


class RecordOut(BaseModel):
    """A record as its scheme's list has it now."""

    scheme: str
    scheme_record_id: str
    sp_id: str | None
    name_khmer: str | None
    name_latin: str | None
    sex: str | None
    birth_date: str | None
    village: str | None
    national_id: str | None
    birth_certificate: str | None
    equity_card: str | None
    phone: str | None
    household: str | None
    relationship: str | None
    mother: str | None
    stated_on: str | None

    @classmethod
    def of(cls, record: RecordView) -> Self:
        """Rendered from the registry's view."""
        return cls(
            scheme=record.scheme, scheme_record_id=record.number, sp_id=record.sp_id,
            name_khmer=record.name_khmer, name_latin=record.name_latin,
            **{name: getattr(record.version, name) for name in STATED},
        )  # fmt: skip


class MemberOut(BaseModel):
    """Another member of a record's household; `is_on_both` where the other household has them."""

    record: RecordOut
    is_on_both: bool


class CandidateOut(BaseModel):
    """Another record that is near; `match_weight` is log2 odds."""

    record: RecordOut
    match_weight: float


class SideOut(BaseModel):
    """One record of a pair, its household, and other records near it."""

    record: RecordOut
    members: list[MemberOut]
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, side: Side) -> Self:
        """Rendered from the registry's side."""
        return cls(
            record=RecordOut.of(side.record),
            members=[
                MemberOut(record=RecordOut.of(one.record), is_on_both=one.is_on_both)
                for one in side.members
            ],
            candidates=[
                CandidateOut(record=RecordOut.of(one.record), match_weight=one.weight)
                for one in side.candidates
            ],
        )


class ReviewOut(BaseModel):
    """A possible link: how strong, why the engine did not decide, and who holds it."""

    id: int
    status: ReviewStatus
    reason: Reason
    match_weight: float
    model: str
    priority: int
    opened_at: datetime
    closed_at: datetime | None
    claimed_until: datetime | None
    decision: int | None

    @classmethod
    def of(cls, review: Review) -> Self:
        """Rendered from the registry's review."""
        own = {"match_weight": review.weight, "decision": review.decision_id}
        shared = cls.model_fields.keys() - own.keys()
        return cls(**{name: getattr(review, name) for name in shared}, **own)


class PairOut(BaseModel):
    """A review with both of its records."""

    review: ReviewOut
    left: SideOut
    right: SideOut

    @classmethod
    def of(cls, pair: PairView) -> Self:
        """Rendered from the registry's pair."""
        left, right = pair.sides
        return cls(review=ReviewOut.of(pair.review), left=SideOut.of(left), right=SideOut.of(right))


class WordOut(BaseModel):
    """What the officer said on a review, and what became of it."""

    id: int
    review: int
    verdict: Verdict
    note: str
    given_at: datetime
    taken_back_at: datetime | None
    status: ReviewStatus
    decision: int | None
    can_be_undone: bool

    @classmethod
    def of(cls, said: Said) -> Self:
        """Rendered from the registry's word."""
        word = said.opinion
        return cls(
            id=word.id, review=said.review.id, verdict=word.verdict, note=word.note,
            given_at=word.given_at, taken_back_at=word.taken_back_at, status=said.review.status,
            decision=said.review.decision_id, can_be_undone=said.can_be_undone,
        )  # fmt: skip


class DecisionOut(BaseModel):
    """A word of officers that binds the engine until it is undone."""

    id: int
    verdict: Verdict
    note: str
    officer: str
    decided_at: datetime
    undone_at: datetime | None
    undone_by: str | None
    undone_note: str | None

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Rendered from the registry's decision."""
        return cls(**{name: getattr(decision, name) for name in cls.model_fields})
