"""Finding records of a person whom somebody describes."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model
from linkage.cambodia.links import SURE
from linkage.cambodia.trained import SMALLEST
from registry.matching import current_people, models, record_keys
from registry.matching.current_people import ASKED
from registry.matching.touched import keyed_among
from registry.people import engines, links
from registry.people.possible_links import REVIEW_WEIGHT
from registry.schemes.statements import NormalisedPerson

SEARCH_LIMIT = 20


@dataclass(frozen=True)
class Candidate:
    """A person who may be the one described, with the match weight of one of their records."""

    person: int
    weight: float
    is_link: bool


def search(session: Session, described: NormalisedPerson) -> list[Candidate]:
    """Records that may be of a described person, the heaviest first, by the model in use.

    Candidates are records that share a key with what is described.
    """
    chosen = models.in_use(session)
    model = models.trained(chosen.body)
    nobody = np.empty(0, np.int64)
    alone = current_people.load_beside(session, nobody, described, model.background)
    keys = keyed_among(alone)[0].keys.key
    found = record_keys.holders_of_few(session, keys)
    current = current_people.load_beside(session, found, described, model.background)
    asked = int(np.flatnonzero(current.ids == ASKED)[0])
    size = _size(session, chosen.version, model)
    weights = cambodia.weigh_one(current.people, model, asked, size=size)
    weights[asked] = -np.inf
    best = np.lexsort((current.ids, -weights))[:SEARCH_LIMIT]
    best = best[weights[best] >= REVIEW_WEIGHT]
    holders = links.holders(session, current.ids[best].tolist())
    return [
        Candidate(holders[current.ids[at]], float(weights[at]), is_link=bool(weights[at] >= SURE))
        for at in best.tolist()
        if current.ids[at] in holders
    ]


def _size(session: Session, version: str, model: Model) -> int:
    """How large the population is, as far as weights depend on it; counting it would take long.

    Records are linked at a step of the population's size: what is found is weighed at the same.
    """
    engine = engines.last_engine(session)
    if engine is None or engine.model != version:
        return current_people.count(session)
    return round(max(model.records, SMALLEST) * 2.0**engine.step)
