"""Eligibility on a day: covered, not covered, or unknown, with reasons and what to do then.

Every question is recorded in the audit, in the transaction of its answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry import turns
from registry.auditing import audit, signs
from registry.auditing.audit import Access, Entered
from registry.entitlements import coverage
from registry.entitlements.coverage import (
    Coverage,
    Covered,
    Lists,
    Reason,
    Rules,
    SchemeAnswer,
    Words,
)
from registry.entitlements.coverage_words import FALLBACKS
from registry.errors import RegistryError
from registry.lookups import identification
from registry.lookups.confirmation import Confirmation, confirming
from registry.lookups.identification import (
    EquityCardQuestion,
    Facts,
    Found,
    Numbered,
    Reading,
    Who,
)
from registry.lookups.lookup import NameQuestion, Reader
from registry.turns import Conversation, Said

MOST_QUESTIONS = 500


class Resolver(StrEnum):
    """What would let a person be found with certainty."""

    SP_ID = "sp_id"
    SCHEME_NUMBER = "scheme_number"
    NATIONAL_ID = "national_id"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    VILLAGE = "village"


NUMBERS = (Resolver.SP_ID, Resolver.NATIONAL_ID, Resolver.SCHEME_NUMBER)


@dataclass(frozen=True)
class Question:
    """Who is asked about, for which day of service."""

    who: Who
    day: date


@dataclass(frozen=True)
class Asking:
    """Who asks, and by which rules it is answered."""

    reader: Reader
    rules: Rules


@dataclass(frozen=True)
class Asked:
    """A question by a number, with the session of whoever asks, which has not begun.

    The session tells who asks, and is told of signs that they try numbers out.
    """

    session: Session
    who: Numbered
    day: date
    asking: Asking


@dataclass(frozen=True)
class Answer:
    """Whether anything covers somebody on a day, scheme by scheme, and what to do.

    Attributes:
        payer: the scheme that pays for care; None where none of those that pay covers.
        person: to confirm who was found; None where nobody was with certainty.
        resolved_by: what would let the person be found, where nobody was. It depends on what was
            asked alone, so that nobody learns from it whether there is such a person.
    """

    day: date
    coverage: Coverage
    schemes: tuple[SchemeAnswer, ...]
    payer: str | None
    fallback: Words
    person: Confirmation | None
    resolved_by: tuple[Resolver, ...]


def ask(session: Session, question: Question, asking: Asking) -> Answer:
    """Answer a question, and record it."""
    answer, persons = _answer(session, question, asking.rules)
    audit.record(session, _one(session, answer, persons, asking.reader), asking.reader.now)
    return answer


def ask_at_once(session: Session, question: Question, asking: Asking) -> Answer:
    """The same in a transaction of its own, which has ended when the answer is there."""
    if not isinstance(question.who, NameQuestion):
        asked = Asked(session, question.who, question.day, asking)
        [told] = turns.hold(session, asked_together([asked]))
        if isinstance(told, RegistryError):
            raise told
        return told
    with session:
        answer = ask(session, question, asking)
        session.commit()
    return answer


def asked_together(asked: Sequence[Asked]) -> Conversation[list[Answer | RegistryError]]:
    """The conversation with the database by which questions by numbers are answered, recorded.

    Where one of them is refused, that is told in its place, and not recorded.
    """
    read = [identification.reading(one.session, one.who) for one in asked]
    rows: list[list[Any]] = [[] for _ in asked]
    alike: dict[str, list[tuple[int, Reading]]] = {}
    for at, one in enumerate(read):
        if one is not None:
            alike.setdefault(one.statement, []).append((at, one))
    for some in alike.values():
        for row in (yield Said(*identification.together([one for _, one in some]))):
            rows[some[row.place][0]].append(row)
    told, entries = list[Answer | RegistryError](), list[Entered]()
    for question, its in zip(asked, rows, strict=True):
        try:
            answer, entry = _concluded(question, its)
        except RegistryError as error:
            told.append(error)
        else:
            told.append(answer)
            entries.append(entry)
    if entries:
        yield Said(*audit.appending(entries), is_last=True)
    return told


def _concluded(asked: Asked, rows: Sequence[Any]) -> tuple[Answer, Entered]:
    """The answer to one of some questions, of which these rows were read, and its entry."""
    found = identification.concluded(asked.who, rows)
    answer = _told(found, Question(asked.who, asked.day), asked.asking.rules)
    reader = asked.asking.reader
    access = _one(asked.session, answer, found.persons, reader)
    return answer, audit.entered(asked.session, access, reader.now)


def ask_many(
    session: Session, questions: Mapping[str, Question], asking: Asking
) -> dict[str, Answer]:
    """Answer questions that somebody asks together, by their keys, and record them together."""
    told = {key: _answer(session, one, asking.rules) for key, one in questions.items()}
    signs.note_vain(session, sum(not concerned for _, concerned in told.values()))
    return _recorded(session, told, asking)


def ask_meanings(
    session: Session, meanings: Mapping[str, Question], asking: Asking
) -> dict[str, Answer]:
    """Answer one question that may mean several things; it is in vain when all of them are."""
    told = {key: _answer(session, one, asking.rules) for key, one in meanings.items()}
    signs.note_vain(session, int(not any(concerned for _, concerned in told.values())))
    return _recorded(session, told, asking)


def _recorded(
    session: Session, told: Mapping[str, tuple[Answer, tuple[int, ...]]], asking: Asking
) -> dict[str, Answer]:
    persons = tuple(sorted({person for _, concerned in told.values() for person in concerned}))
    answers = {key: answer for key, (answer, _) in told.items()}
    _record(session, "ask eligibility of many", persons, tuple(answers.values()), asking.reader)
    return answers


def check(
    session: Session, person: int, day: date, rules: Rules, *, is_certain: bool = True
) -> Covered:
    """Whether a person, found by whatever way, is covered on a day; the caller records it.

    Args:
        session: reads the current lists.
        person: who is asked about.
        day: the day of the service.
        rules: of all schemes.
        is_certain: whether the person was found by a number that only they hold, or by a link.
    """
    facts = identification.of_person(session, person) if is_certain else None
    return _covered(facts, day, rules)


def _answer(session: Session, question: Question, rules: Rules) -> tuple[Answer, tuple[int, ...]]:
    found = identification.identify(session, question.who)
    return _told(found, question, rules), found.persons


def _told(found: Found, question: Question, rules: Rules) -> Answer:
    facts = found.certain
    covered = _covered(facts, question.day, rules)
    return Answer(
        day=question.day,
        coverage=covered.coverage,
        schemes=covered.schemes,
        payer=covered.payer,
        fallback=FALLBACKS[covered.coverage],
        person=_confirmation(facts),
        resolved_by=() if facts is not None else _resolvers(question.who),
    )


def _covered(facts: Facts | None, day: date, rules: Rules) -> Covered:
    if facts is None:
        return coverage.doubted(Reason.PERSON_UNCERTAIN, rules)
    if facts.has_review:
        return coverage.doubted(Reason.REVIEW_WAITS, rules)
    return coverage.judge(facts.enrolments, Lists(facts.lists, day), rules)


def _confirmation(facts: Facts | None) -> Confirmation | None:
    if facts is None:
        return None
    return confirming(facts.name_khmer, facts.name_latin, facts.birth_date)


def _resolvers(who: Who) -> tuple[Resolver, ...]:
    """What was not said and would help."""
    match who:
        case EquityCardQuestion():
            said = {Resolver.NAME: who.name, Resolver.BIRTH_DATE: who.birth_date}
        case NameQuestion(person):
            said = {
                Resolver.BIRTH_DATE: person.birth_date, Resolver.SEX: person.sex,
                Resolver.VILLAGE: person.village,
            }  # fmt: skip
        case _:
            said = {}
    return (*(each for each, value in said.items() if value is None), *NUMBERS)


def _record(
    session: Session, action: str, persons: tuple[int, ...], answers: tuple[Answer, ...],
    reader: Reader,
) -> None:  # fmt: skip
    audit.record(session, _access(action, persons, answers, reader), reader.now)


def _one(
    session: Session, answer: Answer, persons: tuple[int, ...], reader: Reader
) -> Access:  # fmt: skip
    """The record of one question, of which it is noted whether it was in vain."""
    signs.note_vain(session, int(not persons))
    return _access("ask eligibility", persons, (answer,), reader)


def _access(
    action: str, persons: tuple[int, ...], answers: tuple[Answer, ...], reader: Reader
) -> Access:
    counts = {word: sum(one.coverage == word for one in answers) for word in Coverage}
    outcome = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return Access(reader.actor, action, reader.purpose, persons, outcome or "0 questions")


__all__ = [
    "MOST_QUESTIONS", "Answer", "Asked", "Asking", "Coverage", "Question", "Reader", "Reason",
    "Resolver", "ask", "ask_at_once", "ask_many", "asked_together", "check",
]  # fmt: skip
