"""Administrators send a list, look at it, and watch it be taken; with scripts and without."""

import threading
from pathlib import Path

import pytest

from registry.access.roles import Role
from registry.database import connect
from registry.jobs import Work, work
from registry.lists.imports import Terms
from registry.lists.reading import Pace
from tests.browser.conftest import LOCALES, Served, Visit, Visitor
from tests.registry.small_lists import DARA, NAMELESS, SOKHA, hef


def worker_of(served: Served) -> threading.Thread:
    """A worker that takes what is queued, beside the browser's own loop."""

    def take() -> None:
        engine = connect(served.database_url)
        work(engine, Work(Terms(pace=Pace(1)), until_idle=True))
        engine.dispose()

    thread = threading.Thread(target=take)
    thread.start()
    return thread


def send(visitor: Visitor, path: Path) -> None:
    visitor.sign_in(Role.SCHEME_ADMINISTRATOR)
    visitor.go("/lists")
    visitor.page.set_input_files("#file", path)
    visitor.page.click("main form[action='/lists'] button")
    visitor.page.wait_for_selector("#rows")


@pytest.mark.parametrize("language", LOCALES)
def test_list_is_sent_looked_at_and_watched(
    visit: Visit, served: Served, language: str, tmp_path: Path
) -> None:
    visitor = visit(language)
    page = visitor.page
    send(visitor, hef(tmp_path, [(f"{language}-1", *SOKHA[1:]), NAMELESS], f"{language}.csv"))
    visitor.look("list-draft")
    page.click("a[href$='/check']")
    page.wait_for_selector("#tried")
    visitor.look("list-checked")
    page.click("form[action$='/submit'] button")
    page.wait_for_selector("progress")
    visitor.look("list-progress")
    page.reload()
    assert page.locator(".steps strong").count() == 3
    second = page.context.new_page()
    second.goto(page.url)
    worker = worker_of(served)
    for tab in (page, second):
        tab.wait_for_selector("a[href$='rows=all']", timeout=180_000)
        assert tab.locator("progress").count() == 0
    worker.join()
    visitor.look("list-result")
    visitor.go("/lists")
    visitor.look("lists")


def test_all_works_without_scripts(visit: Visit, served: Served, tmp_path: Path) -> None:
    visitor = visit("en", scripts=False)
    page = visitor.page
    send(visitor, hef(tmp_path, [DARA], "plain.csv"))
    page.click("form[action$='/submit'] button")
    page.wait_for_selector("progress")
    worker_of(served).join()
    page.click("a:text('Show how far it is now')")
    page.wait_for_selector("a[href$='rows=all']")
