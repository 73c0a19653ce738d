"""Who is asked about at the point of care, with all that the answer needs, in one statement.

A number may lead to nobody, to one person or to several. Whoever asks is told only of the one who
is certain, so that "nobody" and "several" are told alike.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy.orm import Session

from linkage.text import canonical, has_khmer
from registry import key_holder
from registry.auditing import signs
from registry.lookups.lookup import (
    NameQuestion,
    NationalIdQuestion,
    SchemeNumberQuestion,
    SpIdQuestion,
)
from registry.matching.linking import BOUNDS
from registry.matching.searching import search
from registry.records.enrolments import Enrolment
from registry.records.survivorship import RULES, Stated, choose
from registry.schemes.statements import NormalisedPerson
from registry.schemes.values.identifiers import parse_equity_card, parse_national_id
from registry.sp_id import parse


@dataclass(frozen=True)
class EquityCardQuestion:
    """Who of the household that holds this card; its members are told apart by what else is said.

    `birth_date` is ISO, cut to what is known.
    """

    equity_card: str
    name: str | None = None
    birth_date: str | None = None


Numbered = SpIdQuestion | SchemeNumberQuestion | NationalIdQuestion | EquityCardQuestion
Who = Numbered | NameQuestion


@dataclass(frozen=True)
class Reading:
    """What is read for a question by a number: a statement in the driver's words, its values.

    Those of the same statement may be read together (`together`).
    """

    statement: str
    value: str
    scheme: str | None = None


@dataclass(frozen=True)
class Facts:
    """A person as far as coverage needs to know them; names and birth date are the best values.

    Attributes:
        lists: scheme → when its last list was taken.
        names: every name that a list states, canonical.
        birth_dates: every birth date that a list states.
    """

    person: int
    name_khmer: str | None
    name_latin: str | None
    birth_date: str | None
    enrolments: tuple[Enrolment, ...]
    has_review: bool
    lists: Mapping[str, datetime]
    names: frozenset[str]
    birth_dates: frozenset[str]


@dataclass(frozen=True)
class Found:
    """What a question led to: the one person who is certain, and all who came into question."""

    certain: Facts | None
    persons: tuple[int, ...]


_ASKED = """
SELECT a.place::int - 1 AS place, f.*
FROM unnest(%(values)s::text[], %(schemes)s::text[]) WITH ORDINALITY AS a (value, scheme, place)
CROSS JOIN LATERAL ({found}) AS p CROSS JOIN LATERAL facts_of_person(p.id) AS f
"""
_BY_SCHEME_NUMBER = """
SELECT l.person_id AS id FROM source_record s
JOIN link l ON l.record_id = s.id AND l.superseded_at IS NULL
WHERE s.scheme = a.scheme AND s.scheme_record_id = a.value
"""
_BY_COLUMN = """
SELECT DISTINCT l.person_id AS id FROM record_version v
JOIN link l ON l.record_id = v.record_id AND l.superseded_at IS NULL
WHERE v.superseded_at IS NULL AND {compared}
"""
_STATEMENTS: Final[Mapping[type, str]] = {
    kind: _ASKED.format(found=found)
    for kind, found in (
        (SpIdQuestion, "SELECT living_person(a.value) AS id"),
        (SchemeNumberQuestion, _BY_SCHEME_NUMBER),
        (
            NationalIdQuestion,
            _BY_COLUMN.format(compared="v.national_id_hash = decode(a.value, 'hex')"),
        ),
        (EquityCardQuestion, _BY_COLUMN.format(compared="v.equity_card = a.value")),
        (int, "SELECT a.value::bigint AS id"),
    )
}
"""By what is asked; the database keeps the plan of the functions, which costs more than a run."""
_IN_ORDER: Final = attrgetter("id", "scheme", "scheme_record_id")


def identify(session: Session, who: Who) -> Found:
    """Find who is meant; nobody is certain when the number is none, or leads to several."""
    if isinstance(who, NameQuestion):
        return _by_name(session, who.person)
    read = reading(session, who)
    return concluded(who, () if read is None else _rows(session, read))


def together(readings: Sequence[Reading]) -> tuple[str, dict[str, object]]:
    """What reads for some questions at once, all of one statement, in the driver's words.

    Each row says at which of their places stands what it was read for.
    """
    values = [one.value for one in readings]
    return readings[0].statement, {"values": values, "schemes": [one.scheme for one in readings]}


def reading(session: Session, who: Numbered) -> Reading | None:
    """What to read for a question by a number, which is noted; None where it is no number."""
    match who:
        case SpIdQuestion(number):
            return _reading(SpIdQuestion, parse(number))
        case SchemeNumberQuestion(scheme, number):
            signs.note_number(session, scheme, number)
            return _reading(SchemeNumberQuestion, number.strip(), scheme)
        case NationalIdQuestion(number):
            signs.note_number(session, "national_id", number)
            plain = parse_national_id(number).value
            return None if plain is None else _of_national_id(session, plain)
        case EquityCardQuestion(card):
            signs.note_number(session, "equity_card", card)
            return _reading(EquityCardQuestion, parse_equity_card(card).value)


def concluded(who: Numbered, rows: Iterable[Any]) -> Found:
    """Who is meant, of whom these rows were read."""
    found = _of_persons(rows)
    if isinstance(who, EquityCardQuestion):
        return _of_card(found, who)
    certain = found[0] if len(found) == 1 else None
    return Found(certain, tuple(facts.person for facts in found))


def of_person(session: Session, person: int) -> Facts | None:
    """What is known of a person; None of one whom no list names."""
    rows = _rows(session, Reading(_STATEMENTS[int], str(person)))
    return next(iter(_of_persons(rows)), None)


def _reading(kind: type, value: str | None, scheme: str | None = None) -> Reading | None:
    if value is None or "\0" in value or "\0" in (scheme or ""):
        return None
    return Reading(_STATEMENTS[kind], value, scheme)


def _of_national_id(session: Session, number: str) -> Reading:
    hashed = key_holder.of(session).sealer().hash(number, "national_id")
    return Reading(_STATEMENTS[NationalIdQuestion], hashed.hex())


def _rows(session: Session, read: Reading) -> Iterable[Any]:
    return session.connection().exec_driver_sql(*together([read]))


def _of_persons(rows: Iterable[Any]) -> list[Facts]:
    """What these rows tell of each; put in order here, which takes the database far longer."""
    of: dict[int, list[Any]] = {}
    for row in sorted(rows, key=_IN_ORDER):
        of.setdefault(row.id, []).append(row)
    return [_facts(person, its) for person, its in of.items()]


def _facts(person: int, rows: Sequence[Any]) -> Facts:
    lists = dict(rows[0].lists or ())
    names = {_whole(row, script) for row in rows for script in ("khmer", "latin")}
    return Facts(
        person=person,
        name_khmer=_best("name_khmer", [(_whole(row, "khmer"), row) for row in rows]),
        name_latin=_best("name_latin", [(_whole(row, "latin"), row) for row in rows]),
        birth_date=_best("birth_date", [(row.birth_date, row) for row in rows]),
        enrolments=tuple(_enrolment(row) for row in rows),
        has_review=any(row.has_review for row in rows),
        lists={scheme: datetime.fromtimestamp(float(at), UTC) for scheme, at in lists.items()},
        names=frozenset(name for name in names if name is not None),
        birth_dates=frozenset(row.birth_date for row in rows if row.birth_date is not None),
    )


def _best(name: str, said: Sequence[tuple[str | None, Any]]) -> str | None:
    """The value to show, by the rules of survivorship."""
    stated = [
        Stated(value, row.scheme, row.scheme_record_id, row.stated_on)
        for value, row in said if value
    ]  # fmt: skip
    if not stated:
        return None
    return stated[0].value if len(stated) == 1 else choose(stated, RULES[name].trusted).best.value


def _whole(row: Any, script: str) -> str | None:
    """A name in one script, the family name first, whether sent in parts or joined."""
    joined: str | None = getattr(row, f"name_{script}")
    parts = (getattr(row, f"family_{script}"), getattr(row, f"given_{script}"))
    return joined or " ".join(part for part in parts if part) or None


def _enrolment(row: Any) -> Enrolment:
    return Enrolment(
        person=row.id, scheme=row.scheme, number=row.scheme_record_id,
        household=row.enrolment_household, category=row.enrolment_category,
        valid_from=row.enrolment_valid_from, valid_until=row.enrolment_valid_until,
        status=row.enrolment_status, born=row.birth_date,
    )  # fmt: skip


def _of_card(members: Sequence[Facts], asked: EquityCardQuestion) -> Found:
    """The member of a card's household with whose lists all that is said agrees, and nobody else.

    A card alone makes nobody certain: whoever holds it may not be on any list.
    """
    judged = [(member, _agreements(asked, member)) for member in members]
    left = [(member, agreed) for member, agreed in judged if False not in agreed]
    persons = tuple(member.person for member, _ in left)
    if len(left) != 1 or not left[0][1] or None in left[0][1]:
        return Found(None, persons)
    return Found(left[0][0], persons)


def _agreements(asked: EquityCardQuestion, member: Facts) -> list[bool | None]:
    """For each thing said beside the card: whether lists say the same; None where they are mute."""
    said: list[bool | None] = []
    if asked.name is not None:
        said.append(_is_named(canonical(asked.name), member.names))
    if asked.birth_date is not None:
        said.append(_is_born(asked.birth_date, member.birth_dates))
    return said


def _is_named(name: str, names: Iterable[str]) -> bool | None:
    """Whether a canonical name is one of these, its words in any order, joined or split."""
    comparable = [each for each in names if has_khmer(each) == has_khmer(name)]
    if not comparable:
        return None
    return any(
        each.replace(" ", "") == name.replace(" ", "")
        or sorted(each.split()) == sorted(name.split())
        for each in comparable
    )


def _is_born(birth_date: str, birth_dates: Collection[str]) -> bool | None:
    """Whether a birth date is one of these as far as both are known; "~" marks one that is not."""
    exact = [each for each in birth_dates if not each.endswith("~")]
    if any(each.startswith(birth_date) or birth_date.startswith(each) for each in exact):
        return True
    return None if len(exact) < len(birth_dates) or not exact else False


def _by_name(session: Session, described: NormalisedPerson) -> Found:
    """The one whose odds hold against everybody else who may be meant, taken together."""
    best: dict[int, float] = {}
    for candidate in search(session, described):
        best.setdefault(candidate.person, candidate.weight)
    persons = tuple(best)
    signs.note_search(session, len(persons))
    if not persons:
        return Found(None, ())
    first, *others = best.values()
    against = math.log2(1 + sum(2.0 ** min(weight, 200) for weight in others))
    if first - against < BOUNDS.certain_sum:
        return Found(None, persons)
    return Found(of_person(session, persons[0]), persons)
