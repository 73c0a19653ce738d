"""The provinces as equal tiles, each about where it lies: a map that favours no large one.

The empty tile in the middle is the Tonle Sap.
"""

from collections.abc import Mapping
from types import MappingProxyType

TILES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "22": (0, 2), "13": (0, 3), "19": (0, 4), "16": (0, 5),
        "01": (1, 1), "17": (1, 2), "06": (1, 3), "10": (1, 4), "11": (1, 5),
        "24": (2, 0), "02": (2, 1), "03": (2, 3), "25": (2, 4),
        "15": (3, 1), "04": (3, 2), "12": (3, 3), "14": (3, 4),
        "09": (4, 1), "05": (4, 2), "08": (4, 3), "20": (4, 4),
        "18": (5, 1), "07": (5, 2), "21": (5, 3),
        "23": (6, 2),
    }
)  # fmt: skip
"""Official code of a province → row and column of its tile."""
