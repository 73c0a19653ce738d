"""A small registry, served on loopback, and a real browser that looks at it.

Screenshots of every page are kept in `.screenshots`. Without Chromium the tests are left out,
and say what to install.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from api.app import create_app
from api.one_write import OneWrite
from registry.access import officers
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.database import connect, transaction
from registry.lists import imports
from registry.settings import Settings
from tests.conftest import _create, _drop, _url

PASSWORD = "seven quiet mango boats"
LISTS = ("hef.csv", "disability.csv")
SCREENSHOTS = Path(__file__).parents[2] / ".screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  "wider than its window",
  ...[...document.querySelectorAll("body *")]
    .filter(e => e.closest(".scroll") === null)
    .filter(e => e.getBoundingClientRect().right > innerWidth)
    .map(e => e.outerHTML.slice(0, 200))]"""
"""What makes a page wider than its window; tables in a frame of their own may be."""
WIDTHS = {"narrow": 360, "wide": 1280}
LOCALES = {"km": "km-KH", "en": "en-GB"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are left out, and say so."""
    if CHROMIUM is None:
        missing = pytest.mark.skip(reason="install Chromium: `make browser`, or apt-get install")
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(missing)


@dataclass(frozen=True)
class Served:
    """A registry that answers at an address."""

    url: str
    database_url: str
    home: Path


@pytest.fixture(scope="package")
def served(
    server_url: str, template: str, samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Sample lists, linked, with an officer of each role, served until the tests are over."""
    name = f"{template}_browser"
    _create(server_url, name, template)
    database_url = _url(server_url, name)
    fill(database_url, samples)
    home = tmp_path_factory.mktemp("registry")
    settings = Settings(database_url=database_url, home=home)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings), port=port, log_level="warning", ws="none", http=OneWrite
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    yield Served(f"http://127.0.0.1:{port}", database_url, home)
    server.should_exit = True
    thread.join()
    _drop(server_url, name)


def fill(database_url: str, samples: Path) -> None:
    engine = connect(database_url)
    for name in LISTS:
        imports.parse_file(engine, Path(name).stem, samples / name)
    imports.link(engine)
    now = datetime.now(UTC)
    with transaction(engine) as session:
        for role in Role:
            scheme = "hef" if role == Role.SCHEME_ADMINISTRATOR else None
            new = NewOfficer(
                role.value, "សុខ ដារា", frozenset({role}), scheme, needs_second_factor=False
            )
            officers.add(session, new, now)
            officers.choose_password(session, officers.find(session, role.value), PASSWORD)
        for language in LOCALES:
            new = NewOfficer(f"newcomer-{language}", "Chan Bopha", frozenset({Role.DATA_OFFICER}))
            INITIAL[language] = officers.add(session, new, now) or ""
    engine.dispose()


INITIAL: dict[str, str] = {}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Open for this package alone: its event loop suffers no other beside it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Visitor:
    """Somebody in front of a browser, in one language."""

    def __init__(self, page: Page, served: Served, language: str) -> None:
        self.page = page
        self.served = served
        self.language = language
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "status of 4" not in said.text:
            self.complaints.append(said.text)

    def go(self, path: str) -> None:
        self.page.goto(self.served.url + path)

    def sign_in(self, role: Role) -> None:
        self.go("/sign-in")
        self.page.fill("#login", role.value)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url("**/")

    def look(self, name: str) -> None:
        """Keep the page as it looks, narrow and wide, and let axe find what is wrong with it."""
        folder = SCREENSHOTS / self.language
        folder.mkdir(parents=True, exist_ok=True)
        for size, width in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": 800})
            assert not self.page.evaluate(WIDER), (name, size)
            self.page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
            found = Axe().run(self.page)
            assert found.violations_count == 0, found.generate_report()
        assert self.page.locator("script:not([defer])").count() == 0, "paint waits for a script"
        assert self.page.get_attribute("html", "lang") == self.language
        assert not self.complaints, self.complaints
        weight = self.page.evaluate(
            "performance.getEntries().filter(e => !e.name.endsWith('.woff2'))"
            ".reduce((sum, e) => sum + (e.encodedBodySize || 0), 0)"
        )
        assert weight < 150_000, (name, weight)


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open a browser of its own: in a language, with or without scripts."""
    contexts = []

    def opened(language: str = "en", *, scripts: bool = True) -> Visitor:
        context = browser.new_context(locale=LOCALES[language], java_script_enabled=scripts)
        context.set_default_timeout(60_000)
        contexts.append(context)
        return Visitor(context.new_page(), served, language)

    yield opened
    for context in contexts:
        context.close()
