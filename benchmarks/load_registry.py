"""A registry of so many persons, made by COPY: to be asked, not to be judged for its links.

Everybody has a record in one scheme, every fourth in two. Rows are those that taking and linking
lists would have written, without the lists; keys are made as linking makes them, everybody is
looked at for findings, and the shipped model is chosen, so that a list taken later is linked, and
looked at, as what changed.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from stdnum import verhoeff

from benchmarks.population import Population, names_of, populate
from benchmarks.spellings import latin, spellings
from linkage.text import canonical
from registry import key_holder
from registry.database import copy_rows
from registry.matching import current_people, known_words, linking, models, record_keys
from registry.matching.models import StoredModel
from registry.matching.touched import keyed_in_parts
from registry.people import engines
from registry.reviewing import findings
from registry.sealer import Sealer

SCHEMES = ("idpoor", "hef", "nssf", "cash_transfer", "disability")
CATEGORIES = {"idpoor": "poor_1", "cash_transfer": "pregnant"}
RECORD_COLUMNS = ("id", "scheme", "scheme_record_id")
LINK_COLUMNS = ("record_id", "person_id", "kind", "model")
ENGINE_COLUMNS = ("record_id", "person_id", "after_decision", "linked_at")
VERSION_COLUMNS = (
    "record_id", "batch_id", "row", "content_digest", "as_sent", "family_khmer",
    "given_khmer", "family_latin", "given_latin", "sex", "birth_date", "village", "national_id",
    "equity_card", "household", "enrolment_number", "enrolment_household", "enrolment_category",
    "enrolment_valid_from",
)  # fmt: skip
SAMPLE = 20_000
_SAMPLE = """
SELECT p.sp_id, concat_ws(' ', v.family_khmer, v.given_khmer), v.birth_date, v.sex, v.village
FROM person p JOIN link l ON l.person_id = p.id JOIN record_version v ON v.record_id = l.record_id
WHERE p.id % greatest(1, (SELECT count(*) FROM person) / :size) = 0
AND l.superseded_at IS NULL AND v.superseded_at IS NULL AND v.family_khmer IS NOT NULL
AND v.village ~ '^[0-9]{8}$' ORDER BY p.id
"""


@dataclass(frozen=True)
class Asked:
    """Somebody who may be asked about: by number, or by name, birth date, sex and village."""

    sp_id: str
    name: str
    birth_date: str
    sex: str
    village: str


def fill(session: Session, people: int, seed: int = 1) -> None:
    """Fill an empty registry."""
    now = datetime.now(UTC)
    world = _World(populate(people, seed), seed, key_holder.of(session).sealing())
    batches = {scheme: _batch(session, scheme) for scheme in SCHEMES}
    chosen = models.shipped(session)
    models.choose(session, chosen, now)
    copy_rows(session, "person", ("id", "sp_id"), enumerate(world.sp_ids, start=1))
    copy_rows(session, "source_record", RECORD_COLUMNS, world.records())
    copy_rows(session, "record_version", VERSION_COLUMNS, world.versions(batches))
    copy_rows(
        session, "link", LINK_COLUMNS,
        ((record, person + 1, "new", chosen.version) for record, _, person in world.held()),
    )  # fmt: skip
    copy_rows(
        session, "engine_link", ENGINE_COLUMNS,
        ((record, person + 1, 0, now.isoformat()) for record, _, person in world.held()),
    )  # fmt: skip
    for table in ("person", "source_record"):
        session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608 - own names
        )
    _key(session, chosen, now)
    findings.settle(session, now)


def settle(engine: Engine) -> None:
    """Tidy a filled registry as the database does by itself after a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def sample(session: Session) -> list[Asked]:
    """Some persons of a filled registry, spread over all."""
    return [Asked(*row) for row in session.execute(text(_SAMPLE), {"size": SAMPLE})]


def _key(session: Session, chosen: StoredModel, now: datetime) -> None:
    """Keep the keys of all records, and the engine that they are linked with."""
    model = models.trained(chosen.body)
    blocked = current_people.blocked(session, model.background)
    current, common = blocked.current, blocked.index.common
    known_words.keep(session, current.people)
    record_keys.replace_all(session, keyed_in_parts(current, common.keys), common)
    engine = linking.engine_of(chosen.version, model, current.ids.size)
    engines.use(session, engine, now)


def _batch(session: Session, scheme: str) -> int:
    number = session.scalar(
        text("INSERT INTO batch (scheme, file_name, sha256, size, status, finished_at)"
             " VALUES (:scheme, 'load', :sha256, 1, 'linked', :now) RETURNING id"),
        {"scheme": scheme, "sha256": secrets.token_bytes(32), "now": datetime.now(UTC)},
    )  # fmt: skip
    return int(number or 0)


class _World:
    """The population as records say it; one record a person and scheme."""

    def __init__(self, persons: Population, seed: int, sealer: Sealer) -> None:
        self.sealer = sealer
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
        sealed = rf"\x{self.sealer.seal(b'{}', 'as_sent').hex()}"
        for record, scheme, person in self.held():
            national_id, home = national_ids[person], homes[person]
            card = f"{villages[person]}-{home % 10000:04d}" if scheme == "idpoor" else None
            yield (
                record, batches[scheme], record, rf"\x{record:032x}", sealed, self.family[person],
                self.given[person], self.family_latin[person], self.given_latin[person],
                self.sex(person), self.born[person], villages[person],
                self.sealed(100_000_000 + national_id) if national_id >= 0 else None, card, card,
                f"N{person:08d}", card, CATEGORIES.get(scheme), "2020-01-01",
            )  # fmt: skip

    def sealed(self, national_id: int) -> str:
        """A national ID as it is stored."""
        return rf"\x{self.sealer.seal_number(str(national_id), 'national_id').hex()}"

    def sex(self, person: int) -> str:
        """The word for a person's sex."""
        return "male" if self.persons.sex[person] == 0 else "female"


def _bodies(rng: np.random.Generator, size: int) -> list[int]:
    """Different numbers of eleven digits, none beginning with 0."""
    drawn = np.unique(rng.integers(10**10, 10**11, size + size // 100 + 10))
    return [int(body) for body in rng.permutation(drawn)[:size]]


def _sp_id(body: int) -> str:
    return f"{body}{verhoeff.calc_check_digit(str(body))}"
