"""The two records of a review as rows to compare, with what each row is worth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from api.pages.languages import message
from registry.lookups.readings import reading
from registry.matching.evidence import Contribution, Evidence
from registry.reviewing import differences
from registry.reviewing.differences import Runs
from registry.reviewing.review_pairs import PairView, RecordView

WIDEST: Final = 12.0
"""Bits that fill half a bar."""
NOTEWORTHY: Final = 0.05


@dataclass(frozen=True)
class Line:
    """A line of a cell: the value in runs, and how to read it where its script may be foreign."""

    runs: Runs
    kind: str
    reading: str | None = None


@dataclass(frozen=True)
class Step:
    """A contribution to draw: from where to where, in bits."""

    name: str
    word: str
    bits: float
    start: float

    @property
    def end(self) -> float:
        """Where the sum stands after it."""
        return self.start + self.bits


@dataclass(frozen=True)
class Row:
    """A field of both records: the lines of each side, and the evidence that comes of them."""

    title: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]
    evidence: tuple[Step, ...] = field(default=())


Pair = tuple[RecordView, RecordView]
Cut = Callable[[str | None, str | None], tuple[Runs, Runs]]

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prior": message("before looking"),
        "family": message("family name"),
        "given": message("given name"),
        "order": message("order of the names"),
        "rarity of the name": message("rarity of the name"),
        "birth_date": message("birth date"),
        "place": message("place"),
        "card": message("equity card"),
        "phone": message("phone"),
        "sex": message("sex"),
        "national_id": message("national ID"),
        "household": message("household"),
        "could be another member of the household": message("may be another member"),
    }
)
_FIELDS: Final = (
    ("sex", "sex", "word", ("sex",)),
    ("birth_date", "birth_date", "day", ("birth_date",)),
    ("village", "village", "place", ("place",)),
    ("national_id", "national_id", "number", ("national_id",)),
    ("equity_card", "equity_card", "number", ("card",)),
    ("phone", "phone", "number", ("phone",)),
)
_NAMES: Final = ("family", "given", "order", "rarity of the name")
_HOUSEHOLD: Final = ("household", "could be another member of the household")


def rows(view: PairView, evidence: Evidence | None) -> list[Row]:
    """The rows of a review, in the order in which people compare."""
    pair = (view.sides[0].record, view.sides[1].record)
    steps = {step.name: step for step in steps_of(evidence)}
    found = [_names(pair, _worth(steps, _NAMES))]
    for title, column, kind, comparisons in _FIELDS:
        values = [getattr(record.version, column) for record in pair]
        if any(value is not None for value in values):
            cut = differences.parts if kind == "day" else differences.compared
            left, right = _lines((values[0], values[1]), kind, cut)
            found.append(Row(title, left, right, _worth(steps, comparisons)))
    return found


def household_evidence(evidence: Evidence | None) -> tuple[Step, ...]:
    """What the households say, which stand beside each other and not in a row."""
    return _worth({step.name: step for step in steps_of(evidence)}, _HOUSEHOLD)


def steps_of(evidence: Evidence | None) -> list[Step]:
    """The contributions one after the other, each from where the one before it ends."""
    steps: list[Step] = []
    at = 0.0
    for one in evidence.contributions if evidence is not None else ():
        steps.append(Step(one.name, word_of(one), one.bits, at))
        at += one.bits
    return steps


def _worth(steps: Mapping[str, Step], names: Sequence[str]) -> tuple[Step, ...]:
    found = [steps[name] for name in names if name in steps]
    return tuple(step for step in found if abs(step.bits) >= NOTEWORTHY)


def _names(pair: Pair, evidence: tuple[Step, ...]) -> Row:
    khmer = _lines((pair[0].name_khmer, pair[1].name_khmer), "khmer", differences.compared)
    latin = _lines((pair[0].name_latin, pair[1].name_latin), "latin", differences.compared)
    return Row("name", khmer[0] + latin[0], khmer[1] + latin[1], evidence)


def _lines(
    values: tuple[str | None, str | None], kind: str, cut: Cut
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    left, right = cut(*values)
    return _line(values[0], left, kind), _line(values[1], right, kind)


def _line(value: str | None, runs: Runs, kind: str) -> tuple[Line, ...]:
    if value is None:
        return ()
    return (Line(runs, kind, reading(value) if kind == "khmer" else None),)


_NAME_WORDS: Final = (
    message("written the same"),
    *(message("sound alike"),) * 4,
    message("somewhat alike"),
    *(message("different"),) * 2,
    message("one is part of the other"),
)
_WORDS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "family": _NAME_WORDS,
        "given": _NAME_WORDS,
        "order": (
            message("in the same order"),
            message("the other way round"),
            message("cut elsewhere"),
            message("cut elsewhere"),
        ),
        "birth_date": (
            message("the same day"),
            message("day and month swapped"),
            *(message("one slip apart"),) * 5,
            message("two parts differ"),
            message("some years apart"),
            message("different"),
        ),
        "place": (
            message("the same village"),
            message("the same commune"),
            message("the same district"),
            message("the same province"),
            message("another province"),
        ),
        "card": (message("the same"), message("one slip apart"), message("different")),
        "national_id": (message("the same"), message("one slip apart"), message("different")),
        "phone": (message("the same"), message("of the same household"), message("different")),
        "sex": (message("the same"), message("different")),
        "household": (
            message("others in it match"),
            message("others in it may match"),
            message("others in it match a little"),
            message("nobody else in it matches"),
        ),
    }
)
_YEARS: Final = (message("the same as far as known"), message("about a year apart"))
_APART: Final = message("years apart")


def word_of(contribution: Contribution) -> str:
    """The word for how two values agree; of what is no comparison, none."""
    name, level = contribution.name, contribution.level
    if level < 0:
        return message("not known on both") if name in _WORDS else ""
    if name == "birth_date" and contribution.kind > 0:
        return _YEARS[level] if level < len(_YEARS) else _APART
    words = _WORDS[name]
    return words[min(level, len(words) - 1)]
