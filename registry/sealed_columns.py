"""Types of columns whose values are sealed as they are written, and opened as they are read.

A sealed column is never compared: the same value looks another way under another data key. Numbers
that are looked up have a column of their hashes beside them, which takes the number in clear.
"""

from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Computed, LargeBinary, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType

from registry import key_holder
from registry.columns import SEALED_COLUMNS
from registry.sealer import HASH_BYTES, NUMBER_BYTES

_ALLOWED: Final = frozenset({operators.is_, operators.is_not})


class _Incomparable(TypeDecorator.Comparator[Any]):
    """Refuses to compare, but with NULL, and as SQLAlchemy does a column with itself."""

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        itself = any(isinstance(one, ColumnElement) and one.compare(self.expr) for one in other)
        if op not in _ALLOWED and not itself:
            raise TypeError("A sealed value is not compared: ask for its hash.")
        return super().operate(op, *other, **kwargs)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes; `what` they are is authenticated with them."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Incomparable

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else key_holder.of(dialect).sealing().seal(value, self.what)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Open."""
        return None if value is None else key_holder.of(dialect).open(bytes(value), self.what)


class SealedJson(TypeDecorator[Any]):
    """What JSON can say; None is NULL."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Incomparable

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Seal."""
        if value is None:
            return None
        return key_holder.of(dialect).sealing().seal(orjson.dumps(value), self.what)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open."""
        if value is None:
            return None
        return orjson.loads(key_holder.of(dialect).open(bytes(value), self.what))


class SealedNumber(TypeDecorator[str]):
    """A number of a field, sealed with its hash in sight."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Incomparable

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        if value is None:
            return None
        return key_holder.of(dialect).sealing().seal_number(value, self.field)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open."""
        if value is None:
            return None
        return key_holder.of(dialect).open(bytes(value), self.field).decode()


class NumberHash(TypeDecorator[str]):
    """The hash of a number of a field: what is compared with it is given in clear."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Hash what is asked for."""
        return None if value is None else key_holder.of(dialect).sealer().hash(value, self.field)


SEALED_NUMBERS: Final = {name: SealedNumber(name) for name in SEALED_COLUMNS}
"""The types of the numbers of people, for statements that are written out."""


def hash_of(column: str) -> Computed:
    """The hash that stands within a sealed number: what a column of hashes is made of."""
    return Computed(f'"substring"({column}, {NUMBER_BYTES + 1}, {HASH_BYTES})', persisted=True)
