"""No text of the pages is missing in either language."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None, "message": None}


def texts() -> set[str | tuple[str, ...]]:
    """Every text that a template or a module of the pages shows."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)  # type: ignore[no-untyped-call] # Babel's
    found = extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=lambda path: "/." not in str(path)
    )
    return {text if isinstance(text, str) else tuple(text) for _, _, text, _, _ in found}


@pytest.fixture(scope="module")
def khmer() -> Catalog:
    source = files("api.pages") / "locale" / "km" / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(source.read_bytes()), locale="km")


def test_every_text_is_translated(khmer: Catalog) -> None:
    shown = texts()
    assert len(shown) > 20
    translated = {tuple(m.id) if m.pluralizable else m.id for m in khmer if m.id and m.string}
    assert not {text for text in shown if text not in translated}


def test_catalogue_holds_nothing_that_is_not_shown(khmer: Catalog) -> None:
    assert {tuple(m.id) if m.pluralizable else m.id for m in khmer if m.id} == texts()


def test_translations_are_sure_and_keep_their_gaps(khmer: Catalog) -> None:
    for one in khmer:
        assert not one.fuzzy or not one.id, one.id
        assert not list(one.check(khmer)), one.id
