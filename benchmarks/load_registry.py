"""A registry of so many persons, made by COPY: to be asked, not to be judged for its links.

Everybody has a record in one scheme, every fourth in two. Rows are those that taking and linking
lists would have written, without the lists.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session
from stdnum import verhoeff

from benchmarks.population import Population, names_of, populate
from benchmarks.spellings import latin, spellings
from linkage.text import canonical
from registry.database import copy_rows

SCHEMES = ("idpoor", "hef", "nssf", "cash_transfer", "disability")
CATEGORIES = {"idpoor": "poor_1", "cash_transfer": "pregnant"}
RECORD_COLUMNS = ("id", "scheme", "scheme_record_id")
LINK_COLUMNS = ("record_id", "person_id", "kind", "model")
VERSION_COLUMNS = (
    "record_id", "batch_id", "row", "content_sha256", "as_sent", "warnings", "family_khmer",
    "given_khmer", "family_latin", "given_latin", "sex", "birth_date", "village", "national_id",
    "equity_card", "household", "enrolment_number", "enrolment_household", "enrolment_category",
    "enrolment_valid_from",
)  # fmt: skip
TABLES = ("person", "source_record", "record_version", "link")


@dataclass(frozen=True)
class Asked:
    """Somebody who may be asked about: by number, or by name, birth date, sex and village."""

    sp_id: str
    name: str
    birth_date: str
    sex: str
    village: str


def fill(session: Session, people: int, seed: int = 1) -> list[Asked]:
    """Fill an empty registry; a sample of those who are in it."""
    persons = populate(people, seed)
    world = _World(persons, seed)
    batches = {scheme: _batch(session, scheme) for scheme in SCHEMES}
    copy_rows(session, "person", ("id", "sp_id"), enumerate(world.sp_ids, start=1))
    copy_rows(session, "source_record", RECORD_COLUMNS, world.records())
    copy_rows(session, "record_version", VERSION_COLUMNS, world.versions(batches))
    copy_rows(
        session, "link", LINK_COLUMNS,
        ((record, person + 1, "new", "load") for record, _, person in world.held()),
    )  # fmt: skip
    for table in ("person", "source_record"):
        session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608 - own names
        )
    for table in TABLES:
        session.execute(text(f"ANALYZE {table}"))
    return world.sample(min(20_000, len(persons)))


def _batch(session: Session, scheme: str) -> int:
    number = session.scalar(
        text("INSERT INTO batch (scheme, file_name, sha256, size, status, finished_at)"
             " VALUES (:scheme, 'load', :sha256, 1, 'linked', :now) RETURNING id"),
        {"scheme": scheme, "sha256": secrets.token_hex(32), "now": datetime.now(UTC)},
    )  # fmt: skip
    return int(number or 0)


class _World:
    """The population as records say it; one record a person and scheme."""

    def __init__(self, persons: Population, seed: int) -> None:
        self.persons = persons
        rng = np.random.default_rng(seed + 1)
        family, given = names_of(persons, spellings())
        self.family = [canonical(name) for name in family]
        self.given = [canonical(name) for name in given]
        self.family_latin = [canonical(name) for name in latin(rng, family, noise=0.2)]
        self.given_latin = [canonical(name) for name in latin(rng, given, noise=0.2)]
        self.born = persons.born.astype("datetime64[D]").astype(str).tolist()
        self.sp_ids = [_sp_id(body) for body in _bodies(rng, len(persons))]
        self.first = rng.integers(0, len(SCHEMES), len(persons)).tolist()
        self.has_second = (rng.random(len(persons)) < 0.25).tolist()

    def held(self) -> Iterator[tuple[int, str, int]]:
        """Record id, scheme and person, numbered from zero."""
        record = 0
        for person, first in enumerate(self.first):
            record += 1
            yield record, SCHEMES[first], person
            if self.has_second[person]:
                record += 1
                yield record, SCHEMES[(first + 1) % len(SCHEMES)], person

    def records(self) -> Iterator[tuple[object, ...]]:
        """Rows of `source_record`."""
        return ((record, scheme, f"N{person:08d}") for record, scheme, person in self.held())

    def versions(self, batches: dict[str, int]) -> Iterator[tuple[object, ...]]:
        """Rows of `record_version`."""
        persons = self.persons
        national_ids, homes = persons.national_id.tolist(), persons.household.tolist()
        villages = persons.villages[persons.village[persons.household]].tolist()
        for record, scheme, person in self.held():
            national_id, home = national_ids[person], homes[person]
            card = f"{villages[person]}-{home % 10000:04d}" if scheme == "idpoor" else None
            yield (
                record, batches[scheme], record, f"{record:064x}", "{}", "[]", self.family[person],
                self.given[person], self.family_latin[person], self.given_latin[person],
                self.sex(person), self.born[person], villages[person],
                f"{100_000_000 + national_id}" if national_id >= 0 else None, card, card,
                f"N{person:08d}", card, CATEGORIES.get(scheme), "2020-01-01",
            )  # fmt: skip

    def sex(self, person: int) -> str:
        """The word for a person's sex."""
        return "male" if self.persons.sex[person] == 0 else "female"

    def sample(self, size: int) -> list[Asked]:
        """Some persons, spread over all."""
        persons = self.persons
        villages = persons.villages[persons.village[persons.household]]
        chosen = np.linspace(0, len(persons) - 1, size).astype(int).tolist()
        return [
            Asked(
                self.sp_ids[one], f"{self.family[one]} {self.given[one]}", self.born[one],
                self.sex(one), str(villages[one]),
            )
            for one in chosen
        ]  # fmt: skip


def _bodies(rng: np.random.Generator, size: int) -> list[int]:
    """Different numbers of eleven digits, none beginning with 0."""
    drawn = np.unique(rng.integers(10**10, 10**11, size + size // 100 + 10))
    return [int(body) for body in rng.permutation(drawn)[:size]]


def _sp_id(body: int) -> str:
    return f"{body}{verhoeff.calc_check_digit(str(body))}"
