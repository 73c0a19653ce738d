"""Memory that is free goes back to the system."""

import subprocess
import sys
from typing import Final

import pytest

_HELD: Final = """
import sys
import psutil
from linkage.free_memory import keep_little

if sys.argv[1] == "little":
    keep_little()
process, large = psutil.Process(), 8 << 20
bytes(large)
before = process.memory_info().rss
held, small = [], []
for _ in range(8):
    held.append(bytearray(b"x") * large)
    small.append(bytearray(b"x") * 10_000)
held.clear()
print(process.memory_info().rss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another C library")
def test_what_is_large_goes_back_when_it_is_free_whatever_small_lies_between() -> None:
    as_ever, little = (
        int(subprocess.check_output([sys.executable, "-c", _HELD, how], text=True))  # noqa: S603 - our own text
        for how in ("as ever", "little")
    )
    assert little < 8 << 20 < as_ever
