"""Figures of coverage and of overlap: sums over the cells of a snapshot."""

from collections.abc import Iterable
from itertools import product

from registry.indicators.ages import AgeGroup
from registry.indicators.cells import Cell, total
from registry.indicators.figure import Figure, Value, Words, lines
from registry.indicators.population import Group, Population
from registry.indicators.snapshot import Snapshot

ANY = "any"
UNKNOWN = "unknown"
SEXES = ("female", "male", UNKNOWN)
AGES = (*(group.value for group in AgeGroup), UNKNOWN)
_COVERED = Words(
    "A person is covered by a scheme when one of their enrolments in it is active on the day of "
    "the count. A person counts once, under the best values that the lists state.",
    "បុគ្គលម្នាក់ចាត់ទុកថាទទួលបានការគាំពារពីកម្មវិធីមួយ នៅពេលការចុះឈ្មោះណាមួយរបស់គាត់ក្នុងកម្មវិធីនោះ"
    "នៅមានសុពលភាពនៅថ្ងៃរាប់។ បុគ្គលម្នាក់រាប់តែម្តង តាមព័ត៌មានល្អបំផុតក្នុងបញ្ជី។",
)


def schemes_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Every scheme that covers anybody or has sent a list, in the order of codes."""
    covering = {scheme for cell in snapshot.persons for scheme in cell.schemes}
    return tuple(sorted(covering | set(snapshot.holdings.records)))


def by_scheme(snapshot: Snapshot, population: Population) -> Figure:
    """Persons and households that any scheme covers, and each."""
    households = dict.fromkeys(schemes_of(snapshot), 0)
    for cell in snapshot.households:
        households[cell.scheme] = households.get(cell.scheme, 0) + cell.households

    def values(scheme: str) -> tuple[Value, ...]:
        persons = _covered(snapshot.persons, scheme)
        return persons, households.get(scheme), population.share(persons, Group())

    return Figure(
        code="coverage_by_scheme",
        title=Words("Coverage by scheme", "ការគាំពារតាមកម្មវិធី"),
        definition=_COVERED,
        about=("scheme",),
        columns=("persons", "households", "share_of_population"),
        lines=lines(((scheme,), values(scheme)) for scheme in (ANY, *schemes_of(snapshot))),
        counts=frozenset({"persons", "households"}),
        shares=(("share_of_population", "persons"),),
    )


def by_province(snapshot: Snapshot, population: Population) -> Figure:
    """Persons that any scheme covers, and each, by the province they live in."""
    schemes = (ANY, *schemes_of(snapshot))
    provinces = sorted({cell.province or UNKNOWN for cell in snapshot.persons})

    def values(province: str) -> list[Value]:
        here = [cell for cell in snapshot.persons if (cell.province or UNKNOWN) == province]
        counts = [_covered(here, scheme) for scheme in schemes]
        return [*counts, population.share(counts[0], Group(province=province))]

    return Figure(
        code="coverage_by_province",
        title=Words("Coverage by province", "ការគាំពារតាមខេត្ត"),
        definition=_COVERED,
        about=("province",),
        columns=(*schemes, "share_of_population"),
        lines=lines(((province,), values(province)) for province in provinces),
        counts=frozenset(schemes),
        shares=(("share_of_population", ANY),),
    )


def by_sex_and_age(snapshot: Snapshot) -> Figure:
    """Persons that any scheme covers, and each, by sex and age group."""

    def values(scheme: str, age: str) -> list[Value]:
        of_age = [cell for cell in snapshot.persons if (cell.age or UNKNOWN) == age]
        return [
            _covered([cell for cell in of_age if (cell.sex or UNKNOWN) == sex], scheme)
            for sex in SEXES
        ]

    groups = product((ANY, *schemes_of(snapshot)), AGES)
    return Figure(
        code="coverage_by_sex_and_age",
        title=Words("Coverage by sex and age", "ការគាំពារតាមភេទ និងអាយុ"),
        definition=_COVERED,
        about=("scheme", "age"),
        columns=SEXES,
        lines=lines(((scheme, age), values(scheme, age)) for scheme, age in groups),
        counts=frozenset(SEXES),
    )


def overlap(snapshot: Snapshot) -> Figure:
    """Persons whom two schemes cover both; on the diagonal, whom one covers."""
    schemes = schemes_of(snapshot)

    def both(one: str, other: str) -> int:
        return total(snapshot.persons, lambda cell: {one, other} <= set(cell.schemes))

    return Figure(
        code="overlap",
        title=Words("Overlap of schemes", "ភាពត្រួតស៊ីគ្នានៃកម្មវិធី"),
        definition=Words(
            "Persons whom both schemes cover on the day of the count.",
            "បុគ្គលដែលកម្មវិធីទាំងពីរគាំពារនៅថ្ងៃរាប់។",
        ),
        about=("scheme",),
        columns=schemes,
        lines=lines(((one,), [both(one, other) for other in schemes]) for one in schemes),
        counts=frozenset(schemes),
    )


def combinations(snapshot: Snapshot) -> Figure:
    """Persons by exactly the schemes that cover them, the most frequent first."""
    counts: dict[tuple[str, ...], int] = {}
    for cell in snapshot.persons:
        if cell.schemes:
            counts[cell.schemes] = counts.get(cell.schemes, 0) + cell.persons
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Figure(
        code="combinations",
        title=Words("Combinations of schemes", "បន្សំនៃកម្មវិធី"),
        definition=Words(
            "Persons by the schemes that cover them on the day of the count, and no others.",
            "បុគ្គលតាមបណ្តុំកម្មវិធីដែលគាំពារគាត់នៅថ្ងៃរាប់ ដោយគ្មានកម្មវិធីផ្សេងទៀត។",
        ),
        about=("schemes",),
        columns=("persons",),
        lines=lines((("+".join(schemes),), (count,)) for schemes, count in ordered),
        counts=frozenset({"persons"}),
    )


def _covered(cells: Iterable[Cell], scheme: str) -> int:
    if scheme == ANY:
        return total(cells, lambda cell: bool(cell.schemes))
    return total(cells, lambda cell: scheme in cell.schemes)
