"""Persons who meet conditions on what their current records say.

A person has a value when any of their current records states it. What may be asked about is the
table of `registry.lookups.search_attributes`; every value reaches the database as a bound
parameter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import Session

from registry.auditing import signs
from registry.errors import InvalidSearch, TooManyFound
from registry.lookups.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Not,
    Operator,
    SameRecord,
    check,
    listed,
    plain,
)
from registry.lookups.conditions import number as as_number
from registry.lookups.search_attributes import ATTRIBUTES, Attribute, attribute
from registry.people.links import Link
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord
from registry.sp_id import parse

MOST_FOUND = 10_000
NUMBERS = frozenset(
    {"national_id", "birth_certificate", "equity_card", "scheme_number", "phone", "household"}
)
"""Attributes of which somebody may try one value after the other."""
NAMES = ("name_", "family_", "given_")
"""How attributes of names begin."""


@dataclass(frozen=True)
class Order:
    """By which attribute persons are sorted; ties go by SP ID.

    Raises:
        InvalidSearch: there is no such attribute, or nobody can be sorted by it.
    """

    attribute: str
    is_descending: bool = False

    def __post_init__(self) -> None:
        """See that it can be done."""
        if not attribute(self.attribute).is_sortable:
            raise InvalidSearch("Persons cannot be sorted by a number that is stored sealed.")


@dataclass(frozen=True)
class Scope:
    """Whose data who asks may see: a scheme's, some provinces'; None for all."""

    scheme: str | None = None
    provinces: frozenset[str] | None = None


EVERYBODY = Scope()


@dataclass(frozen=True)
class Search:
    """What is asked, and which page of it; pages count from 1.

    `among` are the only persons that are looked at; None for all.
    """

    condition: Condition
    order: tuple[Order, ...] = ()
    page: int = 1
    size: int = 100
    scope: Scope = EVERYBODY
    among: tuple[int, ...] | None = None


@dataclass(frozen=True)
class FoundHouseholds:
    """A page of households as scheme and number, and how many there are on all pages."""

    households: tuple[tuple[str, str], ...]
    total: int


@dataclass(frozen=True)
class Found:
    """A page of persons, and how many there are on all pages."""

    persons: tuple[int, ...]
    total: int


def find(session: Session, search: Search, now: datetime) -> Found:
    """The living persons who meet a condition, in a stated order, a page of them.

    Raises:
        InvalidSearch: an attribute, an operator or a value is not of the table.
        TooManyFound: more than `MOST_FOUND` persons do.
    """
    day = now.date()
    meets = _all_that(session, search, day)
    total = session.scalar(select(func.count()).select_from(Person).where(*meets)) or 0
    _note(session, search, total)
    _refuse_many(total)
    page = (
        select(Person.id)
        .where(*meets)
        .order_by(*(_sorted(order, day) for order in search.order), Person.sp_id)
        .limit(search.size)
        .offset((search.page - 1) * search.size)
    )
    return Found(tuple(session.scalars(page)), total)


def find_households(session: Session, search: Search, now: datetime) -> FoundHouseholds:
    """The households with a member who meets a condition, by scheme and number, a page of them.

    Raises:
        InvalidSearch: an attribute, an operator or a value is not of the table.
        TooManyFound: there are more than `MOST_FOUND`.
    """
    meets = _all_that(session, search, now.date())
    found = (
        select(SourceRecord.scheme, RecordVersion.household)
        .select_from(Person)
        .join(Link, Link.person_id == Person.id)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
            RecordVersion.household.is_not(None),
            *meets,
            *_in_scope(search.scope),
        )
        .distinct()
    )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    _refuse_many(total)
    page = found.order_by(SourceRecord.scheme, RecordVersion.household)
    rows = session.execute(page.limit(search.size).offset((search.page - 1) * search.size))
    return FoundHouseholds(tuple((scheme, number or "") for scheme, number in rows), total)


def _note(session: Session, search: Search, total: int) -> None:
    """Note a search of everybody by name that finds very many, when its first page is asked for."""
    is_new = search.page == 1 and search.scope == EVERYBODY and search.among is None
    if is_new and any(asked.startswith(NAMES) for asked in _attributes(search.condition)):
        signs.note_search(session, total)


def _attributes(condition: Condition) -> set[str]:
    """What a condition is about."""
    match condition:
        case Compare(name, _, _):
            return {name}
        case Not(part):
            return _attributes(part)
        case All(parts) | AnyOf(parts) | SameRecord(parts):
            return {name for part in parts for name in _attributes(part)}


def _refuse_many(total: int) -> None:
    if total > MOST_FOUND:
        raise TooManyFound(f"{total:,} are found, more than {MOST_FOUND:,}: ask for fewer.")


def _all_that(session: Session, search: Search, day: date) -> list[ColumnElement[bool]]:
    """Living, in the scope, and of the condition."""
    check(search.condition)
    meets = [Person.retired_at.is_(None), _meets(session, search.condition, day)]
    if search.among is not None:
        meets.append(Person.id.in_(search.among))
    scope = _in_scope(search.scope)
    return [*meets, _some_record(and_(true(), *scope))] if scope else meets


def _in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """What a record is like that may be seen."""
    seen: list[ColumnElement[bool]] = []
    if scope.scheme is not None:
        seen.append(SourceRecord.scheme == scope.scheme)
    if scope.provinces is not None:
        seen.append(func.substr(RecordVersion.village, 1, 2).in_(sorted(scope.provinces)))
    return seen


_COMPARISONS: Mapping[Operator, Callable[[Any, Any], ColumnElement[bool]]] = MappingProxyType(
    {
        Operator.EQUAL: lambda column, values: column.in_(values),
        Operator.ONE_OF: lambda column, values: column.in_(values),
        Operator.NOT_EQUAL: lambda column, values: column != values[0],
        Operator.BEGINS: lambda column, values: column.startswith(values[0], autoescape=True),
        Operator.LESS: lambda column, values: column < values[0],
        Operator.AT_MOST: lambda column, values: column <= values[0],
        Operator.MORE: lambda column, values: column > values[0],
        Operator.AT_LEAST: lambda column, values: column >= values[0],
    }
)


def _meets(session: Session, condition: Condition, day: date) -> ColumnElement[bool]:
    match condition:
        case All(parts):
            return and_(true(), *(_meets(session, part, day) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(_meets(session, part, day) for part in parts))
        case Not(part):
            return not_(_meets(session, part, day))
        case SameRecord(parts):
            compared = (_compared(attribute(p.attribute), p.operator, p.value, day) for p in parts)
            return _some_record(and_(true(), *compared))
        case Compare("sp_id", operator, value):
            return _by_sp_id(session, operator, value)
        case Compare(name, operator, value):
            if name in NUMBERS and operator == Operator.EQUAL:
                signs.note_number(session, name, str(value))
            return _some_record(_compared(attribute(name), operator, value, day))


def _by_sp_id(session: Session, operator: Operator, value: object) -> ColumnElement[bool]:
    _allow(ATTRIBUTES["sp_id"], operator)
    numbers = [parse(plain(each)) for each in listed(value, operator)]
    living = _survivors(session, [number for number in numbers if number is not None])
    found = Person.id.in_(living)
    return not_(found) if operator == Operator.NOT_EQUAL else found


def _survivors(session: Session, numbers: Sequence[str]) -> list[int]:
    """Whom SP IDs lead to, through any number of merges."""
    known = select(Person.id, Person.merged_into)
    led = known.where(Person.sp_id.in_(numbers)).cte("led", recursive=True)
    led = led.union(known.join(led, Person.id == led.c.merged_into))
    return list(session.scalars(select(led.c.id).where(led.c.merged_into.is_(None))))


def _of_records(*what: Any) -> Select[Any]:
    """Something of the current records of a person of the query around."""
    return (
        select(*what)
        .select_from(Link)
        .join(SourceRecord, SourceRecord.id == Link.record_id)
        .join(RecordVersion, RecordVersion.record_id == SourceRecord.id)
        .where(
            Link.person_id == Person.id,
            Link.superseded_at.is_(None),
            RecordVersion.superseded_at.is_(None),
        )
        .correlate(Person)
    )


def _some_record(meets: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(_of_records(1).where(meets))


def _compared(
    asked: Attribute, operator: Operator, value: object, day: date
) -> ColumnElement[bool]:
    _allow(asked, operator)
    column = asked.expression(day)
    values = [
        as_number(each) if asked.is_number else asked.clean(plain(each))
        for each in listed(value, operator)
    ]
    if operator in {Operator.EQUAL, Operator.ONE_OF} and asked.is_prefix:
        return or_(false(), *(column.startswith(each, autoescape=True) for each in values))
    return _COMPARISONS[operator](column, values)


def _allow(asked: Attribute, operator: Operator) -> None:
    if operator not in asked.operators:
        raise InvalidSearch(f"The attribute cannot be compared with `{operator}`.")


def _sorted(order: Order, day: date) -> ColumnElement[Any]:
    """The least value that a person's records state, for sorting; who has none comes last."""
    column = attribute(order.attribute).expression(day)
    if order.attribute not in {"sp_id", "registered_on"}:
        column = _of_records(func.min(column)).scalar_subquery()
    return (column.desc() if order.is_descending else column.asc()).nulls_last()
