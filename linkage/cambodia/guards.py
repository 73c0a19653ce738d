"""What is never linked without an officer, whatever the weight."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS
from linkage.cambodia.evidence import (
    BIRTH_DATE,
    CARD,
    GIVEN,
    HOUSEHOLD,
    NATIONAL_ID,
    PHONE,
    PLACE,
)
from linkage.cambodia.households import LIKELY
from linkage.cambodia.name_agreement import ALIKE, PART_OF
from linkage.cambodia.pairs import Evidence
from linkage.cambodia.people import People
from linkage.cambodia.phones import OF_HOUSEHOLD
from linkage.dates import DAYS, GROUPS
from linkage.identifiers import DIFFERENT, SAME
from linkage.places import SAME_COMMUNE

Flags = npt.NDArray[np.bool_]
Guards = npt.NDArray[np.int8]


class Guard(IntEnum):
    """Why only an officer may link a pair."""

    NONE = 0
    TWO_NATIONAL_IDS = 1
    TWINS = 2
    NAME_AND_INEXACT_DATE = 3


def guards(records: People, evidence: Evidence) -> Guards:
    """Tell which pairs only an officer may link, and why: int8[pairs], values of `Guard`.

    Two national IDs that differ, be it by a slip; one household and birth date with different given
    names, as twins have; names and an inexact birth date without anything else that agrees. Where
    several hold the first is said.
    """
    found = np.full(len(evidence.left), Guard.NONE, np.int8)
    found[_only_name_and_year(evidence)] = Guard.NAME_AND_INEXACT_DATE
    found[_maybe_twins(records, evidence)] = Guard.TWINS
    found[_two_ids(evidence)] = Guard.TWO_NATIONAL_IDS
    return found


def _two_ids(evidence: Evidence) -> Flags:
    return np.asarray(evidence.seen.codes[:, NATIONAL_ID] > SAME)


def _maybe_twins(records: People, evidence: Evidence) -> Flags:
    codes = evidence.seen.codes
    household = records.household
    one = (household[evidence.left] >= 0) & (household[evidence.left] == household[evidence.right])
    given = codes[:, GIVEN] % LEVELS
    differ = (given > ALIKE) & (given != PART_OF) & (codes[:, GIVEN] >= 0)
    return np.asarray(one & _exact_date(evidence) & (codes[:, BIRTH_DATE] % LEVELS == 0) & differ)


def _exact_date(evidence: Evidence) -> Flags:
    kind = evidence.seen.codes[:, BIRTH_DATE] // LEVELS // GROUPS
    return np.asarray((kind == DAYS) & (evidence.seen.codes[:, BIRTH_DATE] >= 0))


def _only_name_and_year(evidence: Evidence) -> Flags:
    codes = evidence.seen.codes
    place = (codes[:, PLACE] >= 0) & (codes[:, PLACE] % LEVELS <= SAME_COMMUNE)
    numbers = codes[:, CARD] == SAME
    numbers |= (codes[:, PHONE] >= 0) & (codes[:, PHONE] % LEVELS <= OF_HOUSEHOLD)
    numbers |= (codes[:, NATIONAL_ID] >= 0) & (codes[:, NATIONAL_ID] != DIFFERENT)
    relatives = (codes[:, HOUSEHOLD] >= 0) & (codes[:, HOUSEHOLD] <= LIKELY)
    return np.asarray(~(_exact_date(evidence) | place | numbers | relatives))
