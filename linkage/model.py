"""Models: what is compared with what, and once trained what each agreement is worth."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.blocking import Key, Rule
from linkage.comparison import BUILT_IN, Comparison, Level, Measure
from linkage.records import Column, Records

Table = tuple[tuple[float, ...], ...]
FORMAT = 1


class ModelMismatchError(ValueError):
    """The model does not fit the records or the measures at hand."""


@dataclass(frozen=True)
class Model:
    """A declared model.

    `review` and `link` are match weights, in bits: a pair at or above `review` is a possible
    link, at or above `link` a link. `largest_block` is the most records that a block may have.
    With `households` the records hold relatives, who share names and homes: estimation must not
    take them for one person.
    """

    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    review: float = 0.0
    link: float = 6.6
    largest_block: int = 5000
    households: bool = True

    def __post_init__(self) -> None:
        if not self.comparisons or not self.rules:
            raise ValueError("a model needs a comparison and a blocking rule at least")

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The columns compared, in the order of the comparisons."""
        return tuple(comparison.field for comparison in self.comparisons)

    def check(self, records: Records) -> None:
        """See that the records can be compared by this model.

        Raises:
            ModelMismatchError: A column that is compared or blocked on is not there, or was not
                analysed for the measure that compares it.
        """
        wanted = {*self.fields, *(key.field for rule in self.rules for key in rule.keys)}
        wanted |= {key.field for rule in self.rules for key in rule.split}
        absent = sorted(wanted - records.columns.keys())
        if absent:
            raise ModelMismatchError(f"the records have no column {', '.join(absent)}")
        for comparison in self.comparisons:
            own = comparison.own_measure
            if own is not None and records.columns[comparison.field].table is None:
                raise ModelMismatchError(f"column {comparison.field} lacks the table of {own.name}")


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How often each value of a field occurs: `distinct` object[distinct], `counts` int64."""

    distinct: npt.NDArray[np.object_]
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: Column) -> "Frequencies":
        """Count a column, the values in sorted order."""
        order = np.argsort(column.distinct)
        return cls(column.distinct[order], column.counts[order])

    def rarity(self, column: Column) -> npt.NDArray[np.float64]:
        """How many bits rarer each distinct value is than values that agree by chance are.

        A value that was never seen counts as seen once.
        """
        places = self._index.get_indexer(pd.Index(column.distinct, dtype=object))
        counts = np.where(places < 0, 1, self.counts[places]).astype(np.float64)
        return np.asarray(self._commonness - np.log2(counts))

    @cached_property
    def _index(self) -> "pd.Index[str]":
        return pd.Index(self.distinct, dtype=object)

    @cached_property
    def _commonness(self) -> float:
        """How many records, in bits, hold a value that is as common as those that agree."""
        counts = self.counts.astype(np.float64)
        return float(np.log2(np.sum(counts**2) / counts.sum()))


@dataclass(frozen=True)
class Round:
    """Where EM stood after a round."""

    prior: float
    m: Table

    def moved_from(self, before: "Round") -> float:
        """The largest step of any m, or of the prior beside itself."""
        steps = [
            abs(now - then)
            for row, old in zip(self.m, before.m, strict=True)
            for now, then in zip(row, old, strict=True)
        ]
        return max(*steps, abs(self.prior - before.prior) / self.prior)


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A frozen model.

    `m[c][l]`, `u[c][l]`: how probable level `l` of comparison `c` is among true matches and among
    others, where neither value is missing; the last level is that of values that differ.
    `seen_m`, `seen_u`: on how many (expected) matches and sampled pairs each rests: about none
    means that nothing was learned of the level. `prior`: the probability that two records drawn
    at random match.
    """

    model: Model
    m: Table
    u: Table
    prior: float
    seen_m: Table
    seen_u: Table
    frequencies: Mapping[str, Frequencies] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()

    @cached_property
    def version(self) -> str:
        """What the model is known by: a digest of all that it holds."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @property
    def prior_weight(self) -> float:
        """The prior in bits of odds."""
        return float(np.log2(self.prior / (1 - self.prior)))

    def to_json(self) -> str:
        """Write the model as JSON, byte for byte the same for the same model."""
        frequencies = {
            name: {"distinct": known.distinct.tolist(), "counts": known.counts.tolist()}
            for name, known in sorted(self.frequencies.items())
        }
        rounds = [asdict(one) for one in self.rounds]
        numbers = {name: getattr(self, name) for name in ("m", "u", "prior", "seen_m", "seen_u")}
        content = {"format": FORMAT, "model": declared(self.model), **numbers}
        content |= {"frequencies": frequencies, "rounds": rounds}
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, *, measures: Iterable[Measure] = ()) -> "TrainedModel":
        """Read a model; `measures` are those of its measures that are not built in.

        Raises:
            ModelMismatchError: The text is no model of this format, or lacks a measure.
        """
        try:
            content = json.loads(text)
            return _trained(content, {measure.name: measure for measure in measures})
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ModelMismatchError(f"not a trained model: {error!r}") from error


def declared(model: Model) -> dict[str, Any]:
    """Turn a declared model into plain values; a measure is its name."""
    comparisons = [
        {"field": one.field, "levels": [_plain(level) for level in one.levels]}
        for one in model.comparisons
    ]
    content = {one.name: getattr(model, one.name) for one in fields(model)}
    rules = [asdict(rule) for rule in model.rules]
    return content | {"comparisons": comparisons, "rules": rules}


def _plain(level: Level) -> dict[str, Any]:
    content = {one.name: getattr(level, one.name) for one in fields(level)}
    return content | {"measure": level.measure.name}


def _trained(content: dict[str, Any], measures: Mapping[str, Measure]) -> TrainedModel:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelMismatchError(f"not a trained model of format {FORMAT}")
    frequencies = {
        name: Frequencies(np.array(known["distinct"], object), np.array(known["counts"], np.int64))
        for name, known in content["frequencies"].items()
    }
    rounds = tuple(Round(one["prior"], _table(one["m"])) for one in content["rounds"])
    return TrainedModel(
        model=_model(content["model"], measures),
        m=_table(content["m"]),
        u=_table(content["u"]),
        prior=content["prior"],
        seen_m=_table(content["seen_m"]),
        seen_u=_table(content["seen_u"]),
        frequencies=frequencies,
        rounds=rounds,
    )


def _table(rows: list[list[float]]) -> Table:
    return tuple(tuple(row) for row in rows)


def _model(content: dict[str, Any], measures: Mapping[str, Measure]) -> Model:
    comparisons = tuple(
        Comparison(one["field"], tuple(_level(level, measures) for level in one["levels"]))
        for one in content["comparisons"]
    )
    rules = tuple(Rule(_keys(rule["keys"]), _keys(rule["split"])) for rule in content["rules"])
    return Model(**(content | {"comparisons": comparisons, "rules": rules}))


def _keys(content: list[dict[str, str]]) -> tuple[Key, ...]:
    return tuple(Key(**key) for key in content)


def _level(content: dict[str, Any], measures: Mapping[str, Measure]) -> Level:
    name = content["measure"]
    if name in BUILT_IN:
        measure = Measure(name)
    elif name in measures:
        measure = measures[name]
    else:
        raise ModelMismatchError(f"no measure {name!r} at hand")
    return Level(**(content | {"measure": measure}))
