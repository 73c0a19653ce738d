"""What is never linked without an officer, whatever the weight."""

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
from linkage.cambodia.people import People
from linkage.cambodia.phones import OF_HOUSEHOLD
from linkage.cambodia.training import Evidence
from linkage.dates import DAYS, GROUPS
from linkage.identifiers import DIFFERENT, SAME
from linkage.places import SAME_COMMUNE

Flags = npt.NDArray[np.bool_]


def guarded(records: People, evidence: Evidence) -> Flags:
    """Tell which pairs only an officer may link: bool[pairs].

    Two different national IDs; one household and birth date with different given names, as twins
    have; names and an inexact birth date without anything else that agrees.
    """
    return _two_ids(evidence) | _maybe_twins(records, evidence) | _only_name_and_year(evidence)


def _two_ids(evidence: Evidence) -> Flags:
    return np.asarray(evidence.seen.codes[:, NATIONAL_ID] == DIFFERENT)


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
