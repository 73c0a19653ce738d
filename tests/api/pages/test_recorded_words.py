"""What the audit recorded is read in Khmer too."""

import re
from pathlib import Path

import pytest

from api.pages.languages import ENGLISH, KHMER
from api.pages.recorded_words import ACTIONS, told

ROOT = Path(__file__).parents[3]
ACTION = re.compile(r'(?:_record\(session|_find\(session, sp_id|Access\([\w.]+), "([a-z ]+)"')


def test_every_action_that_is_recorded_is_known() -> None:
    sources = [*(ROOT / "registry").rglob("*.py"), *(ROOT / "api" / "pages").rglob("*.py")]
    found = {word for source in sources for word in ACTION.findall(source.read_text("utf-8"))}
    assert len(found) > 15
    assert found <= ACTIONS


@pytest.mark.parametrize(
    ("recorded", "khmer"),
    [
        ("5 unknown", "មិនដឹង ៥"),
        ("review 12", "ការពិនិត្យ ១២"),
        ("1 covered, 2 unknown", "មានការគាំពារ ១, មិនដឹង ២"),
        ("<b>", '<span lang="en">&lt;b&gt;</span>'),
    ],
)
def test_counts_and_numbers_are_told(recorded: str, khmer: str) -> None:
    assert told(recorded, KHMER) == khmer
    assert told("1 not_covered", ENGLISH) == "1 not covered"
