"""The pairs of some records, without all others at hand."""

from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.cambodia.block_keys import Hashes
from linkage.cambodia.evidence import HOUSEHOLD, Rarity
from linkage.cambodia.households import NONE, SUPPORT
from linkage.cambodia.index import Index
from linkage.cambodia.name_agreement import Work
from linkage.cambodia.pairs import Evidence
from linkage.cambodia.people import People
from linkage.cambodia.reach import Reach, laid_out, may_reach
from linkage.cambodia.streaming import sift
from linkage.cambodia.told import Told
from linkage.cambodia.training import HOPELESS
from linkage.mixture import Mixture
from linkage.partition import UNCOMPARED
from linkage.texts import Rows

_SLACK: Final = 0.01


def pairs_among(records: People, mixture: Mixture, common: Hashes) -> Evidence:
    """Find the pairs worth weighing among records, and what weighing them takes.

    Of every household all members are there, else what households say of their members is lost;
    `common` uint64[keys], in order, are the keys that are common among all records.
    """
    return sift(Index.of(records, common=common), mixture, floor=floor_of(mixture))


def may_matter(records: Told, pairs: tuple[Rows, Rows], mixture: Mixture) -> npt.NDArray[np.bool_]:
    """Tell which pairs of records may be worth weighing: bool[pairs]."""
    reach = Reach.of(mixture, records, floor_of(mixture))
    rows = laid_out(records, Rarity.of(records))
    return may_reach(rows, pairs, reach, Work.on(records.names))


def floor_of(mixture: Mixture) -> float:
    """The weight, household apart, below which a pair is neither kept nor says anything of others.

    Whatever its household may add, it then speaks for nobody, and against a link no louder than a
    pair that was never compared.
    """
    levels = slice(0, NONE + 1)
    others = np.minimum(mixture.stranger[HOUSEHOLD, levels], mixture.household[HOUSEHOLD, levels])
    gain = float(np.log2(mixture.match[HOUSEHOLD, levels] / others).max())
    faintest = float(SUPPORT.min())
    least = min(UNCOMPARED, float(np.log2(faintest / (1 - faintest))))
    return max(HOPELESS, least - max(gain, 0.0) - _SLACK)
