"""What is told at the end of a run with many generated requests."""

import pytest

from tests.api.cases import ANSWERS, CASES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many requests were generated, by door and by the hundred of the answer."""
    if not CASES:
        return
    for (door, hundred), count in sorted(ANSWERS.items()):
        terminalreporter.write_line(f"{door}: {count:,} answers of {hundred}xx")
    terminalreporter.write_line(f"{sum(ANSWERS.values()):,} generated requests")
