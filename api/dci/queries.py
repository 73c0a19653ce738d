"""The three types of DCI query, as conditions of the registry's search.

The names under which identifiers and attributes may be asked are the two tables below; a namespace
before the name, as in `ns:org:IdType:UIN`, is let pass.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from registry.errors import InvalidSearch
from registry.lookups.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Not,
    Operator,
    SameRecord,
    plain,
)
from registry.schemes import codes

ATTRIBUTE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "uin": "sp_id", "sp_id": "sp_id", "spid": "sp_id",
        "nin": "national_id", "nid": "national_id", "national_id": "national_id",
        "nationalid": "national_id",
        "brn": "birth_certificate", "birth_certificate": "birth_certificate",
        "mobile": "phone", "phone": "phone", "phone_number": "phone",
        "equity_card": "equity_card", "household_id": "household", "household": "household",
        "group_identifier": "household",
        "age": "age", "yob": "birth_year", "birth_year": "birth_year",
        "dob": "birth_date", "birth_date": "birth_date", "date_of_birth": "birth_date",
        "gender": "sex", "sex": "sex",
        "poverty_score": "poverty_level", "poverty_level": "poverty_level",
        "location": "place", "place": "place", "district": "place", "area_code": "place",
        "group_size": "household_size", "household_size": "household_size",
        "programme": "scheme", "program": "scheme", "scheme": "scheme", "category": "category",
        "name_khmer": "name_khmer", "name_latin": "name_latin",
        "registration_date": "registered_on",
    }
)  # fmt: skip
_IDENTIFIERS = ("sp_id", "national_id", "birth_certificate", "phone", "equity_card", "household")
_OPERATORS = {
    "eq": Operator.EQUAL, "ne": Operator.NOT_EQUAL, "in": Operator.ONE_OF,
    "lt": Operator.LESS, "le": Operator.AT_MOST, "lte": Operator.AT_MOST,
    "gt": Operator.MORE, "ge": Operator.AT_LEAST, "gte": Operator.AT_LEAST,
}  # fmt: skip
_NOT_A_WORD = re.compile(r"[\s-]+")
DEEPEST = 20


def condition(query_type: str, query: dict[str, Any] | list[Any]) -> Condition:
    """What a query of a type asks.

    Raises:
        InvalidSearch: the query is not of that type, or names what is not in the tables.
    """
    if query_type == "idtype-value":
        return _by_identifier(query)
    if query_type == "predicate":
        return _by_predicates(query)
    return _by_expression(query)


def collection(query: dict[str, Any] | list[Any]) -> str | None:
    """The collection that an expression names, if it does."""
    named = _expression(query).get("collection") if isinstance(query, dict) else None
    return named if isinstance(named, str) else None


def attribute_name(name: str) -> str:
    """The registry's name of an attribute.

    Raises:
        InvalidSearch: none has that name.
    """
    word = _word(name)
    if word not in ATTRIBUTE_NAMES:
        raise InvalidSearch("There is no such attribute to ask for: see the table of attributes.")
    return ATTRIBUTE_NAMES[word]


def identified(kind: str, value: object) -> Condition:
    """Whoever has an identifier: a number of the registry, of civil registration, of a scheme.

    Raises:
        InvalidSearch: there is no such kind of identifier.
    """
    word = _word(kind)
    scheme = word.removesuffix("_number").removesuffix("_id")
    if scheme in codes():
        by_scheme = Compare("scheme", Operator.EQUAL, scheme)
        return SameRecord((by_scheme, Compare("scheme_number", Operator.EQUAL, plain(value))))
    name = ATTRIBUTE_NAMES.get(word)
    if name not in _IDENTIFIERS:
        raise InvalidSearch("There is no such type of identifier: see the table of identifiers.")
    same = Compare(name, Operator.EQUAL, plain(value))
    if name == "household":
        return AnyOf((same, Compare("equity_card", Operator.EQUAL, plain(value))))
    return same


def _word(name: str) -> str:
    return _NOT_A_WORD.sub("_", name.rsplit(":", 1)[-1].strip().lower())


def _by_identifier(query: dict[str, Any] | list[Any]) -> Condition:
    if not isinstance(query, dict) or not isinstance(query.get("type"), str):
        raise InvalidSearch("A query by identifier has a `type` and a `value`.")
    return identified(query["type"], query.get("value"))


class _Term(BaseModel):
    model_config = ConfigDict(extra="ignore")

    attribute_name: str
    operator: str
    attribute_value: Any

    def compared(self) -> Compare:
        return _compare(self.attribute_name, self.operator, self.attribute_value)


class _Predicate(BaseModel):
    model_config = ConfigDict(extra="ignore")

    seq_num: float = 0
    expression1: _Term
    condition: str | None = None
    expression2: _Term | None = None


def _by_predicates(query: dict[str, Any] | list[Any]) -> Condition:
    """Predicates in the order of their numbers.

    A predicate's condition joins its two expressions; where it has but one, the predicate with the
    next. Those without a condition between them all hold.
    """
    try:
        rows = [_Predicate.model_validate(row) for row in query if isinstance(query, list)]
    except ValidationError:
        rows = []
    if not rows:
        raise InvalidSearch("A predicate query is a list of predicates, each with `expression1`.")
    found: Condition | None = None
    how = "and"
    for row in sorted(rows, key=lambda row: row.seq_num):
        one: Condition = row.expression1.compared()
        if row.expression2 is not None:
            one = _join(one, row.condition or "and", row.expression2.compared())
        found = one if found is None else _join(found, how, one)
        how = "and" if row.expression2 is not None else row.condition or "and"
    return found if found is not None else All(())


def _join(left: Condition, how: str, right: Condition) -> Condition:
    match how.lower():
        case "and":
            return All((left, right))
        case "or":
            return AnyOf((left, right))
        case "not":
            return All((left, Not(right)))
    raise InvalidSearch("A condition is `and`, `or` or `not`.")


def _expression(query: dict[str, Any]) -> dict[str, Any]:
    """The innermost part that holds `collection` and `query`."""
    value = query.get("value", query)
    expression = value.get("expression", value) if isinstance(value, dict) else value
    return expression if isinstance(expression, dict) else {}


def _by_expression(query: dict[str, Any] | list[Any]) -> Condition:
    inner = _expression(query).get("query") if isinstance(query, dict) else None
    if not isinstance(inner, dict) or not inner:
        raise InvalidSearch("An expression has a `query` with conditions, as `$and`.")
    return _all_of(inner, 1)


def _all_of(part: object, depth: int) -> Condition:
    """Every member of an object of conditions."""
    if depth > DEEPEST or not isinstance(part, dict) or not part:
        raise InvalidSearch("A condition is an object that names attributes, `$and` or `$or`.")
    parts = tuple(_one_of(name, value, depth) for name, value in part.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _one_of(name: str, value: object, depth: int) -> Condition:
    if name in {"$and", "$or", "$nor"}:
        if not isinstance(value, list) or not value:
            raise InvalidSearch(f"`{name}` takes a list of conditions.")
        parts = tuple(_all_of(each, depth + 1) for each in value)
        return All(parts) if name == "$and" else _either(name, parts)
    if name == "$not":
        return Not(_all_of(value, depth + 1))
    if not isinstance(value, dict):
        return _compare(name, "eq", value)
    compared = tuple(_compare(name, operator, each) for operator, each in value.items())
    if not compared:
        raise InvalidSearch("An attribute is compared with `$eq`, `$lt` and the like.")
    return compared[0] if len(compared) == 1 else All(compared)


def _either(name: str, parts: tuple[Condition, ...]) -> Condition:
    return AnyOf(parts) if name == "$or" else Not(AnyOf(parts))


def _compare(name: str, operator: str, value: object) -> Compare:
    known = _OPERATORS.get(operator.removeprefix("$"))
    if known is None:
        raise InvalidSearch(f"Values are compared with {', '.join(_OPERATORS)}.")
    return Compare(attribute_name(name), known, value)
