"""Pictures of a model and of its judgement, as SVG text."""

from collections.abc import Iterable
from math import log2
from xml.sax.saxutils import escape

from linkage.explanation import Explanation
from linkage.model import TrainedModel

ROW = 24
LABELS = 330
BARS = 360
GREEN, RED, GREY = "#2a7d4f", "#b3423a", "#6b7280"

Bar = tuple[str, float, float, str]


def waterfall(explanation: Explanation) -> str:
    """Draw how a match weight comes about: from the prior, by each comparison, to the weight."""
    bars: list[Bar] = [("prior", 0.0, explanation.prior, GREY)]
    at = explanation.prior
    for one in explanation.contributions:
        values = f"{one.left or '–'} / {one.right or '–'}"
        colour = GREEN if one.weight >= 0 else RED
        bars.append((f"{one.field}: {values} ({one.level})", at, at + one.weight, colour))
        at += one.weight
    bars.append(("match weight", 0.0, at, GREY))
    return _picture(bars)


def levels(trained: TrainedModel) -> str:
    """Draw what each level of each comparison is worth, in bits."""
    return _picture(
        [
            (f"{field}: {label}", 0.0, bits, GREEN if bits >= 0 else RED)
            for field, label, _, _, bits, _, _ in table(trained)
        ]
    )


def convergence(trained: TrainedModel) -> str:
    """Draw the prior after each round of EM."""
    return _picture(
        [(f"round {number}", 0.0, one.prior, GREY) for number, one in enumerate(trained.rounds)],
        form="{:.3g}",
    )


def table(trained: TrainedModel) -> list[tuple[str, str, float, float, float, float, float]]:
    """What a model learned: field, level, m, u, weight in bits, matches and pairs it rests on."""
    return [
        (comparison.field, label, m, u, log2(m / u), seen_m, seen_u)
        for c, comparison in enumerate(trained.model.comparisons)
        for label, m, u, seen_m, seen_u in zip(
            comparison.labels, trained.m[c], trained.u[c], trained.seen_m[c], trained.seen_u[c],
            strict=True,
        )
    ]  # fmt: skip


def _picture(bars: list[Bar], form: str = "{:+.1f}") -> str:
    low = min(0.0, *(min(start, end) for _, start, end, _ in bars))
    high = max(0.0, *(max(start, end) for _, start, end, _ in bars))
    scale = BARS / ((high - low) or 1.0)
    lines = [_bar(number, bar, (low, scale), form) for number, bar in enumerate(bars)]
    width, height = LABELS + BARS + 60, ROW * len(bars) + 8
    return _svg(lines, f"0 0 {width} {height}")


def _bar(number: int, bar: Bar, axis: tuple[float, float], form: str) -> str:
    label, start, end, colour = bar
    low, scale = axis
    left = LABELS + (min(start, end) - low) * scale
    width = max(abs(end - start) * scale, 1.0)
    top = number * ROW + 4
    shown = form.format(end - start)
    return (
        f'<text x="{LABELS - 8}" y="{top + 14}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 6}" fill="{colour}"/>'
        f'<text x="{left + width + 4:.1f}" y="{top + 14}">{shown}</text>'
    )


def _svg(lines: Iterable[str], view: str) -> str:
    style = 'font-family="sans-serif" font-size="12"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {style}>{"".join(lines)}</svg>'
    )
