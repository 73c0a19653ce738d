"""Write a seeded list of people who appear more than once: households, namesakes, slips, moves.

    python benchmarks/people.py RECORDS FILE.parquet [--seed N]

The columns are `unique_id`, `person` (the truth), `given_name`, `surname`, `birth_date`,
`village`, `phone`, `sex`. About 35 of 100 records are second or later records of a person.
"""

import argparse

import numpy as np
import numpy.typing as npt
import pandas as pd

FIELDS = ("given_name", "surname", "birth_date", "village", "phone", "sex")
HOUSEHOLD = 4
LETTERS = np.array(list("abcdefghiklmnoprstuvy"))

Texts = npt.NDArray[np.object_]


def names(count: int, rng: np.random.Generator) -> Texts:
    """Make up distinct names of two to four syllables."""
    starts = ["b", "ch", "d", "h", "k", "kh", "l", "m", "n", "p", "ph", "r", "s", "sr", "t", "v"]
    vowels = ["a", "e", "i", "o", "u", "ea", "ou", "eu", "oa"]
    ends = ["", "", "n", "ng", "k", "th", "r", "l", "m", "y"]
    made: dict[str, None] = {}
    while len(made) < count:
        parts = [rng.choice(starts) + rng.choice(vowels) + rng.choice(ends)
                 for _ in range(rng.integers(2, 5))]  # fmt: skip
        made["".join(parts)] = None
    return np.array(list(made), dtype=object)


def drawn(pool: Texts, size: int, rng: np.random.Generator) -> Texts:
    """Draw names, few of them common and many rare (Zipf)."""
    share = 1 / np.arange(3, len(pool) + 3) ** 0.85
    return pool[rng.choice(len(pool), size, p=share / share.sum())]


def digits(values: npt.NDArray[np.int64], width: int) -> Texts:
    """Write numbers with leading zeros."""
    return np.array([f"{value:0{width}}" for value in values.tolist()], dtype=object)


def population(size: int, rng: np.random.Generator) -> dict[str, Texts]:
    """Persons, in households that share surname and village."""
    household = np.arange(size) // HOUSEHOLD
    homes = int(household[-1]) + 1
    days = rng.integers(0, 80 * 365, size)
    births = np.datetime64("1940-01-01") + days.astype("timedelta64[D]")
    villages = digits(rng.choice(25_000_000, 14_000, replace=False), 8)
    return {
        "given_name": drawn(names(6000, rng), size, rng),
        "surname": drawn(names(4000, rng), homes, rng)[household],
        "birth_date": np.char.replace(births.astype("U10"), "-", "").astype(object),
        "village": villages[rng.integers(0, len(villages), homes)][household],
        "phone": digits(rng.integers(0, 10**8, size), 9),
        "sex": np.array(["f", "m"], dtype=object)[rng.integers(0, 2, size)],
    }


def slipped(value: str, rng: np.random.Generator) -> str:
    """Change, drop, double or swap a character."""
    at = int(rng.integers(0, len(value)))
    kind = rng.integers(0, 4)
    if kind == 0 or len(value) < 2:
        new = str(rng.integers(0, 10)) if value.isdigit() else str(rng.choice(LETTERS))
        return value[:at] + new + value[at + 1 :]
    if kind == 1:
        return value[:at] + value[at + 1 :]
    if kind == 2:
        return value[:at] + value[at] + value[at:]
    at = min(at, len(value) - 2)
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]


def people(size: int, seed: int) -> pd.DataFrame:
    """Make the list, in random order."""
    rng = np.random.default_rng(seed)
    persons = max(1, int(size * 0.65))
    again = rng.integers(0, persons, size - persons)
    who = rng.permutation(np.concatenate([np.arange(persons), again]))
    frame: dict[str, object] = {"unique_id": digits(np.arange(size), 8), "person": who}
    for field, values in population(persons, rng).items():
        said = values[who]
        if field == "village":
            moved = np.flatnonzero(rng.random(size) < 0.1)
            said[moved] = values[rng.integers(0, persons, moved.size)]
        if field != "sex":
            wrong = np.flatnonzero(rng.random(size) < 0.08)
            said[wrong] = [slipped(value, rng) for value in said[wrong]]
        said[rng.random(size) < (0.25 if field == "phone" else 0.03)] = None
        frame[field] = said
    return pd.DataFrame(frame)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    people(asked.records, asked.seed).to_parquet(asked.file, index=False)
