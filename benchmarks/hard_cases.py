"""Those who are easily taken for one person: how many the registry links without an officer.

    python -m benchmarks.orders FOLDER --samples registry/samples/lists
    python -m benchmarks.hard_cases FOLDER --samples registry/samples/lists

Looks into a registry that `benchmarks.orders` has made of the sample lists. Of each kind of pair of
records that are two persons by the truth it counts how many there are, how many are linked without
an officer (there should be none), and how many an officer will see: linked as likely, or waiting.
Of two different national IDs, every pair counts that the lists hold of one person or of one name.
The truth is read only to judge.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import make_url, text

from registry.database import connect
from registry.embedded import EmbeddedServer

DAY = len("1990-05-04")
HEAPED = ("01-01", "01-07", "04-13")
_RECORDS = """
SELECT s.id, s.scheme, s.scheme_record_id, l.person_id, l.kind = 'likely' AS is_likely,
  coalesce(v.name_khmer, v.family_khmer || ' ' || v.given_khmer) AS khmer,
  coalesce(v.name_latin, v.family_latin || ' ' || v.given_latin) AS latin,
  v.birth_date, v.village, v.national_id
FROM link l JOIN source_record s ON s.id = l.record_id
JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
WHERE l.superseded_at IS NULL
"""
_WAITING = """
SELECT left_record_id, right_record_id FROM review WHERE status IN ('open', 'second', 'disputed')
"""


def read(url: str, samples: Path) -> tuple[pd.DataFrame, set[tuple[int, int]]]:
    """The records with who and of which household they really are, and the pairs that wait."""
    engine = connect(url)
    with engine.connect() as connection:
        records = pd.DataFrame(connection.execute(text(_RECORDS)).mappings().all())
        waiting = {(row[0], row[1]) for row in connection.execute(text(_WAITING))}
    engine.dispose()
    truth = pd.read_csv(samples / "truth.csv", dtype=str)
    return records.merge(truth, on=["scheme", "scheme_record_id"], validate="1:1"), waiting


def kinds(records: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Pairs of two persons, by what makes them alike; the last, of two national IDs."""
    born = records["birth_date"].fillna("")
    is_full = born.str.len() == DAY
    is_vague = ~is_full | born.str[-5:].isin(HEAPED)
    home = _pairs(records, "household")
    born_together = home["birth_date_x"].eq(home["birth_date_y"])
    born_together &= home["birth_date_x"].str.len() == DAY
    names = pd.concat([_pairs(records, script, "village") for script in ("khmer", "latin")])
    names = names.drop_duplicates(["id_x", "id_y"])
    vague = set(records.loc[is_vague & (born != ""), "id"])
    of_one_year = names["birth_date_x"].str[:4] == names["birth_date_y"].str[:4]
    inexact = names["id_x"].isin(vague) | names["id_y"].isin(vague)
    numbers = pd.concat([_pairs(records, "person"), _pairs(records, "khmer"),
                         _pairs(records, "latin"), _pairs(records, "person_id")])  # fmt: skip
    numbers = numbers.drop_duplicates(["id_x", "id_y"])
    two = numbers["national_id_x"].notna() & numbers["national_id_y"].notna()
    two &= numbers["national_id_x"] != numbers["national_id_y"]
    return {
        "born on one day in one household": _two(home[born_together]),
        "in one household, given names that alliterate": _two(home[_alliterate(home)]),
        "one name, village and year, the date not exact": _two(names[of_one_year & inexact]),
        "two national IDs": numbers[two],
    }


def _pairs(records: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """All pairs of records that agree on some columns, which both have."""
    known = records.dropna(subset=list(columns))
    both = known.merge(known, on=list(columns), suffixes=("_x", "_y"))
    both = both[both["id_x"] < both["id_y"]].copy()
    for column in columns:
        both[f"{column}_x"] = both[f"{column}_y"] = both[column]
    return both


def _two(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs[pairs["person_x"] != pairs["person_y"]]


def _alliterate(pairs: pd.DataFrame) -> "pd.Series[bool]":
    """Whether the last words of both names begin alike and are not the same."""
    found = pd.Series(data=False, index=pairs.index)
    for script, letters in (("khmer", 1), ("latin", 2)):
        one, other = (pairs[f"{script}_{side}"].str.split().str[-1] for side in "xy")
        found |= (one.str[:letters] == other.str[:letters]) & (one != other) & one.notna()
    return found


def line(kind: str, pairs: pd.DataFrame, waiting: set[tuple[int, int]]) -> tuple[str, int]:
    """A row of the table, and how many pairs are linked without an officer."""
    together = pairs["person_id_x"] == pairs["person_id_y"]
    likely = together & (pairs["is_likely_x"] | pairs["is_likely_y"])
    ends = zip(pairs["id_x"], pairs["id_y"], strict=True)
    waits = np.array([pair in waiting for pair in ends], np.bool_) & ~together
    alone = int((together & ~likely).sum())
    seen = f"{int(likely.sum()):,} | {int(waits.sum()):,}"
    return f"| {kind} | {len(pairs):,} | **{alone:,}** | {seen} |", alone


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--database", default="order_1")
    chosen = parser.parse_args()
    server = EmbeddedServer.at(chosen.folder / "home").start()
    url = make_url(server).set(database=chosen.database).render_as_string(hide_password=False)
    records, waiting = read(url, chosen.samples)
    print("| two persons | pairs | linked without an officer | as likely | waiting |")
    print("| --- | ---: | ---: | ---: | ---: |")
    rows = [line(kind, pairs, waiting) for kind, pairs in kinds(records).items()]
    print("\n".join(row for row, _ in rows))
    if any(alone for _, alone in rows):
        raise SystemExit("Some are linked without an officer.")


if __name__ == "__main__":
    main()
