"""Eligibility on a day: covered, not covered, or unknown, with reasons and what to do then.

The rules are the table at the end, a row a scheme. The answer is unknown whenever the person was
not found with certainty, a review on them waits, or a scheme's list is older than its rule allows;
unknown is never to be read as not covered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import enrolments
from registry.enrolments import Enrolment


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
class Rule:
    """When a scheme covers a person on a day.

    Attributes:
        gives: what the person gets.
        through: schemes whose active enrolment covers here as well.
        categories: those covered; None for all, an unknown one included.
        under: category → age in years from which it covers no more.
        list_lasts: how long after its last list a scheme's silence still says something.
    """

    gives: str
    list_lasts: timedelta
    through: tuple[str, ...] = ()
    categories: frozenset[str] | None = None
    under: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class SchemeAnswer:
    """Whether one scheme covers a person, and by which enrolment if it does."""

    scheme: str
    coverage: Coverage
    reason: Reason
    gives: str
    enrolment: Enrolment | None = None


@dataclass(frozen=True)
class Answer:
    """Whether anything covers a person on a day, scheme by scheme, and what to do."""

    coverage: Coverage
    schemes: tuple[SchemeAnswer, ...]
    fallback: str


A_YEAR = timedelta(days=365)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "idpoor": Rule(
            gives="health care at public facilities, for every member of the household",
            list_lasts=3 * A_YEAR,
            categories=frozenset({"poor_1", "poor_2", "at_risk"}),
        ),
        "hef": Rule(
            gives="exemption from fees, transport and food support",
            list_lasts=A_YEAR,
            through=("idpoor",),
        ),
        "nssf": Rule(gives="health insurance", list_lasts=A_YEAR),
        "cash_transfer": Rule(
            gives="cash", list_lasts=A_YEAR, under=MappingProxyType({"child": 2})
        ),
        "disability": Rule(gives="an allowance by severity", list_lasts=3 * A_YEAR),
    }
)
FALLBACKS: Mapping[Coverage, str] = MappingProxyType(
    {
        Coverage.COVERED: "Provide the service under the scheme that is named. If the person says "
        "that something is wrong, provide it all the same and report it.",
        Coverage.NOT_COVERED: "No list says that this person is covered on this day. Ask for an "
        "equity card or membership card; a valid card counts. Never refuse urgent care.",
        Coverage.UNKNOWN: "The registry cannot say, which does not mean no. Ask for an equity card "
        "or membership card and follow it; without one use the facility's own assessment of "
        "poverty. Never refuse urgent care.",
    }
)
_WAITING = """
SELECT EXISTS (
  SELECT FROM link l JOIN review r ON l.record_id IN (r.left_record_id, r.right_record_id)
  WHERE l.person_id = :person AND l.superseded_at IS NULL
  AND r.status IN ('open', 'second', 'disputed'))
"""
_LISTS = """
SELECT scheme, max(finished_at) FROM batch WHERE status = 'linked' GROUP BY scheme
"""


def check(
    session: Session,
    person: int,
    day: date,
    *,
    is_certain: bool = True,
    rules: Mapping[str, Rule] = RULES,
) -> Answer:
    """Say whether a person is covered on a day.

    Args:
        session: reads the current lists.
        person: who is asked about.
        day: the day of the service.
        is_certain: whether the person was found by a number that only they hold, or by a link.
        rules: scheme → its rule.
    """
    held = enrolments.of_persons(session, [person])
    doubt = None if is_certain else Reason.PERSON_UNCERTAIN
    if doubt is None and session.scalar(text(_WAITING), {"person": person}):
        doubt = Reason.REVIEW_WAITS
    lists: dict[str, datetime] = {row[0]: row[1] for row in session.execute(text(_LISTS))}
    answers = tuple(
        SchemeAnswer(scheme, Coverage.UNKNOWN, doubt, rule.gives) if doubt is not None
        else _of_scheme(scheme, rule, held, Known(lists, day))
        for scheme, rule in rules.items()
    )  # fmt: skip
    found = {answer.coverage for answer in answers}
    order = (Coverage.COVERED, Coverage.UNKNOWN, Coverage.NOT_COVERED)
    coverage = next((each for each in order if each in found), Coverage.UNKNOWN)
    return Answer(coverage, answers, FALLBACKS[coverage])


@dataclass(frozen=True)
class Known:
    """What is known of lists on the day asked about: scheme → when its last list was taken."""

    lists: Mapping[str, datetime]
    day: date

    def doubt(self, schemes: Sequence[str], lasts: timedelta) -> Reason | None:
        """Why the silence of these schemes would say nothing; None where it says something."""
        asked = datetime.combine(self.day, time(), UTC)
        if any(scheme not in self.lists for scheme in schemes):
            return Reason.LIST_MISSING
        if any(self.lists[scheme] < asked - lasts for scheme in schemes):
            return Reason.LIST_OUTDATED
        return None


def _of_scheme(scheme: str, rule: Rule, held: Sequence[Enrolment], known: Known) -> SchemeAnswer:
    sources = (scheme, *rule.through)
    judged = [
        (_judge(enrolment, RULES.get(enrolment.scheme, rule), known.day), enrolment)
        for enrolment in held if enrolment.scheme in sources
    ]  # fmt: skip
    for reason, enrolment in judged:
        if reason == Reason.ACTIVE and known.doubt([enrolment.scheme], rule.list_lasts) is None:
            return SchemeAnswer(scheme, Coverage.COVERED, reason, rule.gives, enrolment)
    doubt = known.doubt(sources, rule.list_lasts)
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
