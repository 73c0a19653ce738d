"""Models of linkage: declared as tables, trained to frozen values."""

from dataclasses import asdict, dataclass
from typing import Self

from pydantic import TypeAdapter

MISSING = -1


@dataclass(frozen=True)
class Comparison:
    """How one kind of evidence is compared.

    Attributes:
        name: what it is called in explanations.
        columns: columns compared each with itself; the best similarity counts.
        measure: `exact`, `jaro_winkler` or `prefix` (length of the common beginning).
        bounds: similarities from which each level agrees, best first; below the last is
            disagreement.
    """

    name: str
    columns: tuple[str, ...]
    measure: str
    bounds: tuple[float, ...]

    @property
    def levels(self) -> int:
        """Number of levels, the level of disagreement included."""
        return len(self.bounds) + 1


@dataclass(frozen=True)
class Rule:
    """A blocking rule.

    Attributes:
        columns: two records must agree on all of them to become a candidate pair.
        settles: names of the comparisons whose outcome the rule all but settles; the pairs of this
            rule say nothing of them.
    """

    columns: tuple[str, ...]
    settles: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A declared model: what is compared, and which pairs are.

    Attributes:
        comparisons: the evidence.
        rules: which pairs are compared; a pair of any rule is a candidate.
        apart: columns in which two known and different values never share a person.
    """

    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainedModel:
    """A model with its estimates; frozen.

    Attributes:
        prior: probability that two records drawn at random are of one person.
        m: for each comparison the probability of each level among pairs of one person.
        u: the same among pairs of two persons.
        link: match weight (log2 odds) from which a pair is a link.
        review: match weight from which a pair is a possible link.
        version: names the estimates.
    """

    model: Model
    prior: float
    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    link: float
    review: float
    version: str

    def to_json(self) -> str:
        """As JSON text."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From the text of `to_json`.

        Raises:
            ValueError: the text is not a trained model.
        """
        read = _ADAPTER.validate_json(text)
        return cls(**{name: getattr(read, name) for name in asdict(read)})


_ADAPTER = TypeAdapter(TrainedModel)
