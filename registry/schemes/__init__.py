"""The lists of the schemes: one adapter a scheme."""

from registry.errors import UnknownScheme
from registry.schemes import cash_transfer, disability, hef, idpoor, nssf
from registry.schemes.adapter import SchemeAdapter
from registry.schemes.problems import CellProblem
from registry.schemes.statements import (
    EnrolmentStatement,
    NormalisedPerson,
    RejectedRow,
    Statement,
)

__all__ = [
    "CellProblem",
    "EnrolmentStatement",
    "NormalisedPerson",
    "RejectedRow",
    "SchemeAdapter",
    "Statement",
    "adapter",
    "codes",
]

SCHEMES = {
    module.SCHEME.code: module.SCHEME for module in (idpoor, hef, nssf, cash_transfer, disability)
}


def codes() -> tuple[str, ...]:
    """The codes of all known schemes."""
    return tuple(SCHEMES)


def adapter(code: str) -> SchemeAdapter:
    """The adapter of a scheme.

    Raises:
        UnknownScheme: when no scheme has this code.
    """
    if code not in SCHEMES:
        raise UnknownScheme(f"There is no scheme {code}: the schemes are {', '.join(SCHEMES)}.")
    return SchemeAdapter(SCHEMES[code], others=tuple(SCHEMES.values()))
