"""Made-up persons for tests of the engine."""

import random

from linkage.blocking import Key, Rule
from linkage.comparison import Comparison, damerau, exact, jaro_winkler, levenshtein, same_form
from linkage.model import Model
from linkage.records import Records

GIVEN = ("sokha", "sokhom", "dara", "bopha", "chan", "chann", "vanna", "vannak", "rith", "srey")
FAMILY = ("chea", "sok", "keo", "kim", "heng", "ly", "nhem", "prak")

MODEL = Model(
    comparisons=(
        Comparison("given", (exact(frequency=1), jaro_winkler(0.9, frequency=0.5))),
        Comparison("family", (exact(frequency=1), levenshtein(1))),
        Comparison("birth", (exact(), damerau(1), same_form("first 2"))),
        Comparison("village", (exact(), same_form("first 2"))),
    ),
    rules=(
        Rule((Key("birth"),)),
        Rule((Key("given"), Key("family"))),
        Rule((Key("village"), Key("family", "first 2"))),
    ),
    review=0.0,
    link=5.0,
)


def slip(rng: random.Random, value: str) -> str:
    at = rng.randrange(len(value))
    return value[:at] + rng.choice("0123456789" if value.isdigit() else "aeikl") + value[at + 1 :]


def persons(count: int, seed: int, *, missing: float = 0.05) -> tuple[Records, list[int]]:
    """About half of the persons twice, with slips and gaps: the records, and who each is."""
    rng = random.Random(seed)
    rows: list[list[str | None]] = []
    truth: list[int] = []
    for person in range(count):
        born = f"{rng.randrange(1950, 2010)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
        row = [rng.choice(GIVEN), rng.choice(FAMILY), born, f"{rng.randrange(10**6):06}"]
        for _ in range(1 + (rng.random() < 0.5)):
            noisy = [slip(rng, value) if rng.random() < 0.1 else value for value in row]
            rows.append([None if rng.random() < missing else value for value in noisy])
            truth.append(person)
    columns = dict(
        zip(("given", "family", "birth", "village"), zip(*rows, strict=True), strict=True)
    )
    return Records.of([f"r{n}" for n in range(len(rows))], columns), truth
