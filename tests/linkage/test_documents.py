"""The examples of the library's documents, as they stand there."""

import doctest
from pathlib import Path

import pytest

DOCUMENTS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["names.md", "linkage.md"])
def test_examples_of_the_document(name: str) -> None:
    text = (DOCUMENTS / name).read_text("utf-8").replace("```", "\n")
    examples = doctest.DocTestParser().get_doctest(text, {}, name, str(DOCUMENTS / name), 0)
    done = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples)
    assert done.attempted > 20
    assert done.failed == 0
