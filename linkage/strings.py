"""The distinct strings of a column, laid out for compiled kernels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled


class Strings(NamedTuple):
    """Strings end to end: string `i` is `chars[starts[i]:starts[i + 1]]`.

    `chars` uint32[total], `starts` int64[count + 1]. `signatures` uint64[count] has the bit of
    every character that the string contains, characters hashed to 64 bits: a bit that one
    signature has and the other lacks stands for at least one unmatched character.
    """

    chars: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    signatures: npt.NDArray[np.uint64]


def strings_of(values: Sequence[str]) -> Strings:
    """Lay out strings in their given order."""
    chars = np.frombuffer("".join(values).encode("utf-32-le"), np.uint32)
    starts = np.zeros(len(values) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, values), np.int64, len(values)), out=starts[1:])
    return Strings(chars, starts, _signatures(chars, starts))


@compiled
def _signatures(
    chars: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    signatures = np.zeros(starts.size - 1, np.uint64)
    for i in range(signatures.size):
        for c in chars[starts[i] : starts[i + 1]]:
            signatures[i] |= np.uint64(1) << (np.uint64(c) & np.uint64(63))
    return signatures
