"""What the registry refuses, it refuses in Khmer too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.pages.languages import ENGLISH, KHMER
from api.pages.refusal_words import told
from registry.tables.kinds import ADVICE, FOREIGN

REGISTRY = Path(__file__).parents[3] / "registry"
MODULES = (
    *sorted((REGISTRY / "tables").glob("*.py")),
    *(REGISTRY / "lists" / name for name in ("uploads.py", "batch_files.py", "opening_lists.py")),
    *(REGISTRY / "access" / name for name in ("officers.py", "principals.py")),
)
RAISED = {"UnreadableFile", "UnknownEncoding", "WrongHeadings", "Refusal"}
OF_ACCOUNTS = {"Conflict", "RegistryError"}
NAMES = {"ADVICE": ADVICE}
HEADINGS = (
    "No column of the file is headed as the record number (as patient no) or a name "
    "(as គោត្តនាម និងនាម) of hef. Check the first row of headings and send the list again."
)
LIKE_ANOTHER = "It looks like a list of hef: send it for that scheme."


def sentences() -> Iterator[str]:
    """Every refusal that the sources write, its gaps filled."""
    for module in MODULES:
        raised = RAISED | (OF_ACCOUNTS if module.parent.name == "access" else set())
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            is_raised = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in raised
                and node.args
            )
            if is_raised and isinstance(node.args[0], ast.JoinedStr | ast.Constant):  # type: ignore[attr-defined] # a call
                yield filled(node.args[0])  # type: ignore[attr-defined] # as above
            if isinstance(node, ast.Assign) and isinstance(
                node.value, ast.JoinedStr | ast.Constant
            ):
                text = filled(node.value)
                if text.endswith(".") and " " in text and text[0].isupper():
                    yield text


def filled(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else gap(part) for part in node.values
    )


def gap(part: ast.expr) -> str:
    assert isinstance(part, ast.FormattedValue)
    name = part.value.id if isinstance(part.value, ast.Name) else ""
    return NAMES.get(name, "17" if name != "message" else "Line 17 is not UTF-8 text.")


def test_every_refusal_of_a_file_or_an_account_has_a_khmer_form() -> None:
    found = set(sentences())
    assert len(found) > 25
    assert not {text for text in found if "<span" in told(text, KHMER)}


@pytest.mark.parametrize(
    "reason",
    [
        HEADINGS,
        "No column of the file is headed as a name (as ឈ្មោះ) of nssf. " + LIKE_ANOTHER,
        "The file is a PDF document, not a list. " + ADVICE,
    ],
)
def test_sentences_are_told_one_after_the_other(reason: str) -> None:
    said = told(reason, KHMER)
    assert "<span" not in said
    assert said.count("។") >= 2
    assert told(reason, ENGLISH) == reason


def test_what_is_not_known_stays_english_and_says_so() -> None:
    said = told("The file is empty. A <b>new</b> reason.", KHMER)
    assert said.endswith('<span lang="en">A &lt;b&gt;new&lt;/b&gt; reason.</span>')
    assert not said.startswith("<span")


def test_every_kind_of_foreign_file_is_named() -> None:
    assert all(
        "<span" not in told(f"The file is {what}, not a list.", KHMER) for _, what in FOREIGN
    )
