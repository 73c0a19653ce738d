"""How long it takes to verify the audit, and whether one changed letter is found.

    python -m benchmarks.audit --fill 1000000 FOLDER
    python -m benchmarks.audit FOLDER

The entries are appended by the database's own function, by which the API appends, in a registry of
its own that stays in the folder.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, text

from registry.auditing import audit_chain
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer

TOGETHER = 5_000
_APPEND = f"""
SELECT count(audit_append(e.at, e.actor, e.for_whom, e.action, e.which, e.purpose, e.persons,
  e.outcome, e.door, e.address, encode(sha256(convert_to({audit_chain.PACKED}, 'UTF8')), 'hex')))
FROM (
  SELECT now() + number * interval '1 millisecond' AS at, 'clinic ' || number % 300 AS actor,
    'facility ' || number % 900 AS for_whom, 'ask eligibility' AS action, '{{}}'::text[] AS which,
    'treatment' AS purpose, ARRAY[number] AS persons, '1 covered' AS outcome, 'api' AS door,
    '10.0.' || number % 200 || '.7' AS address
  FROM generate_series(CAST(:start AS bigint), CAST(:stop AS bigint)) AS number) e
"""  # noqa: S608 - made of the names of our own columns
_SPOIL = """
UPDATE audit_entry SET outcome = '1 coverEd'
WHERE id = (SELECT id FROM audit_entry ORDER BY id OFFSET :place LIMIT 1)
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, or verify and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="home of the registry that is verified")
    parser.add_argument("--fill", type=int, default=0, help="append so many entries, no more")
    chosen = parser.parse_args(arguments)
    engine = connect(EmbeddedServer.at(chosen.folder).start())
    if chosen.fill:
        _fill(engine, chosen.fill)
    else:
        _measure(engine)


def _fill(engine: Engine, entries: int) -> None:
    upgrade(engine)
    for start in range(1, entries + 1, TOGETHER):
        with transaction(engine) as session:
            stop = min(start + TOGETHER - 1, entries)
            session.execute(text(_APPEND), {"start": start, "stop": stop})


def _measure(engine: Engine) -> None:
    with transaction(engine) as session:
        started = time.perf_counter()
        found = audit_chain.verify(session)
        seconds = time.perf_counter() - started
    print(f"{found.entries:,} entries in {len(found.heads)} lanes: {seconds:.1f} s, "
          f"{'whole' if found.is_whole else found.breaks}")  # fmt: skip
    with transaction(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(_SPOIL), {"place": found.entries // 3})
        breaks = audit_chain.verify(session).breaks
        print(f"one letter changed: {[each.what for each in breaks]}")
        session.rollback()


if __name__ == "__main__":
    main()
