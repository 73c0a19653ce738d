"""The social protection ID: its form, its check digit, its making.

Twelve digits; the last is a Verhoeff check digit, which catches every single wrong digit and every
swap of neighbours (Verhoeff 1969). The other eleven are drawn from the operating system's generator
and never begin with 0, so that no spreadsheet shortens them and nobody can guess the next.
"""

import re
import secrets
from typing import Final, NewType

import numpy as np
import numpy.typing as npt
from stdnum import verhoeff
from stdnum.exceptions import ValidationError

SpId = NewType("SpId", str)
LENGTH = 12
_LOWEST = 10 ** (LENGTH - 2)
"""The first number of as many digits as stand before the check digit."""
_FORM = re.compile(r"[1-9][0-9]{11}")
_SEPARATORS = re.compile(r"[\s\u200b-]+")
_KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
_BODIES: Final = 9 * _LOWEST
_FAIR: Final = (1 << 64) // _BODIES * _BODIES
"""Random words below it fall on all bodies alike."""


_TURNS: Final = 5


def _product(one: int, other: int) -> int:
    """Of two symmetries of the pentagon: its turns are 0 to 4, its mirrorings 5 to 9."""
    turned = one + other if one < _TURNS else one - other
    return turned % _TURNS + _TURNS * ((one < _TURNS) != (other < _TURNS))


def _permutations() -> npt.NDArray[np.uint8]:
    """What a digit stands for at each place, from the right: that of the place before, permuted."""
    rows = [np.arange(10)]
    for _ in range(LENGTH - 1):
        rows.append(rows[-1][_PERMUTED])
    return np.array(rows, np.uint8)


_PRODUCTS: Final = np.array([[_product(a, b) for b in range(10)] for a in range(10)], np.uint8)
_PERMUTED: Final = np.array([1, 5, 7, 6, 2, 8, 3, 0, 9, 4])
_STANDS_FOR: Final = _permutations()
_INVERSE: Final = (_PRODUCTS == 0).argmax(axis=1).astype(np.uint8)


def drawn(count: int) -> list[SpId]:
    """New numbers; that they were never issued before is for the database to say.

    They are made many at once: the library that checks one takes a hundred times as long.
    """
    bodies = np.empty(0, np.uint64)
    while bodies.size < count:
        words = np.frombuffer(secrets.token_bytes(8 * (count - bodies.size)), np.uint64)
        bodies = np.append(bodies, words[words < _FAIR] % _BODIES + _LOWEST)
    return list(map(SpId, map(str, (bodies * 10 + _check_digits(bodies)).tolist())))


def _check_digits(bodies: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """By which the product of all that the digits stand for is the one that changes nothing."""
    product = np.zeros(bodies.size, np.uint8)
    for place in range(1, LENGTH):
        digits = bodies // np.uint64(10 ** (place - 1)) % np.uint64(10)
        product = _PRODUCTS[product, _STANDS_FOR[place, digits]]
    return np.asarray(_INVERSE[product])


def parse(text: str) -> SpId | None:
    """The number a person wrote, in groups or not, in any digits; None if it is not one."""
    digits = _SEPARATORS.sub("", text).translate(_KHMER_DIGITS)
    return SpId(digits) if is_valid(digits) else None


def is_valid(digits: str) -> bool:
    """Whether twelve digits are of the form and pass their check."""
    if _FORM.fullmatch(digits) is None:
        return False
    try:
        verhoeff.validate(digits)
    except ValidationError:
        return False
    return True


def printed(sp_id: SpId) -> str:
    """In groups of four, as on a card: `2345 6789 0124`."""
    return " ".join(sp_id[start : start + 4] for start in range(0, LENGTH, 4))
