"""The pictures of the figures: what each draws of its table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyBboxPatch

from api.pages.figures.canvas import ACCENT, INK, LINE, SECOND, SERIES, SHADES, SOFT, drawn, quiet
from api.pages.figures.labels import Label
from api.pages.figures.provinces import TILES
from registry.indicators.coverage import AGES, ANY
from registry.indicators.figure import Figure, Value

MOST_COMBINATIONS: Final = 12
MOST_MONTHS: Final = 24
FEWEST_MONTHS: Final = 6
"""There is room for so many, so that one month is no wall."""
BAR: Final = 0.34
"""Inches a bar."""


@dataclass(frozen=True)
class Words:
    """How a picture names codes and writes numbers, in the language of its reader."""

    label: Label
    number: Callable[[float], str]


Draw = Callable[[Figure, Words], bytes]


def picture(figure: Figure, words: Words) -> bytes | None:
    """The picture of a figure as SVG; None where it has none, or nothing to show."""
    draw = PICTURES.get(figure.code)
    return draw(figure, words) if draw is not None and figure.lines else None


def bars(figure: Figure, words: Words) -> bytes:
    """One bar a line, of its first column."""

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_subplot()
        shown = list(reversed(figure.lines))
        names = [words.label(line.about[0]) for line in shown]
        values = [_shown(line.values[0]) for line in shown]
        drawn_bars = axes.barh(names, values, color=ACCENT, height=0.62)
        axes.bar_label(drawn_bars, [words.number(value) for value in values], padding=4)
        axes.xaxis.set_visible(False)
        axes.margins(x=0.12)
        quiet(axes)

    return drawn(0.4 + BAR * len(figure.lines), draw)


def pyramid(figure: Figure, words: Words) -> bytes:
    """Women to the left and men to the right, an age group a row, of any scheme."""
    groups = {line.about[1]: line for line in figure.lines if line.about[0] == ANY}

    def draw(canvas: Canvas) -> None:
        women, men = canvas.subplots(1, 2, sharey=True)
        ages = [words.label(age) for age in AGES]
        for axes, sex, color, way in ((women, 0, ACCENT, -1), (men, 1, SECOND, 1)):
            values = [_shown(groups[age].values[sex]) for age in AGES]
            placed = axes.barh(ages, [way * value for value in values], color=color, height=0.7)
            axes.bar_label(placed, [words.number(value) for value in values], padding=4)
            axes.set_title(words.label(figure.columns[sex]), fontsize=10, color=INK)
            axes.xaxis.set_visible(False)
            axes.margins(x=0.25)
            quiet(axes)

    return drawn(0.8 + BAR * len(AGES), draw)


def tiles(figure: Figure, words: Words) -> bytes:
    """A tile for each province, darker where more people are covered."""
    counts = {line.about[0]: _shown(line.values[0]) for line in figure.lines}
    most = max((counts.get(code, 0) for code in TILES), default=0) or 1

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_subplot()
        for code, (row, column) in TILES.items():
            value = counts.get(code, 0)
            shade = SHADES((value / most) ** 0.5)
            axes.add_patch(
                FancyBboxPatch((column + 0.05, row + 0.05), 0.9, 0.9, linewidth=0.6,
                               boxstyle="round,pad=0,rounding_size=0.08",
                               facecolor=shade, edgecolor=LINE)
            )  # fmt: skip
            ink = "white" if (value / most) ** 0.5 > 0.62 else INK  # noqa: PLR2004 # where white reads better
            axes.text(column + 0.5, row + 0.4, _broken(words.label(code)), ha="center",
                      va="center", fontsize=7.4, color=ink)  # fmt: skip
            axes.text(column + 0.5, row + 0.78, words.number(value), ha="center", va="center",
                      fontsize=8.4, color=ink)  # fmt: skip
        axes.set_xlim(0, 6)
        axes.set_ylim(7, 0)
        axes.set_aspect("equal")
        axes.set_axis_off()

    return drawn(7.2, draw)


def matrix(figure: Figure, words: Words) -> bytes:
    """Persons of two schemes each, darker where more."""
    values = np.array([[_shown(value) for value in line.values] for line in figure.lines])

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_subplot()
        relative = np.sqrt(values / max(values.max(), 1))
        axes.imshow(relative, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
        for (row, column), value in np.ndenumerate(values):
            ink = "white" if relative[row, column] > 0.62 else INK  # noqa: PLR2004 # as above
            axes.text(column, row, words.number(value), ha="center", va="center", color=ink)
        names = [words.label(code) for code in figure.columns]
        axes.set_xticks(range(len(names)), names, rotation=20, ha="right")
        axes.set_yticks(range(len(names)), names)
        quiet(axes)

    return drawn(1.0 + 0.5 * len(figure.columns), draw)


def upset(figure: Figure, words: Words) -> bytes:
    """Combinations as bars above dots that say of which schemes (Lex et al., UpSet, 2014)."""
    shown = figure.lines[:MOST_COMBINATIONS]
    combinations = [tuple(line.about[0].split("+")) for line in shown]
    schemes = sorted({scheme for combination in combinations for scheme in combination})

    def draw(canvas: Canvas) -> None:
        sizes, dots = canvas.subplots(2, 1, sharex=True, height_ratios=(2, len(schemes) * 0.35))
        values = [_shown(line.values[0]) for line in shown]
        placed = sizes.bar(range(len(shown)), values, color=ACCENT, width=0.62)
        sizes.bar_label(placed, [words.number(value) for value in values], padding=3, fontsize=8)
        sizes.yaxis.set_visible(False)
        quiet(sizes)
        _dots(dots, combinations, schemes)
        dots.set_yticks(range(len(schemes)), [words.label(scheme) for scheme in schemes])
        dots.xaxis.set_visible(False)
        quiet(dots)

    return drawn(2.4 + 0.3 * len(schemes), draw)


def _dots(axes: Axes, combinations: Sequence[Sequence[str]], schemes: Sequence[str]) -> None:
    for column, combination in enumerate(combinations):
        rows = [schemes.index(scheme) for scheme in combination]
        axes.scatter([column] * len(schemes), range(len(schemes)), color=LINE, s=34)
        axes.plot([column] * len(rows), rows, color=ACCENT, linewidth=2, marker="o", markersize=6)
    axes.set_ylim(len(schemes) - 0.4, -0.6)


def months(figure: Figure, words: Words) -> bytes:
    """A row of bars for each thing that happened, month by month."""
    lines = figure.lines[-MOST_MONTHS:]

    def draw(canvas: Canvas) -> None:
        rows = canvas.subplots(len(figure.columns), 1, sharex=True, squeeze=False)[:, 0]
        for at, (axes, column) in enumerate(zip(rows, figure.columns, strict=True)):
            values = [_shown(line.values[at]) for line in lines]
            placed = axes.bar(range(len(lines)), values, color=ACCENT, width=0.7)
            axes.bar_label(placed, [words.number(value) for value in values], padding=2, fontsize=7)
            axes.set_title(words.label(column), loc="left", fontsize=9, color=INK)
            axes.yaxis.set_visible(False)
            axes.margins(y=0.25)
            axes.set_xlim(-0.6, max(len(lines), FEWEST_MONTHS) - 0.4)
            quiet(axes)
        names = [words.label(line.about[0]) for line in lines]
        rows[-1].set_xticks(range(len(lines)), names, rotation=35, ha="right", fontsize=8)

    return drawn(0.8 + 0.85 * len(figure.columns), draw)


def stacked(figure: Figure, words: Words) -> bytes:
    """Lines as bars of parts."""
    lines = figure.lines

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_subplot()
        names = [words.label(line.about[0]) for line in lines]
        before = np.zeros(len(lines))
        for at, column in enumerate(figure.columns):
            values = np.array([_shown(line.values[at]) for line in lines])
            axes.barh(names, values, left=before, label=words.label(column), height=0.62,
                      color=SERIES[at % len(SERIES)])  # fmt: skip
            before += values
        for at, whole in enumerate(before):
            axes.annotate(words.number(whole), (whole, at), (4, 0), va="center", color=SOFT,
                          textcoords="offset points")  # fmt: skip
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        axes.margins(x=0.1)
        quiet(axes)
        canvas.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=8)

    return drawn(1.1 + BAR * len(lines) + 0.2 * len(figure.columns) / 3, draw)


def _shown(value: Value) -> float:
    """A value as a length; nothing for what is hidden or not known."""
    return float(value) if isinstance(value, int | float) else 0.0


def _broken(name: str) -> str:
    """A name of two words on two lines."""
    return name.replace(" ", "\n", 1)


PICTURES: Mapping[str, Draw] = MappingProxyType(
    {
        "coverage_by_scheme": bars,
        "coverage_by_province": tiles,
        "coverage_by_sex_and_age": pyramid,
        "overlap": matrix,
        "combinations": upset,
        "links": bars,
        "over_time": months,
        "backlog": stacked,
        "findings": bars,
        "referrals": bars,
    }
)
