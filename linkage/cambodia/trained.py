"""A trained model: the mixture, and the population that it was learned from.

Nothing in it changes when records come. Only how probable a match is to begin with goes with the
size of the population: with twice the records a record has as many matches among twice as many
others. That goes by whole steps of doubling, so that weights stay as they are between two steps.
"""

from dataclasses import dataclass, replace
from math import log2
from typing import Final

import numpy as np

from linkage.cambodia.background import Background
from linkage.cambodia.people import People
from linkage.mixture import Bits, Mixture

SMALLEST: Final = 10_000
"""A population is never taken to be smaller than so many records."""


@dataclass(frozen=True, eq=False)
class Model:
    """How pairs are weighed.

    `mixture` has the priors of pairs of the lists `sources`, among `records` records.
    """

    mixture: Mixture
    sources: tuple[str, ...]
    records: int
    background: Background

    def step(self, size: int) -> int:
        """How many doublings a population of so many records is from that of the training."""
        return round(log2(max(size, SMALLEST) / max(self.records, SMALLEST)))

    def size_at(self, step: int) -> int:
        """A population that is so many doublings from that of the training."""
        return max(round(max(self.records, SMALLEST) * 2.0**step), SMALLEST)

    def fitted(self, sources: tuple[str, ...], size: int) -> Mixture:
        """The mixture for records of these lists in a population of so many records.

        A list that the model has not seen takes the mean of the priors.
        """
        less = 0.5 ** self.step(size)
        return replace(
            self.mixture,
            prior_match=self._priors(self.mixture.prior_match, sources) * less,
            prior_household=self._priors(self.mixture.prior_household, sources) * less,
        )

    def anywhere(self, size: int) -> Mixture:
        """The mixture for pairs of no list, which are all of one cell."""
        return self.fitted(("",), size)

    def _priors(self, priors: Bits, sources: tuple[str, ...]) -> Bits:
        known = len(self.sources)
        upper = np.triu_indices(known)
        table = np.full((known + 1, known + 1), priors.reshape(known, known)[upper].mean())
        table[upper] = table.T[upper] = priors.reshape(known, known)[upper]
        place = [self.sources.index(one) if one in self.sources else known for one in sources]
        return np.asarray(table[np.ix_(place, place)]).ravel()


def of_records(mixture: Mixture, records: People) -> Model:
    """The model that was learned from these records."""
    return Model(mixture, records.sources, len(records), records.background)
