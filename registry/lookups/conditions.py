"""Conditions on what the lists say of persons: comparisons, joined by and, or, not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import InvalidSearch

MOST_CONDITIONS = 50
DEEPEST = 8
LARGEST = 1e9


class Operator(StrEnum):
    """How a value is compared."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    LESS = "lt"
    AT_MOST = "le"
    MORE = "gt"
    AT_LEAST = "ge"
    ONE_OF = "in"
    BEGINS = "sw"


@dataclass(frozen=True)
class Compare:
    """One attribute against one value, or, for `in`, against several."""

    attribute: str
    operator: Operator
    value: object


@dataclass(frozen=True)
class All:
    """Every part holds; with no part, it always does."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    """One part at least holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True)
class SameRecord:
    """Every comparison holds in one and the same record, as a number within a scheme."""

    parts: tuple[Compare, ...]


Condition = Compare | All | AnyOf | Not | SameRecord


def check(condition: Condition, depth: int = 1) -> int:
    """How many comparisons a condition has.

    Raises:
        InvalidSearch: it has too many, or is nested too deep.
    """
    if depth > DEEPEST:
        raise InvalidSearch("The conditions are nested too deep.")
    match condition:
        case All(parts) | AnyOf(parts) | SameRecord(parts):
            count = sum(check(part, depth + 1) for part in parts)
        case Not(part):
            count = check(part, depth + 1)
        case Compare():
            count = 1
    if count > MOST_CONDITIONS:
        raise InvalidSearch(f"More than {MOST_CONDITIONS} conditions are too many.")
    return count


def listed(value: object, operator: Operator) -> list[object]:
    """The values of a comparison: one, or for `in` a list, or text separated by commas.

    Raises:
        InvalidSearch: it is no list, or too long a one.
    """
    if operator != Operator.ONE_OF:
        return [value]
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, Sequence) or not 1 <= len(values) <= MOST_CONDITIONS:
        raise InvalidSearch(f"`in` takes a list of up to {MOST_CONDITIONS} values.")
    return list(values)


def plain(value: object) -> str:
    """A value as text.

    Raises:
        InvalidSearch: it is neither text nor a number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidSearch("A value is text or a number.")
    if "\0" in str(value):
        raise InvalidSearch("A value holds no NUL.")
    return str(value)


def number(value: object) -> float:
    """A value as a number.

    Raises:
        InvalidSearch: it is none, or out of range.
    """
    try:
        found = float(plain(value))
    except ValueError:
        raise InvalidSearch("The value of this attribute is a number.") from None
    if not -LARGEST < found < LARGEST:
        raise InvalidSearch("The number is out of range.")
    return found
