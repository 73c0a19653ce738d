"""Drawing to SVG: one typeface for both scripts, one palette, the same picture every time.

Text is drawn as outlines, so that a picture looks the same where no Khmer typeface is installed;
what a picture says stands beside it as a table.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

import fontpkg_noto_sans_khmer
import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas

ACCENT: Final = "#0b5c55"
SECOND: Final = "#c2701c"
INK: Final = "#17211f"
SOFT: Final = "#4c5a57"
LINE: Final = "#cbd3d0"
SERIES: Final = (ACCENT, SECOND, "#4f7cac", "#8a5a83", "#7a8b2a", "#b04a4a", "#3c3c3c", "#9aa5a2")
SHADES: Final = LinearSegmentedColormap.from_list("shades", ["#eef5f3", "#7fb8b0", ACCENT])
WIDTH: Final = 7.6
"""Inches; a picture is shown as wide as its column."""
_TYPEFACE: Final = next((Path(fontpkg_noto_sans_khmer.__file__).parent / "files").glob("*.ttf"))
_TOO_FINE: Final = re.compile(rb"\b([1-9]\d*\.\d\d)\d+")
"""Decimals of lengths that nobody sees; factors below 1 are left as they are."""
_drawing: Final = Lock()

font_manager.fontManager.addfont(_TYPEFACE)
mpl.rcParams.update(
    {
        "font.family": ["DejaVu Sans", "Noto Sans Khmer"],
        "font.size": 9,
        "text.color": INK,
        "axes.labelcolor": SOFT,
        "axes.edgecolor": LINE,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "registry",
    }
)


def drawn(height: float, draw: Callable[[Canvas], None]) -> bytes:
    """A picture of some inches height, as SVG."""
    with _drawing:
        canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
        FigureCanvasSVG(canvas)
        draw(canvas)
        written = io.BytesIO()
        canvas.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return _TOO_FINE.sub(rb"\1", written.getvalue())


def quiet(axes: Axes) -> None:
    """Leave out the frame and the marks that say nothing."""
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
