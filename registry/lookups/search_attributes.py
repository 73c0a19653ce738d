"""What persons may be searched by: the table of attributes, read from their current records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from linkage.text import canonical
from registry.errors import InvalidSearch
from registry.lookups.conditions import Operator
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord

_FAMILY, _GIVEN = "family name", "given names"
_EXACT = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.ONE_OF})
_WORDS = _EXACT | {Operator.BEGINS}
_ORDERED = frozenset(Operator) - {Operator.BEGINS}


@dataclass(frozen=True)
class Attribute:
    """What may be asked about.

    Attributes:
        says: what it is, for readers of the documents.
        expression: its value in a current record, on a day.
        is_number: whether values are numbers, else text.
        clean: a value as it is stored.
        is_prefix: whether a value stands for all that begin with it, as a province's code.
        operators: how it may be compared.
        is_sortable: whether persons may be sorted by it; what is asked for by its hash cannot.
    """

    says: str
    expression: Callable[[date], ColumnElement[Any]]
    is_number: bool = False
    clean: Callable[[str], str] = str.strip
    is_prefix: bool = False
    operators: frozenset[Operator] = _ORDERED
    is_sortable: bool = True


def _text(column: Any) -> Callable[[date], ColumnElement[Any]]:
    return lambda _: column


def _born() -> ColumnElement[Any]:
    return func.rtrim(RecordVersion.birth_date, "~").collate("C")


def _age(day: date) -> ColumnElement[Any]:
    """Full years on a day; a date cut to its year or month counts from its first day."""
    year = cast(func.substr(RecordVersion.birth_date, 1, 4), Integer)
    rest = func.coalesce(func.nullif(func.substr(_born(), 6), ""), "01-01")
    before = cast(rest > f"{day.month:02}-{day.day:02}", Boolean)
    return literal(day.year) - year - cast(before, Integer)


def _poverty_level(_: date) -> ColumnElement[Any]:
    levels = {"poor_1": 1, "poor_2": 2, "at_risk": 3}
    return case(levels, value=RecordVersion.enrolment_category)


def _household_size(_: date) -> ColumnElement[Any]:
    other, source = aliased(RecordVersion), aliased(SourceRecord)
    count = (
        select(func.count())
        .select_from(other)
        .join(source, source.id == other.record_id)
        .where(
            other.superseded_at.is_(None),
            other.household == RecordVersion.household,
            source.scheme == SourceRecord.scheme,
        )
        .correlate(RecordVersion, SourceRecord)
        .scalar_subquery()
    )
    return case((RecordVersion.household.is_not(None), count))


def _whole(script: str) -> Callable[[date], ColumnElement[Any]]:
    joined = getattr(RecordVersion, f"name_{script}")
    family = getattr(RecordVersion, f"family_{script}")
    given = getattr(RecordVersion, f"given_{script}")
    parts = func.concat_ws(" ", func.nullif(family, ""), func.nullif(given, ""))
    return lambda _: func.lower(func.coalesce(joined, func.nullif(parts, "")))


def _family(script: str) -> Callable[[date], ColumnElement[Any]]:
    """The family name, or of a joined name the first word."""
    column = getattr(RecordVersion, f"family_{script}")
    joined = getattr(RecordVersion, f"name_{script}")
    return lambda _: func.coalesce(column, func.split_part(joined, " ", 1))


def _given(script: str) -> Callable[[date], ColumnElement[Any]]:
    """The given name, or of a joined name all behind the first word."""
    column = getattr(RecordVersion, f"given_{script}")
    joined = getattr(RecordVersion, f"name_{script}")
    rest = func.substr(joined, func.strpos(joined, " ") + 1)
    return lambda _: func.coalesce(column, rest)


ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType(
    {
        "sp_id": Attribute(
            "social protection ID; a retired one stands for its survivor",
            _text(Person.sp_id), operators=_EXACT,
        ),
        "national_id": Attribute(
            "9 digits", _text(RecordVersion.national_id_hash), operators=_EXACT, is_sortable=False
        ),
        "equity_card": Attribute(
            "number of the household's equity card", _text(RecordVersion.equity_card),
            operators=_EXACT,
        ),
        "phone": Attribute(
            "as `+85512345678`", _text(RecordVersion.phone_hash), operators=_EXACT,
            is_sortable=False,
        ),
        "birth_certificate": Attribute(
            "digits", _text(RecordVersion.birth_certificate_hash), operators=_EXACT,
            is_sortable=False,
        ),
        "name_khmer": Attribute("whole name, family name first", _whole("khmer"),
                                clean=canonical, operators=_WORDS),
        "name_latin": Attribute("whole name, family name first", _whole("latin"),
                                clean=canonical, operators=_WORDS),
        "family_khmer": Attribute(_FAMILY, _family("khmer"), clean=canonical, operators=_WORDS),
        "family_latin": Attribute(_FAMILY, _family("latin"), clean=canonical, operators=_WORDS),
        "given_khmer": Attribute(_GIVEN, _given("khmer"), clean=canonical, operators=_WORDS),
        "given_latin": Attribute(_GIVEN, _given("latin"), clean=canonical, operators=_WORDS),
        "sex": Attribute("`male` or `female`", _text(RecordVersion.sex), clean=str.lower,
                         operators=_EXACT),
        "birth_date": Attribute(
            "ISO date, or the year or month that is known", lambda _: _born(), is_prefix=True
        ),
        "birth_year": Attribute(
            "year", lambda _: cast(func.substr(RecordVersion.birth_date, 1, 4), Integer),
            is_number=True,
        ),
        "age": Attribute("full years today", _age, is_number=True),
        "place": Attribute(
            "official code of a village, commune, district or province",
            _text(RecordVersion.village), is_prefix=True, operators=_WORDS,
        ),
        "scheme": Attribute("code of a scheme", _text(SourceRecord.scheme), operators=_EXACT),
        "scheme_number": Attribute(
            "record number in a scheme", _text(SourceRecord.scheme_record_id), operators=_EXACT
        ),
        "category": Attribute(
            "category in a scheme", _text(RecordVersion.enrolment_category), operators=_EXACT
        ),
        "poverty_level": Attribute(
            "1 for poor level 1, 2 for poor level 2, 3 for at risk", _poverty_level,
            is_number=True,
        ),
        "household": Attribute(
            "a scheme's number of a household or case", _text(RecordVersion.household),
            operators=_EXACT,
        ),
        "household_size": Attribute(
            "members on the list of the same scheme", _household_size, is_number=True
        ),
        "registered_on": Attribute(
            "ISO date on which the person was registered",
            lambda _: func.to_char(func.timezone("UTC", Person.registered_at), "YYYY-MM-DD"),
        ),
    }
)  # fmt: skip


def attribute(name: str) -> Attribute:
    """What may be asked about under a name.

    Raises:
        InvalidSearch: nothing may.
    """
    if name not in ATTRIBUTES:
        raise InvalidSearch(f"There is no attribute of that name: {', '.join(ATTRIBUTES)}.")
    return ATTRIBUTES[name]
