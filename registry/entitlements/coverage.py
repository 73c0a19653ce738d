"""Whether schemes cover somebody on a day, by rules that are data: values in, values out.

The answer is unknown whenever the person is not certain, a review on them waits, or a scheme's list
is older than its rule allows; unknown is never to be read as not covered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from registry.records.enrolments import Enrolment


class Coverage(StrEnum):
    """What a provider is told."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why the answer is what it is."""

    ACTIVE = "active"
    NO_ENROLMENT = "no_enrolment"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    OTHER_CATEGORY = "other_category"
    TOO_OLD = "too_old"
    AGE_UNKNOWN = "age_unknown"
    PERSON_UNCERTAIN = "person_uncertain"
    REVIEW_WAITS = "review_waits"
    LIST_OUTDATED = "list_outdated"
    LIST_MISSING = "list_missing"


@dataclass(frozen=True)
class Words:
    """A sentence in both languages."""

    english: str
    khmer: str


@dataclass(frozen=True)
class Rule:
    """When a scheme covers a person on a day.

    Attributes:
        gives: what the person gets.
        list_lasts: how long after its last list a scheme's silence still says something.
        through: schemes whose active enrolment covers here as well.
        categories: those covered; None for all, an unknown one included.
        under: category → age in years from which it covers no more.
    """

    gives: Words
    list_lasts: timedelta
    through: tuple[str, ...] = ()
    categories: frozenset[str] | None = None
    under: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Rules:
    """The rules of all schemes, in the order in which they are answered.

    `payers` are the schemes that pay for care: of those that cover, the first one pays.
    """

    schemes: Mapping[str, Rule]
    payers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchemeAnswer:
    """Whether one scheme covers a person, and by which enrolment if it does."""

    scheme: str
    coverage: Coverage
    reason: Reason
    gives: Words
    enrolment: Enrolment | None = None


@dataclass(frozen=True)
class Covered:
    """Whether anything covers a person, scheme by scheme; `payer` is the scheme that pays."""

    coverage: Coverage
    schemes: tuple[SchemeAnswer, ...]
    payer: str | None = None


@dataclass(frozen=True)
class Lists:
    """What is known of lists on a day: scheme → when its last list was taken."""

    taken: Mapping[str, datetime]
    day: date

    def doubt(self, schemes: Sequence[str], rules: Rules) -> Reason | None:
        """Why the silence of these schemes would say nothing; None where it says something."""
        asked = datetime.combine(self.day, time(), UTC)
        if any(scheme not in self.taken for scheme in schemes):
            return Reason.LIST_MISSING
        if any(self.taken[each] < asked - rules.schemes[each].list_lasts for each in schemes):
            return Reason.LIST_OUTDATED
        return None


def judge(held: Sequence[Enrolment], lists: Lists, rules: Rules) -> Covered:
    """Whether a person who is certain, with these enrolments, is covered."""
    answers = tuple(_of_scheme(scheme, held, lists, rules) for scheme in rules.schemes)
    covering = {each.scheme for each in answers if each.coverage == Coverage.COVERED}
    payer = next((scheme for scheme in rules.payers if scheme in covering), None)
    return Covered(_overall(answers), answers, payer)


def doubted(reason: Reason, rules: Rules) -> Covered:
    """The answer where, for one reason, nothing can be said."""
    answers = tuple(
        SchemeAnswer(scheme, Coverage.UNKNOWN, reason, rule.gives)
        for scheme, rule in rules.schemes.items()
    )
    return Covered(Coverage.UNKNOWN, answers)


def _overall(answers: Sequence[SchemeAnswer]) -> Coverage:
    found = {answer.coverage for answer in answers}
    order = (Coverage.COVERED, Coverage.UNKNOWN, Coverage.NOT_COVERED)
    return next((each for each in order if each in found), Coverage.UNKNOWN)


def _of_scheme(scheme: str, held: Sequence[Enrolment], lists: Lists, rules: Rules) -> SchemeAnswer:
    rule = rules.schemes[scheme]
    sources = (scheme, *rule.through)
    judged = [
        (_judge(enrolment, rules.schemes[enrolment.scheme], lists.day), enrolment)
        for enrolment in held if enrolment.scheme in sources
    ]  # fmt: skip
    for reason, enrolment in judged:
        if reason == Reason.ACTIVE and lists.doubt([enrolment.scheme], rules) is None:
            return SchemeAnswer(scheme, Coverage.COVERED, reason, rule.gives, enrolment)
    doubt = lists.doubt(sources, rules)
    if doubt is None and any(reason == Reason.AGE_UNKNOWN for reason, _ in judged):
        doubt = Reason.AGE_UNKNOWN
    if doubt is not None:
        return SchemeAnswer(scheme, Coverage.UNKNOWN, doubt, rule.gives)
    reason = judged[0][0] if judged else Reason.NO_ENROLMENT
    return SchemeAnswer(scheme, Coverage.NOT_COVERED, reason, rule.gives)


def _judge(enrolment: Enrolment, rule: Rule, day: date) -> Reason:
    """Whether an enrolment covers on a day, or why it does not."""
    if enrolment.valid_from is not None and day < enrolment.valid_from:
        return Reason.NOT_STARTED
    if not enrolment.is_active(day):
        return Reason.ENDED
    if rule.categories is not None and enrolment.category not in rule.categories:
        return Reason.OTHER_CATEGORY
    limit = rule.under.get(enrolment.category or "")
    return Reason.ACTIVE if limit is None else _of_age(enrolment.born, limit, day)


def _of_age(born: str | None, limit: int, day: date) -> Reason:
    """Whether somebody is under an age, as far as the birth date is known."""
    if born is None:
        return Reason.AGE_UNKNOWN
    last = f"{day.year - limit:04}-{day.month:02}-{day.day:02}"
    exact = born.rstrip("~")
    if exact > last[: len(exact)]:
        return Reason.ACTIVE
    if exact == last[: len(exact)] and len(exact) < len(last):
        return Reason.AGE_UNKNOWN
    return Reason.AGE_UNKNOWN if born.endswith("~") else Reason.TOO_OLD
