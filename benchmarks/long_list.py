"""The page of a long list while it is taken: whether it tells the truth, and how quickly.

    python -m benchmarks.long_list --rows 1000000 FOLDER

FOLDER holds `hef.csv`, whose rows are repeated under other numbers. The list is sent over HTTP as
an administrator's browser sends it, taken by `registry worker`, and its page opened every two
seconds till the list is linked. Each time the page is held against the database, which is asked
just before and just after it: what the page says must lie between.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
from sqlalchemy import Engine, text

from benchmarks import serving
from benchmarks.ingestion import _csv
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer

ADMINISTRATOR = "sokha"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
TOLD = re.compile(r'data-progress="(\w+)"[^>]*>([^<]*)<')
COUNTS = ("rows_read", "rows_accepted", "rows_rejected")
EVERY = 2.0
PATIENCE = 3600.0
TENTHS = 10

_KEPT = """
SELECT coalesce(sum(rows_read), 0) AS rows_read,
  coalesce(sum(rows_accepted), 0) AS rows_accepted,
  coalesce(sum(rows_rejected), 0) AS rows_rejected
FROM batch_chunk WHERE batch_id = :batch
"""
_IN_THE_END = """
SELECT (SELECT count(*) FROM record_version WHERE batch_id = :batch) AS rows_accepted,
  (SELECT count(*) FROM rejected_row WHERE batch_id = :batch) AS rows_rejected,
  (SELECT count(*) FROM record_version v JOIN link l ON l.record_id = v.record_id
   AND l.superseded_at IS NULL WHERE v.batch_id = :batch) AS records_linked
"""


@dataclass(frozen=True)
class Look:
    """What the page said at a moment, in seconds since the list was sent, and what it took."""

    at: float
    took: float
    told: Mapping[str, str]

    def count(self, name: str) -> int:
        """One of its figures; 0 while it shows none."""
        return int(self.told.get(name, "0").replace(",", "").replace("–", "0"))


def main() -> None:
    """Send a list, watch its page, and print what it said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        server = EmbeddedServer.at(home / "home")
        url = server.start()
        engine = connect(url)
        upgrade(engine)
        try:
            _, path = _csv(given.folder, home, given.rows)
            known = serving.environment(url, home)
            worker = (*serving.REGISTRY, "worker")
            with serving.served(known) as port, serving.running(worker, known):
                _report(watch(engine, serving.address(port), path), given.rows)
        finally:
            engine.dispose()
            server.destroy()


def watch(engine: Engine, base: str, path: Path) -> list[Look]:
    """Send a list as a browser does, and look at its page until it is linked."""
    http = httpx.Client(
        base_url=base,
        timeout=120,
        headers={"accept-language": "en"},
        cookies={"registry_session": _token(engine)},
    )
    started = time.perf_counter()
    with path.open("rb") as file:
        form = {"form_token": _one(TOKEN, http.get("/lists").text), "mode": "delta"}
        sent = http.post("/lists", data=form, files={"file": (path.name, file, "text/csv")})
    page = sent.headers["location"]
    print(f"sent in {time.perf_counter() - started:.1f} s", flush=True)
    draft = http.get(page)
    print(f"draft shown in {draft.elapsed.total_seconds():.2f} s", flush=True)
    http.post(f"{page}/submit", data={"form_token": _one(TOKEN, draft.text)})
    batch, started = int(page.rsplit("/", 1)[1]), time.perf_counter()
    looks: list[Look] = []
    while time.perf_counter() - started < PATIENCE:
        before = _asked(engine, _KEPT, batch)
        look = _look(http, page, started)
        after = _asked(engine, _KEPT, batch)
        _hold(look, before, after, looks[-1] if looks else None)
        looks.append(look)
        if "step_0" not in look.told:
            _hold_the_end(look, _asked(engine, _IN_THE_END, batch))
            return looks
        time.sleep(EVERY)
    raise SystemExit(f"The list was not linked within {PATIENCE:.0f} s.")


def _look(http: httpx.Client, page: str, started: float) -> Look:
    begun = time.perf_counter()
    shown = http.get(page).raise_for_status()
    ended = time.perf_counter()
    return Look(ended - started, ended - begun, dict(TOLD.findall(shown.text)))


def _hold(
    look: Look, before: Mapping[str, int], after: Mapping[str, int], last: Look | None
) -> None:
    """See that a page says what is kept, and never less than it said before."""
    for name in COUNTS:
        if not before[name] <= look.count(name) <= after[name]:
            raise SystemExit(f"{name}: {before[name]} to {after[name]} are kept; {look.told}")
        if last is not None and look.count(name) < last.count(name):
            raise SystemExit(f"{name} went back from {last.told} to {look.told}")
    if look.count("rows_read") != look.count("rows_accepted") + look.count("rows_rejected"):
        raise SystemExit(f"The rows do not sum up: {look.told}")


def _hold_the_end(look: Look, kept: Mapping[str, int]) -> None:
    """See that the last page says what stands in the tables of records, rows and links."""
    for name, count in kept.items():
        if look.count(name) != count:
            raise SystemExit(f"{name}: {count} stand there; {look.told}")


def _report(looks: list[Look], rows: int) -> None:
    took = np.array([look.took for look in looks]) * 1e3
    middle, high, most = np.quantile(took, (0.5, 0.95, 1.0))
    whole = looks[-1].at
    print(f"\n{rows:,} rows, linked after {whole:.0f} s; the page was opened {len(looks)} times: ")
    print(f"p50 {middle:.0f} ms, p95 {high:.0f} ms, most {most:.0f} ms\n")
    print("| after s | really left s | time left, as told | read | taken | rejected | step |")
    print("| ---: | ---: | --- | ---: | ---: | ---: | --- |")
    for part in range(TENTHS + 1):
        look = min(looks, key=lambda one: abs(one.at - whole * part / TENTHS))
        told = look.told
        steps = [told.get(f"step_{number}", "done") for number in range(3)]
        now = next((at + 1 for at, step in enumerate(steps) if step != "done"), "linked")
        print(
            f"| {look.at:.0f} | {whole - look.at:.0f} | {told.get('left', '')} "
            f"| {told['rows_read']} | {told['rows_accepted']} | {told['rows_rejected']} | {now} |"
        )


def _asked(engine: Engine, query: str, batch: int) -> dict[str, int]:
    with transaction(engine) as session:
        row = session.execute(text(query), {"batch": batch}).one()
        return {name: int(value) for name, value in row._mapping.items()}  # noqa: SLF001 - its API


def _one(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise SystemExit(f"The page has no {pattern.pattern}.")
    return found[1]


def _token(engine: Engine) -> str:
    now = datetime.now(UTC)
    with transaction(engine) as session:
        roles = frozenset({Role.SCHEME_ADMINISTRATOR})
        officers.add(session, NewOfficer(ADMINISTRATOR, ADMINISTRATOR, roles, "hef"), now)
        officer = officers.find(session, ADMINISTRATOR)
        return web_sessions.open_session(session, officer, Stage.SIGNED_IN, now).token


if __name__ == "__main__":
    main()
