"""The lists of the schemes: one adapter a scheme."""

from collections.abc import Mapping
from types import MappingProxyType

from registry.errors import UnknownScheme
from registry.schemes import cash_transfer, disability, hef, idpoor, nssf
from registry.schemes.adapter import SchemeAdapter
from registry.schemes.cross_rows import RowRemark
from registry.schemes.problems import CellProblem
from registry.schemes.reading import ListReading
from registry.schemes.scheme import Scheme
from registry.schemes.statements import (
    EnrolmentStatement,
    NormalisedPerson,
    RejectedRow,
    Statement,
)

__all__ = [
    "CellProblem",
    "EnrolmentStatement",
    "ListReading",
    "NormalisedPerson",
    "RejectedRow",
    "RowRemark",
    "Scheme",
    "SchemeAdapter",
    "Statement",
    "adapter",
    "codes",
]

SCHEMES = {
    module.SCHEME.code: module.SCHEME for module in (idpoor, hef, nssf, cash_transfer, disability)
}

NONE: Mapping[str, Scheme] = MappingProxyType({})


def codes(configured: Mapping[str, Scheme] = NONE) -> tuple[str, ...]:
    """The codes of all schemes: those known here, then the configured ones."""
    return (*SCHEMES, *configured)


def adapter(code: str, configured: Mapping[str, Scheme] = NONE) -> SchemeAdapter:
    """The adapter of a scheme.

    Args:
        code: of a scheme known here, or of a configured one.
        configured: the schemes that have descriptions, by code (`registry.schemes.mapped`).

    Raises:
        UnknownScheme: when no scheme has this code.
    """
    known = {**SCHEMES, **configured}
    if code not in known:
        raise UnknownScheme(f"There is no scheme {code}: the schemes are {', '.join(known)}.")
    return SchemeAdapter(known[code], others=tuple(known.values()))
