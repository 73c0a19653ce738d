"""Officers decide: by keys, by buttons, without scripts."""

import pytest
from sqlalchemy import create_engine, text

from registry.access.roles import Role
from tests.browser.conftest import LOCALES, Visit, Visitor


def begin(visitor: Visitor) -> str:
    """Sign in, take the first pair; its address."""
    visitor.sign_in(Role.DATA_OFFICER)
    visitor.go("/reviews")
    button = visitor.page.locator("main form[action='/reviews/next'] button")
    assert button.evaluate("one => one === document.activeElement"), "one key press is enough"
    button.press("Enter")
    visitor.page.wait_for_selector("table.pair")
    return visitor.page.url


@pytest.mark.parametrize("language", LOCALES)
def test_pair_is_shown_with_all_that_decides(visit: Visit, language: str) -> None:
    visitor = visit(language)
    begin(visitor)
    assert visitor.page.locator(".worth").count() > 2
    for summary in visitor.page.locator("details > summary").all():
        summary.click()
    visitor.look("review-pair")
    visitor.page.click("button[value=different]")
    visitor.page.wait_for_selector(".last")
    visitor.go("/reviews/said")
    visitor.look("said")
    visitor.page.click("form[action$='/undo'] button >> nth=0")
    visitor.page.wait_for_selector("table.pair")
    visitor.page.click("form[action$='/release'] button")
    visitor.page.wait_for_url("**/reviews")
    visitor.look("reviews")


def test_keys_decide_undo_and_help(visit: Visit) -> None:
    visitor = visit("en")
    first = begin(visitor)
    page = visitor.page
    page.keyboard.press("h")
    assert page.locator("#help[open]").count() == 1
    page.keyboard.press("1")
    page.wait_for_timeout(600)
    assert page.url == first, "a key is not heard while the page is new"
    page.keyboard.press("2")
    page.wait_for_url(lambda url: url != first)
    second = page.url
    page.wait_for_timeout(600)
    page.keyboard.press("3")
    assert page.evaluate("document.activeElement.id") == "note"
    page.keyboard.type("1 z 2: the list is hard to read")
    assert page.url == second, "keys rest while somebody writes"
    page.keyboard.press("Escape")
    page.locator("#note").blur()
    page.keyboard.press("3")
    page.wait_for_url(lambda url: url != second)
    page.wait_for_timeout(600)
    third = page.url
    page.keyboard.press("z")
    page.wait_for_url(lambda url: url != third)
    page.wait_for_selector("table.pair")
    visitor.go("/reviews/said")
    assert "undone" in page.inner_text("tbody tr >> nth=0")


def test_claim_is_held_by_the_script_and_its_loss_is_said(visit: Visit) -> None:
    visitor = visit("en")
    address = begin(visitor)
    page = visitor.page
    page.evaluate("hold(document.querySelector('form[data-renew]'))")
    assert page.locator("[data-lost]").is_hidden()
    assert page.locator("[data-until]").inner_text().count(":") == 1
    other = page.context.new_page()
    other.goto(address)
    other.click("form[action$='/release'] button")
    page.evaluate("hold(document.querySelector('form[data-renew]'))")
    page.locator("[data-lost]").wait_for(state="visible")


def test_doubt_needs_a_note_and_all_works_without_scripts(visit: Visit) -> None:
    visitor = visit("en", scripts=False)
    first = begin(visitor)
    page = visitor.page
    page.click("button[value=unsure]")
    page.wait_for_selector("#note-wrong")
    page.fill("#note", "two spellings")
    page.click("button[value=unsure]")
    page.wait_for_selector(".last")
    assert page.url != first
    page.click(".last button")
    page.wait_for_selector("table.pair")
    page.click("form[action$='/renew'] button")
    page.wait_for_selector("table.pair")


def test_words_and_their_undoing_are_in_the_audit(visit: Visit) -> None:
    visitor = visit("en", scripts=False)
    number = begin(visitor).rsplit("/", 1)[1]
    visitor.page.click("button[value=different]")
    visitor.page.wait_for_selector(".last")
    visitor.page.click(".last button")
    visitor.page.wait_for_selector("table.pair")
    engine = create_engine(visitor.served.database_url)
    with engine.connect() as connection:
        newest = connection.execute(
            text("SELECT action, purpose, cardinality(persons) FROM audit_entry"
                 " WHERE action LIKE '%on a review' ORDER BY id DESC LIMIT 2")
        ).all()  # fmt: skip
    engine.dispose()
    (undone, why, touched), (said, purpose, persons) = newest
    assert (said, purpose) == ("say different on a review", f"review {number}")
    assert (undone, why) == ("take back a word on a review", "own word")
    assert persons >= 1
    assert touched >= 1
