"""Finding records of a person whom somebody describes."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from linkage import cambodia
from linkage.cambodia import Model, People, block_keys
from linkage.cambodia.links import SURE
from linkage.cambodia.sketches import Sketched, Sketches, sketched
from linkage.cambodia.trained import SMALLEST
from registry.access import sight
from registry.matching import current_people, known_words, models, record_keys
from registry.matching.current_people import ASKED
from registry.matching.known_words import Met
from registry.people import engines, links
from registry.people.engines import Engine
from registry.people.possible_links import REVIEW_WEIGHT
from registry.records.source_records import RecordVersion
from registry.schemes.statements import NormalisedPerson

SEARCH_LIMIT = 20
OF_NAMES_AND_PLACES: Final = frozenset(
    {
        "family_khmer", "given_khmer", "name_khmer", "family_latin", "given_latin", "name_latin",
        "sex", "birth_date", "village", "stated_on",
    }
)  # fmt: skip
"""What is compared by sketches alone."""
_met: Final = Met()

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A person who may be the one described, with the match weight of one of their records."""

    person: int
    weight: float
    is_link: bool


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked, of whom a described person is alone, and what it is weighed by."""

    described: NormalisedPerson
    alone: People
    model: Model
    size: int

    @property
    def keys(self) -> Hashes:
        """The keys by which records may meet the described."""
        return np.concatenate([keys.levels[0] for keys in block_keys.rules(self.alone)])

    @property
    def is_plain(self) -> bool:
        """Whether the sketches of records say all that is compared."""
        said = self.described._asdict().items()
        return all(name in OF_NAMES_AND_PLACES for name, value in said if value)


def search(session: Session, described: NormalisedPerson) -> list[Candidate]:
    """Records that may be of a described person, the heaviest first, by the model in use.

    Candidates are records that share a key with what is described. Of most no more is read than
    what they were linked by, in brief.
    """
    version, model = models.trained_in_use(session)
    engine = engines.last_engine(session)
    is_linked = engine is not None and (engine.model, engine.keys) == (version, block_keys.VERSION)
    nobody = np.empty(0, np.int64)
    alone = current_people.load_beside(session, nobody, described, model.background).people
    asked = _Asked(described, alone, model, _size(session, model, engine, version))
    if is_linked and asked.is_plain and sight.sees_everybody(session):
        ids, weights = _weighed_in_brief(session, asked)
    else:
        ids, weights = _weighed(session, asked, record_keys.holders_of_few(session, asked.keys))
    best = np.lexsort((ids, -weights))[:SEARCH_LIMIT]
    best = best[weights[best] >= REVIEW_WEIGHT]
    holders = links.holders(session, ids[best].tolist())
    return [
        Candidate(holders[ids[at]], float(weights[at]), is_link=bool(weights[at] >= SURE))
        for at in best.tolist()
        if ids[at] in holders
    ]


def get_ready(session: Session) -> None:
    """Do before anybody asks what the first question would wait for.

    The words that are kept are known, where they are not too many, and somebody who is here is
    searched for, so that all that is compiled is; who is found is told to nobody.
    """
    spelled = islice(known_words.spelled(session).items(), known_words.MOST_MET // 2)
    _met.knowing(session, np.empty(0, np.uint64), dict(spelled))
    current = RecordVersion.superseded_at.is_(None) & RecordVersion.birth_date.is_not(None)
    somebody = session.scalar(select(RecordVersion).where(current).limit(1))
    if somebody is not None:
        said = {name: getattr(somebody, name) for name in OF_NAMES_AND_PLACES}
        search(session, NormalisedPerson(**said))


def _weighed(session: Session, asked: _Asked, records: Numbers) -> tuple[Numbers, Weights]:
    """Some records that are current, read whole, and their weights with the described."""
    current = current_people.load_beside(
        session, records, asked.described, asked.model.background
    )  # fmt: skip
    place = int(np.flatnonzero(current.ids == ASKED)[0])
    weights = cambodia.weigh_one(current.people, asked.model, place, size=asked.size)
    return np.delete(current.ids, place), np.delete(weights, place)


def _weighed_in_brief(session: Session, asked: _Asked) -> tuple[Numbers, Weights]:
    """The same of all candidates; read whole are those alone that changed since then."""
    ids, sketches, others = record_keys.holders_in_brief(session, asked.keys)
    told, is_spelled = _told(session, asked, sketches)
    weights = cambodia.weigh_described(told, asked.model, len(told) - 1, size=asked.size)[:-1]
    others = np.union1d(others, ids[~is_spelled])
    if not others.size:
        return ids, weights
    more, of_more = _weighed(session, asked, others)
    return np.append(ids[is_spelled], more), np.append(weights, of_more)


def _told(
    session: Session, asked: _Asked, sketches: Sketches
) -> tuple[Sketched, npt.NDArray[np.bool_]]:
    """Those in brief whose words are known, and the described behind them; which these are."""
    described = dict(zip(asked.alone.names.written.tolist(), asked.alone.words, strict=True))
    words = np.setdiff1d(sketches["words"], np.uint64(0))
    lexicon = _met.knowing(session, words, described)
    unknown = words[~lexicon.knows(words)]
    is_spelled = np.asarray(~np.isin(sketches["words"], unknown).any(axis=1))
    told = np.append(sketches[is_spelled], sketched(asked.alone))
    spoken = np.setdiff1d(told["words"], np.uint64(0))
    return Sketched.of_any(told, lexicon.of_some(spoken), asked.model.background), is_spelled


def _size(session: Session, model: Model, engine: Engine | None, version: str) -> int:
    """How large the population is, as far as weights depend on it; counting it would take long.

    Records are linked at a step of the population's size: what is found is weighed at the same.
    """
    if engine is None or engine.model != version:
        return current_people.count(session)
    return round(max(model.records, SMALLEST) * 2.0**engine.step)
