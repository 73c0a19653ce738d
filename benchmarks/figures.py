"""Speed of the figures' page on a registry of many persons, also while they are counted anew.

    python -m benchmarks.figures --persons 1000000 --asked 200

The registry is filled by COPY and served by `registry serve`; a viewer asks for the page in Khmer
and English by turns, and for a picture and a table of it. `--home` keeps a filled registry for
another run.
"""

import argparse
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
from sqlalchemy import Engine, text

from api import browser_sessions
from benchmarks import load_registry, serving
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.indicators import snapshot

PATHS = ("/figures", "/figures/coverage_by_province.svg", "/figures/overlap.csv")
LIMIT_MS = 500.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, count, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--home", type=Path)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="registry-figures-") as folder:
        server = EmbeddedServer.at(chosen.home or Path(folder))
        try:
            url = server.start()
            _prepare(url, chosen.persons)
            if chosen.asked:
                _measure(url, chosen.home or Path(folder), chosen.asked)
        finally:
            if chosen.home is None:
                server.destroy()


def _prepare(url: str, persons: int) -> None:
    engine = connect(url)
    upgrade(engine)
    with transaction(engine) as session:
        if not session.scalar(text("SELECT count(*) FROM person")):
            load_registry.fill(session, persons)
    engine.dispose()


def _measure(url: str, home: Path, asked: int) -> None:
    engine = connect(url)
    token = _viewer(engine)
    print("| step | p50 ms | p95 ms | worst ms |\n|---|---:|---:|---:|")
    took = [_count(engine) for _ in range(3)]
    print(f"| all figures counted | {np.median(took):,.0f} | | {max(took):,.0f} |")
    known = serving.environment(url, home)
    with (
        serving.served(known) as port,
        httpx.Client(base_url=serving.address(port)) as browser,
    ):
        browser.cookies.set(browser_sessions.NAME, token)
        for path in PATHS:
            _ask(browser, path)
        for path in PATHS:
            _line(f"`{path}`", [_ask(browser, path) for _ in range(asked)])
        with _counting(engine):
            times = [_ask(browser, PATHS[0]) for _ in range(asked)]
        _line(f"`{PATHS[0]}` while they are counted", times)
    engine.dispose()


def _line(name: str, times: list[float]) -> None:
    p50, p95 = np.quantile(times, 0.5), np.quantile(times, 0.95)
    print(f"| {name} | {p50:.1f} | {p95:.1f} | {max(times):.1f} |", flush=True)
    if p95 > LIMIT_MS:
        print(f"more than {LIMIT_MS:.0f} ms at the 95th percentile")


def _ask(browser: httpx.Client, path: str) -> float:
    """Milliseconds that a page took."""
    started = time.perf_counter()
    language = ("km", "en")[int(started * 1000) % 2]
    answer = browser.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    took = (time.perf_counter() - started) * 1000
    answer.raise_for_status()
    assert re.search(r"svg|,|<h1>", answer.text[:20_000])
    return took


def _viewer(engine: Engine) -> str:
    """The browser of somebody who may read figures."""
    now = datetime.now(UTC)
    with transaction(engine) as session:
        if officers.by_login(session, "viewer") is None:
            new = NewOfficer(
                "viewer", "Viewer", frozenset({Role.NATIONAL_VIEWER}), has_password=False
            )
            officers.add(session, new, now)
        viewer = officers.find(session, "viewer")
        return web_sessions.open_session(session, viewer, Stage.SIGNED_IN, now).token


def _count(engine: Engine) -> float:
    """Milliseconds that counting everything anew takes."""
    started = time.perf_counter()
    with transaction(engine) as session:
        snapshot.current(session, datetime.now(UTC), timedelta())
    return (time.perf_counter() - started) * 1000


@contextmanager
def _counting(engine: Engine) -> Iterator[None]:
    """Count anew again and again, as the worker does when the figures grow old."""
    done = threading.Event()
    thread = threading.Thread(target=_until, args=(done, lambda: _count(engine)))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _until(done: threading.Event, work: Callable[[], object]) -> None:
    while not done.is_set():
        work()


if __name__ == "__main__":
    main()
