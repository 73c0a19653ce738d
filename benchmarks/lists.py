"""The five lists as clerks write them, from a population."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.population import CHILD, HEAD, SPOUSE, Population, names_of
from benchmarks.spellings import khmer, latin, spellings

Texts = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HEAPED = ("01-01", "01-01", "01-07", "04-13")
RELATIONS = ("មេគ្រួសារ", "ប្តី/ប្រពន្ធ", "កូន", "ចៅ", "ឪពុក/ម្តាយ")
KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


class Clerk:
    """Writes what a list says of chosen persons; one generator, one carelessness."""

    def __init__(self, persons: Population, rng: np.random.Generator, noise: float) -> None:
        self.persons = persons
        self.rng = rng
        self.noise = noise
        self.family, self.given = names_of(persons, spellings())
        self.home = np.where(persons.moved_to >= 0, persons.moved_to, persons.household)
        self.cards = self._cards()

    def _cards(self) -> Texts:
        persons = self.persons
        number = pd.Series(persons.village).groupby(persons.village).cumcount() + 1
        cards = persons.villages[persons.village] + np.char.mod("-%04d", number.to_numpy())
        return np.asarray(cards, dtype=object)

    def some(self, size: int, chance: float) -> Flags:
        """Flags that are true this often, with noise more often."""
        return self.rng.random(size) < chance * self.noise

    def blank(self, values: Texts, chance: float) -> Texts:
        """Leave some cells empty."""
        return np.where(self.some(len(values), chance), "", values)

    def khmer_name(self, who: Ints) -> tuple[Texts, Texts]:
        """Family and given name in Khmer script."""
        return (
            khmer(self.rng, self.family[who], noise=self.noise),
            khmer(self.rng, self.given[who], noise=self.noise),
        )

    def latin_name(self, who: Ints) -> tuple[Texts, Texts]:
        """Family and given name in Latin letters, sometimes in the other order."""
        family = latin(self.rng, self.family[who], noise=self.noise)
        given = latin(self.rng, self.given[who], noise=self.noise)
        turned = self.some(len(who), 0.05)
        return np.where(turned, given, family), np.where(turned, family, given)

    def whole_name(self, who: Ints) -> Texts:
        """The Khmer name in one cell: turned or joined now and then."""
        family, given = self.khmer_name(who)
        turned = self.some(len(who), 0.05)
        first, rest = np.where(turned, given, family), np.where(turned, family, given)
        return np.where(self.some(len(who), 0.1), first + rest, first + " " + rest)

    def sex(self, who: Ints, words: tuple[str, str]) -> Texts:
        """The sex in the list's words, seldom wrong."""
        wrong = self.some(len(who), 0.004)
        sex = self.persons.sex[who]
        return np.array(words, dtype=object)[np.where(wrong, 1 - sex, sex)]

    def dates(self, who: Ints, *, years_only: float) -> Texts:
        """Birth dates in ISO form: exact, slipped, heaped, or only a year."""
        born = self.persons.born[who]
        size = len(who)
        off = self.some(size, 0.02)
        born = born + np.where(off, self.rng.choice([-365, 365, -1, 1, 10, -10], size), 0).astype(
            "timedelta64[D]"
        )
        vague = self.persons.unsure[who] & (self.rng.random(size) < 0.6)
        drift = np.where(vague & self.some(size, 0.35), self.rng.integers(-3, 4, size), 0)
        text = born.astype("datetime64[D]").astype(str).astype(object)
        year = np.char.mod("%d", born.astype("datetime64[Y]").astype(int) + 1970 + drift).astype(
            object
        )
        heaped = year + "-" + self.rng.choice(np.array(HEAPED, dtype=object), size)
        text = np.where(vague | (self.rng.random(size) < 0.06), heaped, text)
        swapped = self.some(size, 0.01)
        text[swapped] = [_turned(one) for one in text[swapped]]
        return self.blank(np.where(self.rng.random(size) < years_only, year, text), 0.008)

    def ages(self, who: Ints, stated: Ints) -> Texts:
        """Ages in full years on a day, misremembered, and by grown people rounded to fives."""
        born = self.persons.born[who].astype("datetime64[D]").astype(int)
        age = np.maximum((stated - born) // 365.25, 0).astype(int)
        grown = age > 15
        age = np.where(
            grown & self.some(len(who), 0.25), age + self.rng.integers(-2, 3, len(who)), age
        )
        rounded = grown & self.some(len(who), 0.2)
        return np.char.mod("%d", np.where(rounded, (age + 2) // 5 * 5, age)).astype(object)

    def village(self, home: Ints) -> Texts:
        """Village codes: the leading zero lost, or only the commune."""
        codes = self.persons.villages[self.persons.village[home]].astype(object)
        codes = np.where(
            self.some(len(home), 0.1), np.array([code[:6] for code in codes], object), codes
        )
        lost = self.some(len(home), 0.3)
        return self.blank(
            np.where(lost, np.array([code.lstrip("0") for code in codes], object), codes), 0.02
        )

    def national_id(self, who: Ints, chance: float) -> Texts:
        """Nine digits, by those who have the number and give it; a child's may be a parent's."""
        number = self.persons.national_id[who]
        text = np.char.zfill((number + 10**8).astype(str), 9).astype(object)
        slip = self.some(len(who), 0.02)
        text[slip] = [one[:4] + one[5] + one[4] + one[6:] for one in text[slip]]
        return np.where((self.rng.random(len(who)) < chance) & (number >= 0), text, "")

    def phone(self, who: Ints, chance: float) -> Texts:
        """A phone of one's own or of the household, or by now another."""
        number = self.persons.phone[who]
        other = self.rng.integers(10**7, 10**8, len(who))
        text = np.char.add("0", np.where(self.some(len(who), 0.25), other, number).astype(str))
        return np.where(self.rng.random(len(who)) < chance, text.astype(object), "")

    def card(self, home: Ints, chance: float) -> Texts:
        """The equity card of a poor household, where it is shown."""
        held = self.persons.poor[home] & (self.rng.random(len(home)) < chance)
        return np.where(held, self.cards[home], "")

    def days(self, size: int) -> Ints:
        """Days of registration, since 1970."""
        start, end = (
            int(np.datetime64(day, "D").astype(int)) for day in ("2022-07-01", "2026-06-30")
        )
        return self.rng.integers(start, end, size)


def _turned(text: str) -> str:
    """Swap day and month where that is a date."""
    year, month, day = text[:4], text[5:7], text[8:10]
    return f"{year}-{day}-{month}" if day and int(day) <= 12 else text


def _iso(days: Ints) -> Texts:
    return days.astype("datetime64[D]").astype(str).astype(object)


def _numbered(pattern: str, size: int) -> Texts:
    return np.array([pattern % (number + 1) for number in range(size)], dtype=object)


Listed = tuple[pd.DataFrame, Ints]


def idpoor(clerk: Clerk) -> Listed:
    """All members of poor households; some who left are on the card of both."""
    persons = clerk.persons
    old = np.flatnonzero(persons.poor[persons.household] & (clerk.rng.random(len(persons)) < 0.96))
    new = np.flatnonzero((persons.moved_to >= 0) & persons.poor[persons.moved_to])
    new = new[clerk.rng.random(len(new)) < 0.5]
    who = np.concatenate([old, new])
    home = np.concatenate([persons.household[old], persons.moved_to[new]])
    order = np.argsort(home, kind="stable")
    who, home = who[order], home[order]
    member = pd.Series(home).groupby(home).cumcount().to_numpy() + 1
    card = clerk.cards[home]
    number = card + np.char.mod("-%02d", member).astype(object)
    date = clerk.dates(who, years_only=0.12)
    khmer_digits = clerk.rng.random(len(who)) < 0.3
    date[khmer_digits] = [one.translate(KHMER_DIGITS) for one in date[khmer_digits]]
    relation = np.where(home == persons.household[who], persons.role[who], SPOUSE)
    return pd.DataFrame(
        {
            "លេខប័ណ្ណសមធម៌": card,
            "លេខសមាជិក": number,
            "កូដភូមិ": clerk.village(home),
            "គោត្តនាម និងនាម": clerk.whole_name(who),
            "ភេទ": clerk.sex(who, ("ប្រុស", "ស្រី")),
            "ថ្ងៃខែឆ្នាំកំណើត": date,
            "ទំនាក់ទំនងជាមួយមេគ្រួសារ": np.array(RELATIONS, dtype=object)[relation],
            "កម្រិតក្រីក្រ": "ក្រ២",
            "លេខអត្តសញ្ញាណប័ណ្ណ": clerk.national_id(who, 0.35),
            "លេខទូរស័ព្ទ": clerk.phone(who, 0.5),
            "ថ្ងៃផុតសុពលភាព": "31/12/2027",
        }
    ), who


def hef(clerk: Clerk) -> Listed:
    """Registrations at facilities, several of one person now and then."""
    persons = clerk.persons
    chance = np.where(persons.poor[clerk.home], 0.42, 0.05)
    people = np.flatnonzero(clerk.rng.random(len(persons)) < chance)
    who = np.repeat(people, np.clip(clerk.rng.geometric(0.8, len(people)), 1, 4))
    home, days = clerk.home[who], clerk.days(len(who))
    days = np.maximum(days, persons.born[who].astype("datetime64[D]").astype(int) + 1)
    by_age = clerk.rng.random(len(who)) < 0.5
    family, given = clerk.latin_name(who)
    half = clerk.some(len(who), 0.02)
    given = np.where(half, np.array([one[len(one) // 2 :] for one in given], object), given)
    village = persons.villages[persons.village[home]]
    away = persons.villages[clerk.rng.integers(0, len(persons.villages), len(who))]
    facility = np.where(clerk.some(len(who), 0.12), away, village)
    return pd.DataFrame(
        {
            "patient_no": _numbered("P%08d", len(who)),
            "last_name": family,
            "first_name": given,
            "name_kh": np.where(clerk.rng.random(len(who)) < 0.4, clerk.whole_name(who), ""),
            "sex": clerk.sex(who, ("M", "F")),
            "dob": np.where(by_age, "", clerk.dates(who, years_only=0.0)),
            "age_years": np.where(by_age, clerk.ages(who, days), ""),
            "village_code": clerk.village(home),
            "equity_card_no": clerk.card(home, 0.6),
            "national_id": clerk.national_id(who, 0.22),
            "phone": clerk.phone(who, 0.6),
            "facility_code": np.array([code[:4] + "02" for code in facility], object),
            "registered_on": _iso(days),
        }
    ), who


def nssf(clerk: Clerk) -> Listed:
    """Memberships of workers; a new employer may have made a second."""
    persons = clerk.persons
    age = (np.datetime64("2026-06-30") - persons.born).astype(int) // 365
    people = np.flatnonzero((age >= 18) & (age < 62) & (clerk.rng.random(len(persons)) < 0.2))
    again = people[clerk.rng.random(len(people)) < 0.025]
    who = clerk.rng.permutation(np.concatenate([people, again]))
    family, given = clerk.latin_name(who)
    family_khmer, given_khmer = clerk.khmer_name(who)
    return pd.DataFrame(
        {
            "Member No": _numbered("%09d", len(who)),
            "Surname": np.char.upper(family.astype(str)),
            "Given Name": np.char.upper(given.astype(str)),
            "នាមត្រកូល": family_khmer,
            "នាមខ្លួន": given_khmer,
            "Gender": clerk.sex(who, ("Male", "Female")),
            "Date of Birth": clerk.dates(who, years_only=0.0),
            "ID Card No": clerk.national_id(who, 0.78),
            "Phone": clerk.phone(who, 0.85),
            "Enterprise No": "E000001",
            "Regime": "worker",
            "Address Code": clerk.village(clerk.home[who]),
            "Start Date": _iso(clerk.days(len(who))),
            "End Date": "",
        }
    ), who


def cash_transfer(clerk: Clerk) -> Listed:
    """Mothers of poor households and their children under two, who point to the mother's case."""
    persons = clerk.persons
    age = (np.datetime64("2026-06-30") - persons.born).astype(int) // 365
    child = np.flatnonzero((age < 3) & (persons.role == CHILD) & persons.poor[persons.household])
    child = child[clerk.rng.random(len(child)) < 0.75]
    mother_of = np.full(len(persons.poor), -1)
    mothers = np.flatnonzero(np.isin(persons.role, (HEAD, SPOUSE)) & (persons.sex == 1))
    mother_of[persons.household[mothers]] = mothers
    mother = np.unique(mother_of[persons.household[child]])
    mother = mother[mother >= 0]
    who = np.concatenate([mother, child])
    number = _numbered("CT%08d", len(who))
    case = np.full(len(persons), -1)
    case[mother] = np.arange(len(mother))
    own = mother_of[persons.household[who]]
    points = (np.arange(len(who)) >= len(mother)) & (own >= 0)
    family, given = clerk.khmer_name(who)
    first, rest = clerk.latin_name(who)
    children = np.arange(len(who)) >= len(mother)
    return pd.DataFrame(
        {
            "លេខករណី": number,
            "ប្រភេទអ្នកទទួលផល": np.where(children, "កុមារ", "ស្ត្រីមានផ្ទៃពោះ"),
            "លេខករណីម្តាយ": np.where(points, number[case[own]], ""),
            "គោត្តនាម": family,
            "នាម": given,
            "ឈ្មោះឡាតាំង": np.where(clerk.rng.random(len(who)) < 0.6, first + " " + rest, ""),
            "ភេទ": clerk.sex(who, ("ប", "ស")),
            "ថ្ងៃខែឆ្នាំកំណើត": clerk.dates(who, years_only=0.02),
            "លេខប័ណ្ណសមធម៌": clerk.card(clerk.home[who], 0.75),
            "លេខអត្តសញ្ញាណប័ណ្ណ": clerk.national_id(who, 0.45),
            "លេខសំបុត្រកំណើត": "",
            "លេខទូរស័ព្ទ": clerk.phone(who, 0.8),
            "កូដភូមិ": clerk.village(clerk.home[who]),
            "ថ្ងៃចុះឈ្មោះ": "28-06-2026",
            "ថ្ងៃបញ្ចប់": "",
        }
    ), who


def disability(clerk: Clerk) -> Listed:
    """People with a disability ID."""
    persons = clerk.persons
    who = np.flatnonzero(clerk.rng.random(len(persons)) < 0.018)
    family, given = clerk.khmer_name(who)
    first, rest = clerk.latin_name(who)
    date = clerk.dates(who, years_only=0.75)
    return pd.DataFrame(
        {
            "DisabilityIDNo": _numbered("0101D%06d", len(who)),
            "FamilyNameKh": family,
            "GivenNameKh": given,
            "NameLatin": np.where(clerk.rng.random(len(who)) < 0.5, first + " " + rest, ""),
            "Sex": clerk.sex(who, ("1", "2")),
            "YearOfBirth": np.array([one[:4] for one in date], object),
            "DateOfBirth": np.array([one if len(one) == 10 else "" for one in date], object),
            "VillageCode": clerk.village(clerk.home[who]),
            "Severity": "mild",
            "NationalID": clerk.national_id(who, 0.4),
            "EquityCard": clerk.card(clerk.home[who], 0.35),
            "Phone": clerk.phone(who, 0.5),
            "IssuedOn": _iso(clerk.days(len(who))),
        }
    ), who


LISTS = {
    "idpoor": (idpoor, "លេខសមាជិក"),
    "hef": (hef, "patient_no"),
    "nssf": (nssf, "Member No"),
    "cash_transfer": (cash_transfer, "លេខករណី"),
    "disability": (disability, "DisabilityIDNo"),
}


def write_lists(
    folder: Path, persons: Population, rng: np.random.Generator, *, noise: float
) -> list[tuple[str, int]]:
    """Write the five lists and the truth; return how many rows each has."""
    clerk = Clerk(persons, rng, noise)
    truth, rows = [], []
    for name, (write, number) in LISTS.items():
        frame, who = write(clerk)
        frame.to_csv(folder / f"{name}.csv", index=False)
        rows.append((name, len(frame)))
        truth.append(
            pd.DataFrame({"scheme": name, "scheme_record_id": frame[number], "person": who})
        )
    pd.concat(truth).to_csv(folder / "truth.csv", index=False)
    return rows
