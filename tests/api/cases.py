"""How many requests are generated: a few, or with `REGISTRY_CASES=30` so many of each kind.

What came of them is told at the end of the run (`tests/api/conftest.py`).
"""

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, settings

CASES = int(os.environ.get("REGISTRY_CASES", "0"))
ANSWERS: Counter[tuple[str, int]] = Counter()
"""How many requests of each door had an answer of each hundred."""


def brief(usual: int) -> settings:
    """Settings for so many requests, always the same; more, and others each time, when asked."""
    return settings(
        max_examples=CASES or usual, deadline=None, database=None, derandomize=not CASES,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def note(door: str, status: int) -> None:
    """Note an answer."""
    ANSWERS[door, status // 100] += 1
