"""Birth-date agreement, case by case on text."""

from linkage import dates
from linkage.agreement_codes import LEVELS, MISSING

Stated = tuple[str | None, str | None]


def precision_of(value: str) -> int:
    if value.endswith("~"):
        return dates.AGE
    if len(value) == 10:
        heaped = value[5:] in {"01-01", "01-07", "04-13"}
        return dates.HEAPED if heaped else dates.DAY
    return dates.MONTH if len(value) == 7 else dates.YEAR


def span_of(value: str, stated: str | None) -> tuple[float, float]:
    year = int(value[:4])
    kind = precision_of(value)
    if kind == dates.AGE:
        passed = 0.5 if stated is None else (int(stated[5:7]) - 1) / 12 + int(stated[8:10]) / 372
        return year - 1 + passed, year + passed
    if kind in {dates.YEAR, dates.HEAPED}:
        return year, year + 1
    start = year + (int(value[5:7]) - 1) / 12
    if kind == dates.MONTH:
        return start, start + 1 / 12
    return start + int(value[8:]) / 372, start + int(value[8:]) / 372


def day_level(one: str, other: str) -> int:
    a, b = ([int(part) for part in value.split("-")] for value in (one, other))
    apart = abs(a[0] - b[0])
    wrong = [mine != theirs for mine, theirs in zip(a, b, strict=True)]
    x, y = one[:4], other[:4]
    year_slip = apart in {10, 20, 30} or (x[:2] == y[:2] and x[2:] == y[:1:-1])
    swapped = a[1:] == b[:0:-1]
    rules = (
        (dates.SAME, not any(wrong)),
        (dates.SWAPPED, swapped and apart == 0),
        (dates.SWAPPED_NEXT_YEAR, swapped and apart == 1),
        (dates.DAY_SLIP, wrong == [False, False, True] and near_days(a[2], b[2])),
        (dates.ONE_PART, apart == 0 and sum(wrong) == 1),
        (dates.NEXT_YEAR, wrong == [True, False, False] and apart <= 2),
        (dates.YEAR_SLIP, wrong == [True, False, False] and year_slip),
        (dates.TWO_PARTS, apart <= 2 and sum(wrong) == 2),
        (dates.NEAR, apart <= 2),
    )
    return next((level for level, applies in rules if applies), dates.FAR)


def near_days(one: int, other: int) -> bool:
    mine, theirs = f"{one:02}", f"{other:02}"
    slip = mine[0] == theirs[0] or mine[1] == theirs[1] or mine == theirs[::-1]
    return slip or abs(one - other) == 1


def agreement_of(one: Stated, other: Stated, grown: int) -> int:
    (a, stated_a), (b, stated_b) = one, other
    if a is None or b is None:
        return MISSING
    kinds = {precision_of(a), precision_of(b)}
    group = group_of(one, other, grown)
    (low_a, high_a), (low_b, high_b) = span_of(a, stated_a), span_of(b, stated_b)
    gap = max(low_a - high_b, low_b - high_a) - 1e-9
    generation = gap > dates.GENERATION and max(int(a[:4]), int(b[:4])) >= grown
    if kinds == {dates.DAY}:
        level = dates.OTHER_GENERATION if generation else day_level(a, b)
        return (dates.DAYS * dates.GROUPS + group) * LEVELS + level
    kind = dates.YEARS
    if dates.AGE in kinds:
        kind = dates.AGES if kinds == {dates.AGE} else dates.AGE_AND_DATE
    elif dates.MONTH in kinds:
        kind = dates.MONTHS
    level = (
        dates.OTHER_GENERATION if generation else sum(gap > years for years in dates.YEARS_APART)
    )
    return (kind * dates.GROUPS + group) * LEVELS + level


def group_of(one: Stated, other: Stated, grown: int) -> int:
    if all(value is not None and int(value[:4]) >= grown for value, _ in (one, other)):
        return dates.CHILD
    for value, stated in (one, other):
        if value is not None and value.endswith("~") and stated is not None:
            age = int(stated[:4]) - int(value[:4])
            if age >= dates.GROWN and age % 5 == 0:
                return dates.ROUNDED
    return dates.GROWN_UP
