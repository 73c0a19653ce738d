"""The distinct strings of a column, laid out for compiled kernels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled

LENGTH_AT = 56
LONGEST = 255


class Strings(NamedTuple):
    """Strings end to end: string `i` is `chars[starts[i]:starts[i + 1]]`.

    `chars` uint32[total], `starts` int64[count + 1]. `signatures` uint64[count] say enough to
    tell most unlike strings apart: the top 8 bits are the length (255: that or more); below them
    is a bit for every character that the string contains, and another where it does so twice,
    characters hashed to 28: each bit that only one of two has is an unmatched character.
    """

    chars: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    signatures: npt.NDArray[np.uint64]


def strings_of(values: Sequence[str]) -> Strings:
    """Lay out strings in their given order."""
    chars = np.frombuffer(bytearray("".join(values).encode("utf-32-le")), np.uint32)
    starts = np.zeros(len(values) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, values), np.int64, len(values)), out=starts[1:])
    return Strings(chars, starts, _signatures(chars, starts))


@compiled
def _signatures(
    chars: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    one = np.uint64(1)
    signatures = np.zeros(starts.size - 1, np.uint64)
    for i in range(signatures.size):
        seen = np.uint64(0)
        for c in chars[starts[i] : starts[i + 1]]:
            first = one << np.uint64(2 * (c % 28))
            seen |= first << one if seen & first else first
        length = min(starts[i + 1] - starts[i], LONGEST)
        signatures[i] = seen | np.uint64(length) << np.uint64(LENGTH_AT)
    return signatures
