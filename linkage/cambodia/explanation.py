"""What the weight of a pair is made of: the numbers that the engine added up."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from linkage.agreement_codes import LEVELS
from linkage.cambodia.evidence import COMPARISONS
from linkage.cambodia.pairs import Evidence
from linkage.mixture import Mixture, classify, contributions, in_steps

PRIOR: Final = "prior"
RARITY: Final = "rarity of the name"
HOUSEHOLD_MEMBER: Final = "could be another member of the household"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One contribution, in bits.

    `kind` and `level` are those of the comparison (see `linkage.cambodia.evidence`), -1 for what is
    no comparison or is missing.
    """

    name: str
    kind: int
    level: int
    bits: float


def explain(mixture: Mixture, evidence: Evidence, pair: int) -> tuple[Explanation, ...]:
    """List the contributions that sum to the match weight of one pair, the prior first.

    Those of the comparisons weigh one person against strangers; the last is what is taken away
    because members of one household agree too. `mixture` is what the model was fitted to.
    """
    chosen = np.zeros(len(evidence.left), np.bool_)
    chosen[pair] = True
    seen = evidence.seen.take(chosen)
    codes = seen.codes
    each = (contributions(mixture.match, codes) - contributions(mixture.stranger, codes))[0]
    listed = [Explanation(PRIOR, -1, -1, float(np.log2(mixture.prior_match[seen.cell[0]])))]
    for name, code, bits in zip(COMPARISONS, codes[0].tolist(), each.tolist(), strict=True):
        kind, level = divmod(code, LEVELS) if code >= 0 else (-1, -1)
        listed.append(Explanation(name, kind, level, bits))
    listed.append(Explanation(RARITY, -1, -1, float(seen.rare_stranger[0])))
    weight = float(in_steps(classify(mixture, seen).weight)[0])
    rest = weight - sum(one.bits for one in listed)
    return (*listed, Explanation(HOUSEHOLD_MEMBER, -1, -1, rest))
