"""Every figure there is, for a reader."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from registry.errors import NotFound
from registry.indicators import coverage, work
from registry.indicators.figure import Figure
from registry.indicators.population import Population
from registry.indicators.snapshot import Snapshot

Make = Callable[[Snapshot, Population], Figure]
FIGURES: Mapping[str, Make] = MappingProxyType(
    {
        "coverage_by_scheme": coverage.by_scheme,
        "coverage_by_province": coverage.by_province,
        "coverage_by_sex_and_age": lambda snapshot, _: coverage.by_sex_and_age(snapshot),
        "overlap": lambda snapshot, _: coverage.overlap(snapshot),
        "combinations": lambda snapshot, _: coverage.combinations(snapshot),
        "links": lambda snapshot, _: work.links(snapshot),
        "over_time": lambda snapshot, _: work.over_time(snapshot),
        "lists": lambda snapshot, _: work.lists(snapshot),
        "list_quality": lambda snapshot, _: work.list_quality(snapshot),
        "backlog": lambda snapshot, _: work.backlog(snapshot),
        "findings": lambda snapshot, _: work.findings(snapshot),
        "referrals": lambda snapshot, _: work.referrals(snapshot),
    }
)


def figure(
    code: str, snapshot: Snapshot, population: Population, *, sees_small_counts: bool
) -> Figure:
    """One figure.

    Args:
        code: its stable name.
        snapshot: what was counted.
        population: what shares are shares of.
        sees_small_counts: whether the reader is one of the registry's officers.

    Raises:
        NotFound: there is no figure of that name.
    """
    if code not in FIGURES:
        raise NotFound(f"There is no figure {code}; there are {', '.join(FIGURES)}.")
    made = FIGURES[code](snapshot, population)
    return made if sees_small_counts else made.for_the_public()
