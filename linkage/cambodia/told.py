"""What blocking and the bounds ask of records, however these are held."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from linkage.cambodia.background import Background
from linkage.cambodia.name_parts import Hashes, Names
from linkage.dates import BirthDates
from linkage.places import Places
from linkage.texts import Rows


class Coded(NamedTuple):
    """Numbers by which records are told apart, equal where what they stand for is: int32[records].

    -1 where missing; `marks` are those of `linkage.cambodia.phones.pool_marks`.
    """

    card: Rows
    national_id: Rows
    phone: Rows
    household: Rows
    listed: Rows
    marks: Rows


class Told(Protocol):
    """Records: `sex` int8[records] is 0, 1, or -1 unknown; `source` int16[records] is the list."""

    @property
    def names(self) -> Names:
        """Their names."""

    @property
    def dates(self) -> BirthDates:
        """Their birth dates."""

    @property
    def places(self) -> Places:
        """Where they live."""

    @property
    def sex(self) -> npt.NDArray[np.int8]:
        """Their sex."""

    @property
    def source(self) -> npt.NDArray[np.int16]:
        """Their lists."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the lists."""

    @property
    def background(self) -> Background:
        """What is taken for granted of the population."""

    def __len__(self) -> int: ...

    def coded(self) -> Coded:
        """The numbers that they share with others."""

    def has_mates(self) -> npt.NDArray[np.bool_]:
        """Whether the household of each has another member: bool[records]."""

    def written(self) -> Hashes:
        """Card, national ID, phone and listed household: uint64[records, 4], 0 where missing.

        They are numbers of what is written, the same everywhere.
        """
