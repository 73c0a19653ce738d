"""One field at a counter: what somebody types there may be a number of any kind, or a name.

Every kind that the text can be is asked at once, and recorded as one question. Where the kinds lead
to more than one person nobody is certain: the answer is unknown, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.entitlements import coverage, eligibility
from registry.entitlements.coverage import Coverage, Reason
from registry.entitlements.coverage_words import FALLBACKS
from registry.entitlements.eligibility import NUMBERS, Answer, Asking, Question
from registry.lookups import lookup
from registry.lookups.identification import EquityCardQuestion, Who
from registry.lookups.lookup import NationalIdQuestion, SchemeNumberQuestion, SpIdQuestion
from registry.schemes.values.identifiers import parse_equity_card, parse_national_id
from registry.sp_id import parse


@dataclass(frozen=True)
class Typed:
    """What was typed: a number or a name, and what else is known of the person.

    `birth_date` is ISO, cut to what is known.
    """

    text: str
    birth_date: str | None = None
    sex: str | None = None

    @property
    def is_name(self) -> bool:
        """Whether it holds no digit, as names do."""
        return not any(letter.isdigit() for letter in self.text)

    @property
    def lacks_birth_date(self) -> bool:
        """Whether a birth date must be known too: a name alone is nobody's."""
        return self.is_name and self.birth_date is None


def ask(session: Session, typed: Typed, day: date, asking: Asking) -> Answer:
    """Say whether the one who is meant is covered on a day."""
    meant = meanings(typed, tuple(asking.rules.schemes))
    questions = {kind: Question(who, day) for kind, who in meant.items()}
    answers = eligibility.ask_meanings(session, questions, asking)
    certain = [answer for answer in answers.values() if answer.person is not None]
    if certain and all(_told(answer) == _told(certain[0]) for answer in certain):
        return certain[0]
    if not certain and len(answers) == 1:
        return next(iter(answers.values()))
    doubted = coverage.doubted(Reason.PERSON_UNCERTAIN, asking.rules)
    return Answer(
        day, Coverage.UNKNOWN, doubted.schemes, None, FALLBACKS[Coverage.UNKNOWN], None, NUMBERS
    )


def meanings(typed: Typed, schemes: tuple[str, ...]) -> Mapping[str, Who]:
    """What a text may be, by kind: a name; an SP ID, for its check digit fits; else any number."""
    text = typed.text.strip()
    if typed.is_name:
        described = lookup.described(
            text, birth_date=typed.birth_date or "", sex=typed.sex, village=None
        )
        return {"name": lookup.NameQuestion(described)}
    if parse(text) is not None:
        return {"sp_id": SpIdQuestion(text)}
    found: dict[str, Who] = {}
    if parse_equity_card(text).value is not None:
        found["equity_card"] = EquityCardQuestion(text, None, typed.birth_date)
    if parse_national_id(text).value is not None:
        found["national_id"] = NationalIdQuestion(text)
    return found | {scheme: SchemeNumberQuestion(scheme, text) for scheme in schemes}


def _told(answer: Answer) -> tuple[object, ...]:
    return answer.coverage, answer.schemes, answer.person
