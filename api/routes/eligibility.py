"""Eligibility at the point of care. What is asked travels in the body, never in the address."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from api.dependencies import CoverageRules, DatabaseSession, Now, allowed
from api.errors import described, malformed_question
from api.shapes.eligibility import EligibilitiesOut, EligibilityOut, QuestionIn, QuestionsIn
from api.straight import PATH, Failing
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.entitlements import eligibility
from registry.entitlements.eligibility import Asking
from registry.lookups.lookup import Reader

router = APIRouter(
    prefix=PATH, tags=["eligibility"], route_class=Failing,
    responses=described(429, 503),
)  # fmt: skip

COMMON = {"date": "2026-06-01", "purpose": "treatment"}
EXAMPLES = {
    "by SP ID": {"value": {"by": "sp_id", "sp_id": "2345 6789 0124", **COMMON}},
    "by scheme number": {
        "value": {
            "by": "scheme_number", "scheme": "nssf", "scheme_record_id": "000164890", **COMMON,
        }
    },
    "by national ID": {"value": {"by": "national_id", "national_id": "096371764", **COMMON}},
    "by equity card": {
        "value": {
            "by": "equity_card", "equity_card": "05090203-8107", "birth_date": "2002-09-22",
            **COMMON,
        }
    },
    "by name": {
        "value": {
            "by": "name", "name": "Phal Rotana", "birth_date": "2002-09-22", "sex": "female",
            "village": "25050408", **COMMON,
        }
    },
}  # fmt: skip
MANY = {
    "two": {
        "value": {
            "purpose": "treatment",
            "questions": {
                "bed 1": {"by": "sp_id", "sp_id": "2345 6789 0124", "date": "2026-06-01"},
                "bed 2": {"by": "national_id", "national_id": "096371764", "date": "2026-06-01"},
            },
        }
    }
}  # fmt: skip
PROBLEMS = described(401, 403, 422)
Asker = Annotated[Principal, Depends(allowed(Permission.ASK_ELIGIBILITY))]


@router.post("", summary="Is this person covered", responses=PROBLEMS)
def ask(
    question: Annotated[QuestionIn, Body(openapi_examples=EXAMPLES)],
    session: DatabaseSession,
    caller: Asker,
    rules: CoverageRules,
    now: Now,
) -> EligibilityOut:
    """Say whether a person is covered on a day, by whom, and what to do; it is recorded."""
    asking = Asking(Reader(caller.name, question.purpose, now), rules)
    return EligibilityOut.of(eligibility.ask_at_once(session, question.parsed(), asking))


@router.post("/batch", summary="Are these persons covered", responses=PROBLEMS)
def ask_many(
    asked: Annotated[QuestionsIn, Body(openapi_examples=MANY)],
    session: DatabaseSession,
    caller: Asker,
    rules: CoverageRules,
    now: Now,
) -> EligibilitiesOut:
    """Answer up to 500 questions, each by its key; a malformed one has a problem of its own."""
    questions, malformed = asked.parsed()
    asking = Asking(Reader(caller.name, asked.purpose, now), rules)
    answers = eligibility.ask_many(session, questions, asking)
    return EligibilitiesOut(
        answers={key: EligibilityOut.of(answer) for key, answer in answers.items()},
        problems={key: malformed_question(error) for key, error in malformed.items()},
    )
