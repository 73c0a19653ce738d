"""QR codes as pictures within a page."""

import re
from typing import Final

import segno
from markupsafe import Markup

_FOURS: Final = re.compile("(....)(?=.)")


def of_phone(address: str) -> Markup:
    """What a phone is told when it is enrolled."""
    drawn = segno.make(address, micro=False, error="m").svg_inline(
        scale=5, svgclass="code-picture", lineclass=None, omitsize=True, unit=None
    )
    return Markup(drawn)  # noqa: S704 - a picture that segno drew


def spaced(secret: str) -> str:
    """A secret in groups of four, to be typed by hand."""
    return _FOURS.sub(r"\1 ", secret)
