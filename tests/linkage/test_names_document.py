"""The examples of docs/names.md, as they stand there."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "names.md"


def test_examples_of_the_document() -> None:
    text = DOCUMENT.read_text("utf-8").replace("```", "\n")
    examples = doctest.DocTestParser().get_doctest(text, {}, DOCUMENT.name, str(DOCUMENT), 0)
    done = doctest.DocTestRunner().run(examples)
    assert done.attempted > 20
    assert done.failed == 0
