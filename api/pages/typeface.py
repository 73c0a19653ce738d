"""The Khmer typeface of the pages: a subset of Noto Sans Khmer, made once an installation.

The package's file holds every width and weight. What the pages use is kept: Khmer letters, digits
and symbols, normal width, the weights between regular and bold, and all that shapes a syllable.
"""

from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

import fontpkg_noto_sans_khmer as package
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

NAME: Final = "noto-sans-khmer-2.4-1.woff2"
"""Grows with the package and with the choice below, since browsers keep the file for a year."""
WEIGHTS: Final = (400, 700)
_JOINERS: Final = (0x200B, 0x200C, 0x200D)
_LETTERS: Final = (0x20, 0xA0, *range(0x1780, 0x1800), *range(0x19E0, 0x1A00), *_JOINERS, 0x25CC)
_making: Final = Lock()


def typeface(home: Path) -> Path:
    """The file of the typeface among the installation's own; made when it is not there yet."""
    path = home / "fonts" / NAME
    with _making:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            draft.write_bytes(_made())
            draft.replace(path)
    return path


def _made() -> bytes:
    [source] = (Path(package.ROOT) / "files").glob("*.ttf")
    options = Options()
    options.layout_features = ["*"]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_LETTERS)
    with TTFont(source) as font:
        subsetter.subset(font)
        smaller = BytesIO()
        font.save(smaller)
    smaller.seek(0)
    with instantiateVariableFont(TTFont(smaller), {"wdth": 100, "wght": WEIGHTS}) as font:
        font.flavor = "woff2"
        packed = BytesIO()
        font.save(packed)
    return packed.getvalue()
