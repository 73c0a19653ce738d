"""Types of columns whose values are sealed as they are written, and opened as they are read.

A sealed column is never compared: the same value looks another way under another data key. Numbers
that are looked up have a column of their hashes beside them, which takes the number in clear.
"""

from typing import Any, Final, TypeVar

import orjson
from sqlalchemy import ColumnElement, Computed, LargeBinary, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType

from registry import key_holder
from registry.columns import SEALED_COLUMNS
from registry.key_holder import KeyHolder
from registry.sealer import HASH_BYTES, NUMBER_BYTES, Sealer

Value = TypeVar("Value")
_ALLOWED: Final = frozenset({operators.is_, operators.is_not})


class _Incomparable(TypeDecorator.Comparator[Any]):
    """Refuses to compare, but with NULL, and as SQLAlchemy does a column with itself."""

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        itself = any(isinstance(one, ColumnElement) and one.compare(self.expr) for one in other)
        if op not in _ALLOWED and not itself:
            raise TypeError("A sealed value is not compared: ask for its hash.")
        return super().operate(op, *other, **kwargs)


class Sealed(TypeDecorator[Value]):
    """A value that is sealed; `what` it is is authenticated with it."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Incomparable

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else self.seal(key_holder.of(dialect).sealing(), value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Value | None:
        """Open."""
        return None if value is None else self.open(key_holder.of(dialect), bytes(value))

    def seal(self, sealer: Sealer, value: Value) -> bytes:
        """What stands in the column for a value."""
        raise NotImplementedError

    def open(self, keys: KeyHolder, sealed: bytes) -> Value:
        """The value that something in the column stands for."""
        raise NotImplementedError


class SealedBytes(Sealed[bytes]):
    """Bytes."""

    cache_ok = True

    def seal(self, sealer: Sealer, value: bytes) -> bytes:
        """Seal them as they are."""
        return sealer.seal(value, self.what)

    def open(self, keys: KeyHolder, sealed: bytes) -> bytes:
        """As they were."""
        return keys.open(sealed, self.what)


class SealedJson(Sealed[Any]):
    """What JSON can say; None is NULL."""

    cache_ok = True

    def seal(self, sealer: Sealer, value: Any) -> bytes:
        """Seal it in JSON."""
        return sealer.seal(orjson.dumps(value), self.what)

    def open(self, keys: KeyHolder, sealed: bytes) -> Any:
        """Read the JSON."""
        return orjson.loads(keys.open(sealed, self.what))


class SealedNumber(Sealed[str]):
    """A number of a field, sealed with its hash in sight; `what` is the field."""

    cache_ok = True

    def seal(self, sealer: Sealer, value: str) -> bytes:
        """Seal it behind its hash."""
        return sealer.seal_number(value, self.what)

    def open(self, keys: KeyHolder, sealed: bytes) -> str:
        """The number as it was."""
        return keys.open(sealed, self.what).decode()


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
