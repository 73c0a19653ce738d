"""Why data is read, where a standard lets its messages say nothing: as agreed with the client."""

from typing import Final

from registry.access.principals import Principal
from registry.errors import PurposeNeeded

SHORTEST: Final = 3
AGREED: Final = "as agreed: "


def of(caller: Principal, stated: str) -> str:
    """The purpose that is stated, or the one agreed with who calls.

    Raises:
        PurposeNeeded: there is neither.
    """
    if len(stated.strip()) >= SHORTEST:
        return stated.strip()
    if caller.purpose is None:
        raise PurposeNeeded
    return AGREED + caller.purpose
